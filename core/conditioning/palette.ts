import type { StrokeType } from '../glyph/types.ts'
import type { Colour } from './types.ts'

/** Colours of stroke types: flat, far apart and never black, as the Union network learned segments. */
const STROKE_COLOURS: Readonly<Record<StrokeType, Colour>> = {
  heng: [255, 0, 0],
  shu: [0, 0, 255],
  pie: [20, 255, 0],
  na: [255, 204, 0],
  dian: [255, 0, 163],
  ti: [0, 255, 204],
  zhe: [0, 133, 255],
  gou: [235, 12, 255],
  other: [204, 255, 4],
}
/** Radical, rest and parts take the same colours, in this order. */
const PART_COLOURS = Object.values(STROKE_COLOURS)

export const PAPER: Colour = [120, 120, 120]

/** Turning the hue by this much each time never comes back to a used one: 360° divided by the golden ratio squared. */
const GOLDEN_ANGLE = 137.50776

export const strokeColour = (type: StrokeType): Colour => STROKE_COLOURS[type]

/** The k-th colour of a picture's parts, k = 0, 1 …; after those above a turning hue at changing lightness. */
export function partColour(k: number): Colour {
  if (k < PART_COLOURS.length) return PART_COLOURS[k]
  const n = k - PART_COLOURS.length
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
