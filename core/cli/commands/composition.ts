/** What the command line says of a composition. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { arrange, type MotifChoice, roomFor } from '../../composition/arrange.ts'
import { drawComposition } from '../../composition/draw.ts'
import { findMotifs, proposeMotifs } from '../../composition/motifs.ts'
import { motifFromSvg } from '../../composition/svg.ts'
import { type Composition, compositionSchema } from '../../contract/composition.ts'
import {
  COMPOSITION_LIMITS,
  MOTIF_FORMS,
  MOTIF_LAYOUTS,
  type MotifForm,
  type MotifLayout,
} from '../../contract/vocabulary.ts'
import { DEFAULT_LAYOUT } from '../../contract/writing.ts'
import { fault } from '../../faults/fault.ts'
import { parse } from '../../faults/parse.ts'
import { meaningOf } from '../../prompt/prompt-builder.ts'
import { UsageError } from './arguments.ts'

export interface CompositionOptions {
  /** A file with a composition, or with a request that has one. */
  composition?: string | undefined
  /** Emoji, words or SVG files by commas; "auto": what the word means. */
  motif?: string | undefined
  'motif-layout'?: string | undefined
  'motif-form'?: string | undefined
}

export const COMPOSITION_OPTIONS = {
  composition: { type: 'string' },
  motif: { type: 'string' },
  'motif-layout': { type: 'string' },
  'motif-form': { type: 'string' },
} as const

interface Around {
  word: string | undefined
  translation?: string | undefined
  font?: string | undefined
  seed?: number | undefined
  size?: { width?: number; height?: number } | undefined
}

/** The composition that the options name; undefined where they name none. @throws StudioError bad-request, bad-image */
export async function compositionOf(options: CompositionOptions, around: Around): Promise<Composition | undefined> {
  const { composition: file, motif } = options
  const layout = oneOf('motif-layout', MOTIF_LAYOUTS, options['motif-layout']) ?? 'beside'
  // Large, its lines tell a book from a box; small, they would run into each other.
  const form = oneOf('motif-form', MOTIF_FORMS, options['motif-form']) ?? (layout === 'beside' ? 'line' : 'filled')
  if (motif === undefined && (options['motif-layout'] ?? options['motif-form']) !== undefined)
    throw new UsageError('--motif-layout and --motif-form go with --motif.')
  const written = file === undefined ? undefined : await readComposition(file)
  return motif === undefined
    ? written
    : withMotifs(written ?? wordAlone(), await choices(motif, form, around), layout, around)
}

function oneOf<Name extends string>(
  option: string,
  names: readonly Name[],
  given: string | undefined,
): Name | undefined {
  if (given === undefined || (names as readonly string[]).includes(given)) return given as Name | undefined
  throw new UsageError(`--${option} is one of ${names.join(', ')}.`)
}

async function readComposition(file: string): Promise<Composition> {
  const unreadable = (cause: unknown) =>
    fault('compositionUnreadable', { file, reason: (cause as Error).message }, { cause })
  const text = await readFile(file, 'utf8').catch(cause => {
    throw unreadable(cause)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw unreadable(cause)
  }
  const inside = typeof value === 'object' && value !== null && 'composition' in value ? value.composition : value
  return parse(compositionSchema, inside, file)
}

/** The request's word in the middle. */
const wordAlone = (): Composition =>
  compositionSchema.parse({
    blocks: [{ kind: 'word', source: { text: null }, transform: { x: 0.5, y: 0.5, scale: [0.84, 0.84], rotation: 0 } }],
  })

async function choices(motif: string, form: MotifForm, { word = '', translation }: Around): Promise<MotifChoice[]> {
  if (motif === 'auto') {
    const asked = { word, translation: translation ?? null, prompt: null, negativePrompt: null }
    const proposed = await proposeMotifs(word, (await meaningOf(asked, {})).text, 3)
    if (proposed.length === 0) throw fault('motifUnknown', { text: word })
    return proposed.map(({ emoji, names }) => ({ source: { emoji, form, weight: 400 }, name: nameOf(names.en) }))
  }
  return Promise.all(
    motif.split(',').map(async (text): Promise<MotifChoice> => {
      if (/\.svg$/i.test(text)) {
        const bytes = await readFile(text).catch(cause => {
          throw fault('svgUnreadable', { name: text, reason: (cause as Error).message }, { cause })
        })
        return { source: { ...motifFromSvg(bytes, text), form }, name: nameOf(basename(text, '.svg')) }
      }
      const [found] = await findMotifs(text, 1)
      if (!found) throw fault('motifUnknown', { text })
      return { source: { emoji: found.emoji, form, weight: 400 }, name: nameOf(found.names.en) }
    }),
  )
}

const nameOf = (text: string) => text.slice(0, COMPOSITION_LIMITS.name)

/** Side of the canvas on which free places are looked for. */
const SIDE = 192

async function withMotifs(
  composition: Composition,
  motifs: MotifChoice[],
  layout: MotifLayout,
  { word, font, seed = 1, size }: Around,
): Promise<Composition> {
  const room = roomFor(composition, layout)
  const aspect = (size?.width ?? 1) / (size?.height ?? 1)
  const written = { word: word ?? null, layout: { ...DEFAULT_LAYOUT, font: font ?? null } }
  const ink = await drawComposition(
    room,
    written,
    Math.round(SIDE * Math.max(1, aspect)),
    Math.round(SIDE * Math.max(1, 1 / aspect)),
  )
  return arrange(room, ink, { layout, motifs, seed, aspect })
}
