import { type MapName, METHODS, type Method } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import type { Glyph } from '../glyph/types.ts'
import { CannyConditioning } from './canny-conditioning.ts'
import { DepthConditioning } from './depth-conditioning.ts'
import { ScribbleConditioning } from './scribble-conditioning.ts'
import { SegmentationConditioning } from './segmentation-conditioning.ts'
import { Subject } from './subject.ts'
import type { ConditioningMap, Drawn, MapOptions } from './types.ts'

/** A map and how it is to be made. */
export interface MapChoice {
  map: MapName
  method: Method
}

/** One map by its default method each, in the contract's order of METHODS. */
export const DEFAULT_CHOICES: readonly MapChoice[] = Object.entries(METHODS).map(([map, methods]) => ({
  map: map as MapName,
  method: methods[0],
}))

/** All twelve. */
export const ALL_CHOICES: readonly MapChoice[] = Object.entries(METHODS).flatMap(([map, methods]) =>
  methods.map(method => ({ map: map as MapName, method })),
)

/**
 * One map of a written word, the size of its canvas.
 * @throws StudioError bad-request (unknown map or method, a style out of range), bad-image (no ink), missing-model, cancelled, inference-crashed
 */
export async function makeMap(
  glyph: Glyph,
  map: MapName,
  method: Method,
  options: MapOptions = {},
): Promise<ConditioningMap> {
  const [made] = await makeMaps(glyph, [{ map, method }], options)
  return made
}

/**
 * Several maps of one word; what they have in common is computed once. Errors as makeMap's; the first one ends it.
 * @param onMap hears of each map as soon as it is there
 */
export async function makeMaps(
  glyph: Glyph,
  choices: readonly MapChoice[] = DEFAULT_CHOICES,
  options: MapOptions = {},
  onMap?: (map: ConditioningMap) => void,
): Promise<ConditioningMap[]> {
  for (const { map, method } of choices) checkChoice(map, method)
  const subject = new Subject(glyph, options.draft)
  if (!subject.mask().data.includes(255)) throw fault('canvasEmpty')
  const made: ConditioningMap[] = []
  for (const { map, method } of choices) {
    await breathe(options.signal)
    const start = performance.now()
    const drawn = await draw(subject, { map, method } as Choice, options)
    made.push({ map, method, ...drawn, ms: performance.now() - start })
    onMap?.(made[made.length - 1])
  }
  return made
}

/** @throws StudioError bad-request */
export function checkChoice(map: string, method: string): asserts map is MapName {
  if (!Object.hasOwn(METHODS, map))
    throw new StudioError(
      'bad-request',
      `There is no map "${map}".`,
      `Choose among ${Object.keys(METHODS).join(', ')}.`,
    )
  const methods: readonly string[] = METHODS[map as MapName]
  if (!methods.includes(method))
    throw new StudioError(
      'bad-request',
      `The map ${map} has no method "${method}".`,
      `Choose among ${methods.join(', ')}.`,
    )
}

/** A map with one of its own methods. */
type Choice = { [M in MapName]: { map: M; method: (typeof METHODS)[M][number] } }[MapName]

const conditioning = {
  canny: new CannyConditioning(),
  depth: new DepthConditioning(),
  segmentation: new SegmentationConditioning(),
  scribble: new ScribbleConditioning(),
} as const

function draw(subject: Subject, choice: Choice, options: MapOptions): Drawn | Promise<Drawn> {
  switch (choice.map) {
    case 'canny':
      return conditioning.canny.make(subject, choice.method)
    case 'depth':
      return conditioning.depth.make(subject, choice.method, options)
    case 'segmentation':
      return conditioning.segmentation.make(subject, choice.method, options)
    case 'scribble':
      return conditioning.scribble.make(subject, choice.method, options)
  }
}

/** Lets a message that cancels come in between two maps. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return
  await new Promise(resolve => setImmediate(resolve))
  if (signal.aborted) throw fault('cancelled')
}
