import sharp from 'sharp'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { type PictureSource, readLuminance } from '../pictures/door.ts'
import { blank, type Gray } from '../raster/raster.ts'
import { blankPicture, cleanPicture } from './clean-picture.ts'
import { inkBoxOf } from './ink-box.ts'
import type { Glyph } from './types.ts'

/** Pictures are cleaned at this size at most; a photo of handwriting holds no finer strokes. */
const WORKING_SIDE = 2048

/** Cuts the ink out, sizes it to the canvas inside the usual margin and centres it. */
async function centre(ink: Gray, width: number, height: number): Promise<Gray> {
  const box = inkBoxOf({ ...ink, data: ink.data.map(v => (v > 127 ? 255 : 0)) })
  if (!box) throw blankPicture()
  const free = 2 * DEFAULT_LAYOUT.margin * Math.min(width, height)
  const scale = Math.min((width - free) / box.width, (height - free) / box.height)
  const [w, h] = [box.width, box.height].map(v => Math.max(1, Math.round(v * scale)))
  const { data } = await sharp(ink.data, { raw: { width: ink.width, height: ink.height, channels: 1 } })
    .extract({ left: box.x, top: box.y, width: box.width, height: box.height })
    .resize(w, h, { fit: 'fill', kernel: scale > 1 ? 'cubic' : 'lanczos3' })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  const out = blank(width, height, 1)
  const left = Math.floor((width - w) / 2)
  const top = Math.floor((height - h) / 2)
  for (let y = 0; y < h; y++) out.data.set(data.subarray(y * w, (y + 1) * w), (top + y) * width + left)
  return out
}

/**
 * A picture of one's own as a glyph: a drawing or a photo of handwriting, cleaned and centred on a canvas of
 * width × height pixels. It has no characters, so that strokes and radicals are unknown.
 * @param asIs the picture as it is, in its own size: coverage = 255 - luminance, so that the darker side is ink
 * @throws StudioError bad-image: not a picture, too large, takes too long, blank; cancelled
 */
export async function glyphFromPicture(
  file: PictureSource,
  width: number,
  height: number,
  { asIs, signal }: { asIs: boolean; signal?: AbortSignal },
): Promise<Glyph> {
  const picture = await readLuminance(file, asIs ? null : WORKING_SIDE, signal)
  if (picture.data.every(v => v === picture.data[0])) throw blankPicture()
  const coverage = asIs
    ? { ...picture, data: picture.data.map(v => 255 - v) }
    : await centre(await cleanPicture(picture), width, height)
  if (!asIs && !coverage.data.some(v => v > 127)) throw fault('inkTooFine')
  return { word: '', width: coverage.width, height: coverage.height, coverage, characters: [] }
}
