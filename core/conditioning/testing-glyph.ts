/** Tests only: a golden picture as a glyph. */
import type { Glyph } from '../glyph/types.ts'
import { golden } from '../raster/testing-goldens.ts'

/** A picture of the golden set as a glyph of its own: ink is what is darker, nothing but the raster is known. */
export async function goldenGlyph(picture: string): Promise<Glyph> {
  const source = await golden(picture, 'src')
  const coverage = { ...source, data: source.data.map(value => 255 - value) }
  return { word: '', width: source.width, height: source.height, coverage, characters: [] }
}
