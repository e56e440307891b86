/** A block's own share of control: its part of a map fades towards paper. */
import { spread } from '../glyph/regions.ts'
import type { Glyph } from '../glyph/types.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import { PAPER } from './palette.ts'

/** How far beyond its ink a block's lines reach in a map, share of the shorter side. */
const REACH = 0.02

/**
 * The map with each block's part at the block's share: 1 is the map as it is, 0 is paper. Of a map without paper's colour
 * (segmentation), paper is grey.
 */
export function weaken<Image extends Gray | Rgb>(image: Image, { composed, width, height }: Glyph): Image {
  if (!composed || composed.blocks.every(({ control }) => control === 1)) return image
  const owners = Uint16Array.from(composed.owners)
  spread(owners, width, height, null, Math.ceil(REACH * Math.min(width, height)))
  const shares = [1, ...composed.blocks.map(({ control }) => control)]
  const data = new Uint8Array(image.data.length)
  const { channels } = image
  for (let i = 0; i < data.length; i++) {
    const share = shares[owners[Math.floor(i / channels)]]
    const paper = channels === 3 ? PAPER[i % 3] : 0
    data[i] = share === 1 ? image.data[i] : Math.round(paper + (image.data[i] - paper) * share)
  }
  return { ...image, data }
}
