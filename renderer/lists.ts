/** Lists in the order in which the screen shows them, and how long they may be. */
import type { MapName } from '../core/contract/vocabulary.ts'

/** In the order of the keys 1–4. */
export const MAP_ORDER = ['canny', 'depth', 'segmentation', 'scribble'] as const satisfies readonly MapName[]

/** Shapes of the picture: width to height. */
export const RATIOS = [
  ['1:1', 1],
  ['4:3', 4 / 3],
  ['3:4', 3 / 4],
  ['16:9', 16 / 9],
  ['9:16', 9 / 16],
] as const

/** The most pictures that are seen side by side. */
export const MOST_COMPARED = 6
