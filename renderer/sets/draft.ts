/** An image set as it is typed, and its conversion to a definition and back. */
import type { RequestInput } from '../../core/contract/request.ts'
import { DEFAULT_STYLE, type MapName, type Sameness } from '../../core/contract/vocabulary.ts'
import type { Format } from '../../core/image/encode.ts'
import type { CardOptions } from '../../core/output/card-layout.ts'
import type { SetDefinition, SetInput } from '../../core/sets/definition.ts'
import type { SetWord } from '../../core/sets/set-word.ts'

export interface AxisDraft {
  /** "" where there is none. */
  field: string
  /** "0.2, 0.6 = medium, 1" */
  values: string
}

export interface SetDraft {
  name: string
  /** The word list as text. */
  words: string
  /** Empty: the desk's. */
  styles: string[]
  seeding: 'count' | 'list'
  count: number
  firstSeed: number
  /** "1, 2, 5-8" */
  seeds: string
  /** "512 x 512, 768 x 512"; empty: the desk's. */
  sizes: string
  formats: Format[]
  transparent: boolean
  strip: boolean
  maps: MapName[]
  files: string
  keep: 'all' | 'best' | 'legible'
  best: number
  target: number
  tries: number
  x: AxisDraft
  y: AxisDraft
  variants: { name: string; request: RequestInput }[]
  sheet: boolean
  zip: boolean
  deck: boolean
  cards: boolean
  /** How cards are printed, in an opened set; null: as usual. */
  cardOptions: Partial<CardOptions> | null
  /** The shared request of an opened set; null: the desk's at the time of starting. */
  request: RequestInput | null
  /** "": a folder in the data folder. */
  folder: string
  /** Whatever lies in the folder may go. */
  overwrite: boolean
  /** "": painted here. */
  farm: '' | Sameness
}

export const FIRST_SET: SetDraft = {
  name: 'set',
  words: '',
  styles: [],
  seeding: 'count',
  count: 1,
  firstSeed: 1,
  seeds: '',
  sizes: '',
  formats: ['png'],
  transparent: false,
  strip: false,
  maps: [],
  files: '{index:3}-{word}-{style}-{seed}',
  keep: 'all',
  best: 3,
  target: 0.6,
  tries: 4,
  x: { field: '', values: '' },
  y: { field: '', values: '' },
  variants: [],
  sheet: true,
  zip: false,
  deck: false,
  cards: false,
  cardOptions: null,
  request: null,
  folder: '',
  overwrite: false,
  farm: '',
}

/** A parsed one-line list: its values, and the first part that could not be parsed. */
export interface Parsed<T> {
  values: T[]
  wrong: string | null
}

function parseList<T>(text: string, read: (part: string) => T[] | null): Parsed<T> {
  const parts = text
    .split(/[,;，；\n]+/)
    .map(part => part.trim())
    .filter(Boolean)
  const values = parts.map(read)
  return { values: values.flatMap(value => value ?? []), wrong: parts[values.indexOf(null)] ?? null }
}

/** Most seeds of one range: a mistyped digit must not hang the page. */
const MOST_SEEDS = 10_000

/** "1, 2, 5-8" */
export const parseSeeds = (text: string): Parsed<number> =>
  parseList(text, part => {
    const [, from, to = from] = /^(\d{1,15})(?:\s*[-–]\s*(\d{1,15}))?$/.exec(part) ?? []
    const count = Number(to) - Number(from) + 1
    if (from === undefined || count < 1 || count > MOST_SEEDS) return null
    return Array.from({ length: count }, (_, at) => Number(from) + at)
  })

/** "512 x 512, 768×512" */
export const parseSizes = (text: string): Parsed<[number, number]> =>
  parseList(text, part => {
    const [, width, height] = /^(\d{1,5})\s*[x×х*]\s*(\d{1,5})$/i.exec(part) ?? []
    return width && height ? [[Number(width), Number(height)]] : null
  })

/**
 * "0.2, 0.6 = medium, euler, true": values (numbers and booleans where they look like it) with their labels. Between
 * semicolons a comma is a decimal one: "0,2; 0,6".
 */
export const parseValues = (text: string): Parsed<{ value: number | boolean | string; label: string }> =>
  parseList(/[;；]/.test(text) ? text.replace(/(?<=\d),(?=\d)/g, '.') : text, part => {
    const [, raw = '', label] = /^([^=]*)(?:=(.*))?$/.exec(part) ?? []
    const value = raw.trim()
    if (!value) return null
    const read =
      value === 'true' || value === 'false' ? value === 'true' : Number.isNaN(Number(value)) ? value : Number(value)
    return [{ value: read, label: label?.trim() || value }]
  })

function axisOf({ field, values }: AxisDraft) {
  const parsed = parseValues(values).values
  if (!field.trim() || parsed.length === 0) return null
  const named = parsed.some(({ value, label }) => String(value) !== label)
  return {
    field: field.trim(),
    values: parsed.map(({ value }) => value),
    ...(named && { labels: parsed.map(({ label }) => label) }),
  }
}

/** The fields that all pictures of a set share: the desk's without word, style, seed and count, which the set defines. */
export function sharedOf({ word: _w, translation: _t, style: _s, seed: _n, count: _c, ...rest }: RequestInput) {
  return rest
}

/** @param desk the request that the desk would send now */
export function definitionOf(draft: SetDraft, words: readonly SetWord[], desk: RequestInput): SetInput {
  const { name, transparent, strip, formats, maps, files, sheet, zip, variants, keep } = draft
  const x = axisOf(draft.x)
  const y = axisOf(draft.y)
  const [across, down] = x ? [x, y] : [y, null]
  const byList = draft.seeding === 'list' && parseSeeds(draft.seeds).values.length > 0
  const shared = draft.request ?? sharedOf(desk)
  return {
    name: name.trim() || 'set',
    words: [...words],
    styles: draft.styles.length > 0 ? draft.styles : [desk.style ?? DEFAULT_STYLE],
    ...(byList ? { seeds: parseSeeds(draft.seeds).values } : { count: draft.count }),
    sizes: parseSizes(draft.sizes).values,
    variants,
    matrix: across && { x: across, ...(down && { y: down }) },
    request: byList ? shared : { ...shared, seed: draft.firstSeed },
    maps,
    formats,
    transparent,
    strip,
    files,
    sheet,
    zip,
    ...(draft.deck && { deck: true }),
    ...(draft.cards && { cards: draft.cardOptions ?? {} }),
    keep:
      keep === 'best'
        ? { best: draft.best }
        : keep === 'legible'
          ? { legible: { target: draft.target, tries: draft.tries } }
          : {},
  }
}

/** The inverse of definitionOf(), for a set that is opened. */
export function draftOf(definition: SetDefinition, words: string, folder: string): SetDraft {
  const { name, styles, seeds, count, sizes, variants, matrix, request, keep } = definition
  const { formats, transparent, strip, maps, files, sheet, zip } = definition
  const axis = (from: { field: string; values: unknown[]; labels?: string[] | undefined } | undefined): AxisDraft => ({
    field: from?.field ?? '',
    values: (from?.values ?? [])
      .map((value, at) => {
        const text = typeof value === 'string' ? value : JSON.stringify(value)
        const label = from?.labels?.[at]
        return label === undefined || label === text ? text : `${text} = ${label}`
      })
      .join(', '),
  })
  return {
    ...FIRST_SET,
    name,
    words,
    variants,
    formats,
    transparent,
    strip,
    maps,
    files,
    sheet,
    zip,
    deck: definition.deck ?? false,
    cards: definition.cards !== undefined,
    cardOptions: definition.cards ?? null,
    folder,
    styles: styles.length > 0 ? styles : request.style ? [request.style] : [],
    seeding: seeds.length > 0 ? 'list' : 'count',
    seeds: seeds.join(', '),
    count,
    firstSeed: request.seed ?? 1,
    sizes: sizes.map(([width, height]) => `${width} × ${height}`).join(', '),
    keep: keep.best ? 'best' : keep.legible ? 'legible' : 'all',
    best: keep.best ?? FIRST_SET.best,
    target: keep.legible?.target ?? FIRST_SET.target,
    tries: keep.legible?.tries ?? FIRST_SET.tries,
    x: axis(matrix?.x),
    y: axis(matrix?.y),
    request: sharedOf(request),
  }
}
