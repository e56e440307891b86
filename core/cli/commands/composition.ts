/** What the command line says of a composition. */
import { readFile } from 'node:fs/promises'
import { type Composition, compositionSchema } from '../../contract/composition.ts'
import { MOTIF_FORMS, MOTIF_LAYOUTS } from '../../contract/vocabulary.ts'
import { fault } from '../../faults/fault.ts'
import { parse } from '../../faults/parse.ts'
import type { Around } from '../motifs.ts'
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

/** The composition that the options name; undefined where they name none. @throws StudioError bad-request, bad-image */
export async function compositionOf(options: CompositionOptions, around: Around): Promise<Composition | undefined> {
  const { composition: file, motif } = options
  const layout = oneOf('motif-layout', MOTIF_LAYOUTS, options['motif-layout']) ?? 'beside'
  // Large, its lines tell a book from a box; small, they would run into each other.
  const form = oneOf('motif-form', MOTIF_FORMS, options['motif-form']) ?? (layout === 'beside' ? 'line' : 'filled')
  if (motif === undefined && (options['motif-layout'] ?? options['motif-form']) !== undefined)
    throw new UsageError('--motif-layout and --motif-form go with --motif.')
  if (motif?.split(',').some(each => each.trim() === ''))
    throw new UsageError(`--motif takes auto, or emoji, words and SVG files with commas between, not "${motif}".`)
  const written = file === undefined ? undefined : await readComposition(file)
  if (motif === undefined) return written
  // What draws and searches is loaded only where there are motifs: most words have none, and are painted sooner.
  const { choices, withMotifs } = await import('../motifs.ts')
  return withMotifs(written ?? wordAlone(), await choices(motif, form, around), layout, around)
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
