import { yieldToEventLoop } from '../channel/yield.ts'
import { type MapName, METHODS, type Method } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import type { Glyph } from '../glyph/types.ts'
import { weaken } from './block-control.ts'
import { CannyConditioning } from './canny-conditioning.ts'
import { DepthConditioning } from './depth-conditioning.ts'
import { GlyphFeatures } from './glyph-features.ts'
import { ScribbleConditioning } from './scribble-conditioning.ts'
import { SegmentationConditioning } from './segmentation-conditioning.ts'
import type { ConditioningMap, MapOptions, MethodResult } from './types.ts'

/** A map and the method that makes it. */
export interface MapChoice {
  map: MapName
  method: Method
}

/** Each map by its default method, in the order of METHODS. */
export const DEFAULT_CHOICES: readonly MapChoice[] = Object.entries(METHODS).map(([map, methods]) => ({
  map: map as MapName,
  method: methods[0],
}))

/** Every method of every map. */
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
 * Several maps of one word; what they share is computed once. Errors as makeMap's; the first one ends the run.
 * @param onMap called with each map as soon as it is made
 */
export async function makeMaps(
  glyph: Glyph,
  choices: readonly MapChoice[] = DEFAULT_CHOICES,
  options: MapOptions = {},
  onMap?: (map: ConditioningMap) => void,
): Promise<ConditioningMap[]> {
  for (const { map, method } of choices) checkChoice(map, method)
  const features = new GlyphFeatures(glyph, options.coarseStrokes)
  if (!features.mask().data.includes(255)) throw fault('canvasEmpty')
  const made: ConditioningMap[] = []
  for (const { map, method } of choices) {
    if (options.signal) await yieldToEventLoop(options.signal)
    const start = performance.now()
    const drawn = await draw(features, { map, method } as Choice, options)
    const image = weaken(drawn.image, glyph)
    made.push({ map, method, ...drawn, image, ms: performance.now() - start })
    onMap?.(made[made.length - 1])
  }
  return made
}

/** @throws StudioError bad-request */
export function checkChoice(map: string, method: string): asserts map is MapName {
  if (!Object.hasOwn(METHODS, map)) throw fault('mapUnknown', { map, known: Object.keys(METHODS).join(', ') })
  const methods: readonly string[] = METHODS[map as MapName]
  if (!methods.includes(method)) throw fault('mapMethodUnknown', { map, method, known: methods.join(', ') })
}

/** A MapChoice whose method is one of its map's. */
type Choice = { [M in MapName]: { map: M; method: (typeof METHODS)[M][number] } }[MapName]

const conditioning = {
  canny: new CannyConditioning(),
  depth: new DepthConditioning(),
  segmentation: new SegmentationConditioning(),
  scribble: new ScribbleConditioning(),
} as const

function draw(features: GlyphFeatures, choice: Choice, options: MapOptions): MethodResult | Promise<MethodResult> {
  switch (choice.map) {
    case 'canny':
      return conditioning.canny.make(features, choice.method)
    case 'depth':
      return conditioning.depth.make(features, choice.method, options)
    case 'segmentation':
      return conditioning.segmentation.make(features, choice.method, options)
    case 'scribble':
      return conditioning.scribble.make(features, choice.method, options)
  }
}
