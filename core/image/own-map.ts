/** A picture of one's own made ready to replace a map: light and dark swapped where need be, laid onto the canvas. */
import sharp from 'sharp'
import type { MapName, PictureFit } from '../contract/vocabulary.ts'
import { SHARP_FIT } from '../glyph/picture.ts'
import type { Rgb } from '../raster/raster.ts'

export interface OwnMapOptions {
  map: MapName
  width: number
  height: number
  /** Swaps light and dark; null: where the picture is dark on light, as drawings on paper are, and its colours mean nothing. */
  invert: boolean | null
  fit: PictureFit
}

/** The frame that is looked at for the ground, share of the shorter side. */
const FRAME = 0.03

/** Maps show lines and near things light on a dark ground; the colours of a segmentation are names of its parts. */
export const wantsInverting = (picture: Rgb, map: MapName): boolean =>
  map !== 'segmentation' && groundOf(picture).every(level => level > 127)

/** Medians of the three channels along the frame. */
function groundOf({ width, height, data }: Rgb): [number, number, number] {
  const frame = Math.max(1, Math.round(FRAME * Math.min(width, height)))
  const counts = [0, 1, 2].map(() => new Uint32Array(256))
  let all = 0
  for (let y = 0; y < height; y++) {
    const inside = y >= frame && y < height - frame
    for (let x = 0; x < width; x++) {
      if (inside && x >= frame && x < width - frame) continue
      all++
      for (let c = 0; c < 3; c++) counts[c][data[3 * (y * width + x) + c]]++
    }
  }
  const median = (count: Uint32Array) => {
    let seen = 0
    return count.findIndex(n => (seen += n) * 2 >= all)
  }
  return [median(counts[0]), median(counts[1]), median(counts[2])]
}

/** @returns (height, width, 3), and whether light and dark were swapped; where it does not reach it has its own ground */
export async function ownMap(
  picture: Rgb,
  { map, width, height, invert, fit }: OwnMapOptions,
): Promise<{ image: Rgb; inverted: boolean }> {
  const inverted = invert ?? wantsInverting(picture, map)
  const shown = inverted ? { ...picture, data: picture.data.map(v => 255 - v) } : picture
  const [r, g, b] = groundOf(shown)
  const { data, info } = await sharp(shown.data, { raw: { width: shown.width, height: shown.height, channels: 3 } })
    .resize(width, height, { fit: SHARP_FIT[fit], background: { r, g, b } })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { image: { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) }, inverted }
}
