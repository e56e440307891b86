import { maskOf } from '../glyph/draw.ts'
import type { Glyph } from '../glyph/types.ts'
import type { Gray } from '../raster/raster.ts'

/**
 * What of a glyph is ink: 255, the rest 0, (height, width). A drawn word: coverage above one half. A picture of one's own
 * as it is may be pale: there, more than half-way from its lightest to its darkest pixel.
 */
export function inkMask(glyph: Glyph): Gray {
  if (glyph.characters.length > 0) return maskOf(glyph)
  const { coverage } = glyph
  let [min, max] = [255, 0]
  for (const value of coverage.data) {
    if (value < min) min = value
    if (value > max) max = value
  }
  if (min === max) return maskOf(glyph)
  return { ...coverage, data: coverage.data.map(value => (2 * value > min + max ? 255 : 0)) }
}
