/** The picture that a held palette begins as: the ground, and the word's ink in its colours. */
import type { Palette } from '../contract/palette.ts'
import type { Request } from '../contract/request.ts'
import { bytesOf } from '../raster/oklab.ts'
import { blank, type Rgb } from '../raster/raster.ts'
import type { DrawnWord } from './word-maps.ts'

/** Of the steps what is run on it: so much that forms are the model's and the maps', so little that colours stay. */
export const HOLD_STRENGTH = 0.9

/** Where no ground is said, or no ink. */
const [PAPER, INK] = ['#f4f1ea', '#16161a']

/** How much of the steps is run, and on what: a request's own picture comes before its palette. null: on noise alone. */
export function startOf({
  initImage,
  strength,
  palette,
}: Request): { strength: number; from: 'picture' | 'palette' } | null {
  if (initImage !== null) return { strength, from: 'picture' }
  return palette?.hold ? { strength: HOLD_STRENGTH, from: 'palette' } : null
}

/** @param word null: the ground alone */
export function flatColours(
  { ground, inks }: Palette,
  { width, height }: { width: number; height: number },
  word: DrawnWord | null,
): Rgb {
  const picture = blank(width, height, 3)
  const [paper, ...colours] = [ground ?? PAPER, ...(inks.length > 0 ? inks : [INK])].map(bytesOf)
  const { mask = null, composed = null } = word ?? {}
  for (let i = 0; i < width * height; i++) {
    const owner = composed ? composed.owners[i] - 1 : 0
    const ink = composed ? owner >= 0 : (mask?.data[i] ?? 0) > 127
    const colour = ink ? colours[(composed ? composed.blocks[owner].index : 0) % colours.length] : paper
    picture.data.set(colour, 3 * i)
  }
  return picture
}
