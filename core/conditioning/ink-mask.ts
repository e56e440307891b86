import { maskOf } from '../glyph/mask.ts'
import type { Glyph } from '../glyph/types.ts'
import type { Gray } from '../raster/raster.ts'

/**
 * The ink of a glyph: 255, the rest 0, (height, width). Of a drawn word, coverage above one half is ink. A user's own
 * picture may be pale: there, ink is what is darker than half-way between its lightest and its darkest pixel.
 */
export function inkMask(glyph: Glyph): Gray {
  if (glyph.characters.length > 0 || glyph.composed) return maskOf(glyph)
  const { coverage } = glyph
  let [min, max] = [255, 0]
  for (const value of coverage.data) {
    if (value < min) min = value
    if (value > max) max = value
  }
  if (min === max) return maskOf(glyph)
  return { ...coverage, data: coverage.data.map(value => (2 * value > min + max ? 255 : 0)) }
}
