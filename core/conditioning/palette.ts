import { STROKE_TYPES, type StrokeType } from '../glyph/types.ts'
import type { Colour } from './types.ts'

/**
 * Flat, far apart, and never black: the Union network learned segments as flat colours. The first nine are the stroke
 * types' in the order of STROKE_TYPES; radical, rest and parts take them from the front.
 */
const NAMED: readonly Colour[] = [
  [255, 0, 0],
  [0, 0, 255],
  [20, 255, 0],
  [255, 204, 0],
  [255, 0, 163],
  [0, 255, 204],
  [0, 133, 255],
  [235, 12, 255],
  [204, 255, 4],
]

export const PAPER: Colour = [120, 120, 120]

/** Turning the hue by this much each time never comes back to a used one: 360° divided by the golden ratio squared. */
const GOLDEN_ANGLE = 137.50776

export function strokeColour(type: StrokeType): Colour {
  return NAMED[STROKE_TYPES.indexOf(type)]
}

/** The k-th colour of a picture's parts, k = 0, 1 …; after the named ones a turning hue at changing lightness. */
export function partColour(k: number): Colour {
  if (k < NAMED.length) return NAMED[k]
  const n = k - NAMED.length
  return hslToRgb((15 + n * GOLDEN_ANGLE) % 360, 0.85, [0.32, 0.7, 0.5][n % 3])
}

/** @param hue degrees @param saturation 0..1 @param lightness 0..1 */
function hslToRgb(hue: number, saturation: number, lightness: number): Colour {
  const chroma = saturation * Math.min(lightness, 1 - lightness)
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}
