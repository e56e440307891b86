/** Tests only: a golden picture as a glyph. */
import type { Glyph } from '../glyph/types.ts'
import { golden } from '../raster/testing-goldens.ts'

/** A picture of the golden set as a glyph without characters: only its raster is known; ink is what is darker. */
export async function goldenGlyph(picture: string): Promise<Glyph> {
  const source = await golden(picture, 'src')
  const coverage = { ...source, data: source.data.map(value => 255 - value) }
  return { word: '', width: source.width, height: source.height, coverage, characters: [] }
}
