/** A set spelled out: every picture with its request and the names of its files. */

import { yieldEvery } from '../channel/yield.ts'
import { type Request, type RequestInput, requestInputSchema } from '../contract/request.ts'
import { MAPS, type MapName } from '../contract/vocabulary.ts'
import { fault, phrase, reportOf } from '../faults/fault.ts'
import { phraseOfIssue } from '../faults/issue.ts'
import type { ErrorReport, Phrase } from '../faults/studio-error.ts'
import { sha256 } from '../files/hashes.ts'
import { NameBook, nameKey } from '../files/safe-name.ts'
import { VERSION } from '../files/version.ts'
import { ENDINGS, type Format } from '../image/encode.ts'
import type { PictureMaker } from '../library/maker.ts'
import { joinedReading, readingOf } from '../prompt/reading.ts'
import { type Axis, MAX_PICTURES, type SetDefinition } from './definition.ts'
import { fileName, type TemplateValues } from './template.ts'

export interface PlannedFile {
  /** Below the set's folder, with "/". */
  name: string
  kind: 'picture' | MapName
  format: Format
}

export interface PlannedPicture {
  /** From 1. */
  index: number
  /** Which of the definition's words it shows, from 0. */
  entry: number
  /** Changes when anything changes that decides the files' content or names. */
  key: string
  input: RequestInput
  word: string
  translation: string | null
  pinyin: string | null
  variant: string | null
  /** Place in the matrix, from 0. */
  x: number | null
  y: number | null
  /** Which grid it belongs to: pictures that differ in nothing but x and y. */
  group: number
  /** What the file's name says; completed where the maker could. */
  about: { style: string; seed: number; width: number | null; height: number | null; steps: number | null }
  files: PlannedFile[]
}

export interface Plan {
  pictures: PlannedPicture[]
  /** Names that had to be changed, one sentence each. */
  notes: Phrase[]
  /** Why pictures will fail, each reason once; only where the maker could complete them. */
  problems: (ErrorReport & { pictures: number })[]
}

export interface PlanOptions {
  /** Folder that the set's paths are relative to. */
  base: string
  /** Fills in what the definition leaves open; without it names lack sizes and the like. */
  complete?: PictureMaker['complete']
  /** Files in the target folder that are not this set's: never overwritten. */
  foreign?: readonly string[]
  signal?: AbortSignal
}

/** @throws StudioError 'bad-request': too many pictures, a matrix over a field that does not exist */
export async function planSet(definition: SetDefinition, options: PlanOptions): Promise<Plan> {
  const { base, complete, foreign = [], signal } = options
  const readings = await readingsOf(definition, signal)
  const drafts = expand(definition, readings)
  const book = new NameBook()
  for (const name of foreign) book.take(withoutEnding(name))
  const reserved = new Set(foreign.map(name => nameKey(withoutEnding(name))))
  const notes: Phrase[] = []
  const problems = new Map<string, ErrorReport & { pictures: number }>()
  const completeOnce = complete && completer(complete, base)
  const pictures: PlannedPicture[] = []
  for (const draft of drafts) {
    await yieldEvery(draft.index - 1, signal)
    const answer = await completeOnce?.(draft.input)
    const completed = answer && 'request' in answer ? answer.request : null
    if (answer && 'problem' in answer) {
      const { message } = answer.problem
      problems.set(message, { ...answer.problem, pictures: (problems.get(message)?.pictures ?? 0) + 1 })
    }
    const about = aboutOf(draft.input, completed)
    const values = {
      ...draft,
      ...about,
      ...settingsOf(draft.input, completed),
      ...axisLabels(definition, draft),
      set: definition.name,
    }
    const files = nameFiles(definition, values, book, notes, reserved)
    const key = sha256(
      canonical([
        VERSION,
        completed ?? draft.input,
        definition.formats,
        definition.maps,
        definition.transparent,
        definition.strip,
        definition.keep,
        files,
      ]),
    )
    pictures.push({ ...draft, about, files, key })
  }
  return { pictures, notes, problems: [...problems.values()] }
}

type Answer = { request: Request } | { problem: ErrorReport }

/**
 * Completes requests, each kind once: no default depends on which word, meaning or seed it is, and completing reads the
 * style and the model from disk, which 20,000 words would wait for.
 */
function completer(complete: PictureMaker['complete'], base: string): (input: RequestInput) => Promise<Answer> {
  const kinds = new Map<string, Promise<Answer>>()
  return async input => {
    const { word, translation = null, seed = 1, ...rest } = input
    const kind = JSON.stringify(rest)
    const known = kinds.get(kind)
    const answer =
      known ??
      complete(input, base).then(
        (request): Answer => ({ request }),
        (error: unknown): Answer => ({ problem: reportOf(error, 'unexpectedInPicture') }),
      )
    if (!known) kinds.set(kind, answer)
    const found = await answer
    return 'request' in found ? { request: { ...found.request, word: word ?? null, translation, seed } } : found
  }
}

/** Names of the set's own pictures in its folder's root: sheets.ts. */
const OWN = /^(contact-sheet|grid)(-\d+)?$/i

type Draft = Omit<PlannedPicture, 'key' | 'about' | 'files'>

/** A look-up takes a tenth of a millisecond, in a sentence more. */
const LOOKUPS_AT_ONCE = 20

/** Readings of the words whose list gives none. */
async function readingsOf({ words }: SetDefinition, signal?: AbortSignal): Promise<Map<string, string | null>> {
  const readings = new Map<string, string | null>()
  for (const [at, entry] of words.entries()) {
    await yieldEvery(at, signal, LOOKUPS_AT_ONCE)
    const { word, pinyin }: { word: string; pinyin?: string | undefined } = entry
    if (pinyin !== undefined || readings.has(word)) continue
    const reading = await readingOf(word)
    readings.set(word, reading && joinedReading(reading))
  }
  return readings
}

function expand(definition: SetDefinition, readings: ReadonlyMap<string, string | null>): Draft[] {
  const { words, styles, seeds, count, sizes, variants, matrix, request } = definition
  const firstSeed = request.seed ?? 1
  const allSeeds = seeds.length ? seeds : Array.from({ length: count }, (_, i) => firstSeed + i)
  const allSizes: ({ width: number; height: number } | object)[] = sizes.length
    ? sizes.map(([width, height]) => ({ width, height }))
    : [{}]
  const allVariants = variants.length ? variants : [null]
  const xs = matrix ? matrix.x.values.keys().toArray() : [null]
  const ys = matrix?.y ? matrix.y.values.keys().toArray() : [null]
  const total =
    words.length *
    Math.max(1, styles.length) *
    allSeeds.length *
    allSizes.length *
    allVariants.length *
    xs.length *
    ys.length
  if (total > MAX_PICTURES) throw fault('setTooLarge', { total, most: MAX_PICTURES })
  const drafts: Draft[] = []
  let group = 0
  for (const [at, entry] of words.entries()) {
    const word: {
      word: string
      translation?: string | null | undefined
      pinyin?: string | undefined
      style?: string | undefined
      seed?: number | undefined
    } = entry
    const itsStyles = word.style ? [word.style] : styles.length ? styles : [request.style]
    for (const style of itsStyles) {
      for (const variant of allVariants) {
        for (const size of allSizes) {
          for (const seed of word.seed === undefined ? allSeeds : [word.seed]) {
            for (const y of ys) {
              for (const x of xs) {
                let input: RequestInput = merge(merge(request, variant?.request ?? {}), {
                  ...size,
                  word: word.word,
                  seed,
                  count: 1,
                })
                if (word.translation !== undefined) input.translation = word.translation
                if (style !== undefined) input.style = style
                if (matrix && x !== null) input = withAxis(input, matrix.x, x)
                if (matrix?.y && y !== null) input = withAxis(input, matrix.y, y)
                drafts.push({
                  index: drafts.length + 1,
                  entry: at,
                  input,
                  word: word.word,
                  translation: input.translation ?? null,
                  pinyin: word.pinyin ?? readings.get(word.word) ?? null,
                  variant: variant?.name ?? null,
                  ...{ x, y, group },
                })
              }
            }
            group++
          }
        }
      }
    }
  }
  return drafts
}

/** The second over the first; layout and controls field by field. */
function merge(under: RequestInput, over: RequestInput): RequestInput {
  const merged: RequestInput = { ...structuredClone(under), ...structuredClone(over) }
  if (under.layout && over.layout) merged.layout = { ...under.layout, ...over.layout }
  if (under.controls && over.controls) {
    merged.controls = { ...structuredClone(under.controls) }
    for (const map of MAPS) {
      const control = over.controls[map]
      if (control) Object.assign((merged.controls[map] ??= {}), control)
    }
  }
  return merged
}

function withAxis(input: RequestInput, { field, values }: Axis, at: number): RequestInput {
  const out = structuredClone(input) as Record<string, unknown>
  const path = field.split('.')
  let place = out
  for (const name of path.slice(0, -1)) {
    if (Object.hasOwn(Object.prototype, name)) throw fault('matrixFieldUnknown', { field })
    if (typeof place[name] !== 'object' || place[name] === null) place[name] = {}
    place = place[name] as Record<string, unknown>
  }
  const last = path.at(-1)!
  if (last in Object.prototype) throw fault('matrixFieldUnknown', { field })
  place[last] = values[at]
  const checked = requestInputSchema.safeParse(out)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw fault('matrixValueWrong', { field, value: JSON.stringify(values[at]), issue: phraseOfIssue(issue) })
}

function aboutOf(input: RequestInput, completed: Request | null): PlannedPicture['about'] {
  const { style, seed, width, height, steps } = completed ?? input
  return { style: style ?? '', seed: seed ?? 1, width: width ?? null, height: height ?? null, steps: steps ?? null }
}

function settingsOf(input: RequestInput, completed: Request | null): TemplateValues {
  const { model, sampler, steps, guidanceScale, width, height } = completed ?? input
  return {
    model:
      model
        ?.split(/[\\/]/)
        .filter(Boolean)
        .at(-1)
        ?.replace(/\.safetensors$/, '') ?? '',
    sampler: sampler ?? '',
    steps: steps ?? '',
    guidance: guidanceScale ?? '',
    size: width && height ? `${width}x${height}` : '',
  }
}

/** The names of an axis' values, as they stand on the grid and in file names. */
export const labelsOf = ({ values, labels }: Axis): string[] =>
  labels ?? values.map(value => (typeof value === 'string' ? value : JSON.stringify(value)))

function axisLabels({ matrix }: SetDefinition, { x, y }: Draft): TemplateValues {
  return {
    x: matrix && x !== null ? labelsOf(matrix.x)[x] : '',
    y: matrix?.y && y !== null ? labelsOf(matrix.y)[y] : '',
  }
}

function nameFiles(
  { files: template, formats, maps }: SetDefinition,
  values: TemplateValues,
  book: NameBook,
  notes: Phrase[],
  foreign: ReadonlySet<string>,
): PlannedFile[] {
  const take = (kind: PlannedFile['kind']): string => {
    const named = fileName(template, { ...values, map: kind })
    const told = kind === 'picture' || template.includes('{map') ? named : `${named}-${kind}`
    const wanted = OWN.test(told) ? `${told} (picture)` : told
    const taken = book.take(wanted)
    const reason = foreign.has(nameKey(wanted)) ? 'fileThere' : 'nameTaken'
    if (taken !== wanted) notes.push(phrase(reason, { name: taken }))
    return taken
  }
  const picture = take('picture')
  const pictures = formats.map(
    (format): PlannedFile => ({ name: `${picture}.${ENDINGS[format]}`, kind: 'picture', format }),
  )
  return [...pictures, ...maps.map((map): PlannedFile => ({ name: `${take(map)}.png`, kind: map, format: 'png' }))]
}

const withoutEnding = (name: string) => name.replace(/\.[^./]+$/, '')

/** JSON with sorted keys: equal content, equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
