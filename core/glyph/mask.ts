import type { Gray } from '../raster/raster.ts'
import type { Glyph } from './types.ts'

/** Ink or paper, nothing between: coverage above one half is 255. */
export function maskOf({ coverage }: Pick<Glyph, 'coverage'>): Gray {
  const data = new Uint8Array(coverage.data.length)
  for (let i = 0; i < data.length; i++) data[i] = coverage.data[i] > 127 ? 255 : 0
  return { ...coverage, data }
}
