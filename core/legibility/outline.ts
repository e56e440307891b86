/** Outline agreement at the scale of the glyph itself: a long word is looked at as closely as a single character. */
import type { Box } from '../glyph/types.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import { crop } from './crop.ts'
import { type LegibilityScore, legibility } from './legibility.ts'

/** Below so many pixels of the picture a stroke's edges run into each other: nothing can be said of its outline. */
export const THINNEST = 1.5
/** A stroke is compared at about so many pixels, where the picture has them. */
const STROKE = 5
/** The scale of a word that fills its picture, which the agreement was calibrated at. */
const SIDE = 256
const REACH = 0.03 * SIDE
/** Of the ink's height: the word may be shifted so far. */
const SHIFT = 0.12

export interface InkMeasure {
  box: Box
  /** Mean width of the strokes, pixels: area over half the length of the outline. */
  stroke: number
}

/** null: the mask has no ink. */
export function measureInk({ width, height, data }: Gray): InkMeasure | null {
  let [x0, x1, y0, y1] = [width, -1, height, -1]
  let [area, outline] = [0, 0]
  const ink = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] > 127
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!ink(x, y)) continue
      area++
      if (x < x0) x0 = x
      if (x > x1) x1 = x
      if (y < y0) y0 = y
      if (y > y1) y1 = y
      if (!ink(x - 1, y)) outline++
      if (!ink(x + 1, y)) outline++
      if (!ink(x, y - 1)) outline++
      if (!ink(x, y + 1)) outline++
    }
  if (area === 0) return null
  // Steps along a slanted edge are counted 4/π too long on average (Cauchy–Crofton).
  const length = (outline * Math.PI) / 4
  return { box: { x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 }, stroke: (2 * area) / length }
}

/**
 * Outline agreement; null where the strokes are too thin for it in this picture.
 * @param mask ink 255 of the picture's size
 * @throws StudioError as legibility()
 */
export function outlineAgreement(picture: Rgb, mask: Gray, ink: InkMeasure): LegibilityScore | null {
  if (ink.stroke < THINNEST) return null
  const whole = SIDE / Math.max(picture.width, picture.height)
  const own = Math.min(1, STROKE / ink.stroke)
  if (whole >= own) return legibility(picture, mask)
  const { x, y, width, height } = ink.box
  const margin = Math.ceil(0.06 * Math.max(picture.width, picture.height))
  const around = { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }
  const part = crop(picture, around)
  const side = Math.max(1, Math.round(own * Math.max(part.width, part.height)))
  const reach = Math.max(2, Math.min(REACH, SHIFT * own * Math.min(width, height)))
  return legibility(part, cropMask(mask, around), { side, reach })
}

/** As crop(), but paper outside. */
function cropMask(mask: Gray, { x, y, width, height }: Box): Gray {
  const data = new Uint8Array(width * height)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [fromX, fromY] = [x + column, y + row]
      if (fromX < 0 || fromY < 0 || fromX >= mask.width || fromY >= mask.height) continue
      data[row * width + column] = mask.data[fromY * mask.width + fromX]
    }
  return { width, height, channels: 1, data }
}
