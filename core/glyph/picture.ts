import sharp from 'sharp'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import type { PictureFit } from '../contract/vocabulary.ts'
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

/** The whole sheet on the canvas, its ink where it was drawn. */
async function placed(ink: Gray, width: number, height: number, fit: PictureFit): Promise<Gray> {
  const { data, info } = await sharp(ink.data, { raw: { width: ink.width, height: ink.height, channels: 1 } })
    .resize(width, height, { fit: SHARP_FIT[fit], background: '#000' })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: 1, data: new Uint8Array(data) }
}

/** sharp's names of PICTURE_FITS. */
export const SHARP_FIT = { fit: 'contain', crop: 'cover', stretch: 'fill' } as const satisfies Record<
  PictureFit,
  string
>

/**
 * A picture of one's own as a glyph: a drawing or a photo of handwriting, cleaned and centred on a canvas of
 * width × height pixels. It has no characters, so that strokes and radicals are unknown.
 * @param fit the whole sheet is laid onto the canvas so; default: its ink alone, centred
 * @param asIs the picture as it is, in its own size: coverage = 255 - luminance, so that the darker side is ink
 * @throws StudioError bad-image: not a picture, too large, takes too long, blank; cancelled
 */
export async function glyphFromPicture(
  file: PictureSource,
  width: number,
  height: number,
  { asIs, fit, signal }: { asIs: boolean; fit?: PictureFit | undefined; signal?: AbortSignal },
): Promise<Glyph> {
  const picture = await readLuminance(file, asIs ? null : WORKING_SIDE, signal)
  if (picture.data.every(v => v === picture.data[0])) throw blankPicture()
  const coverage = asIs
    ? { ...picture, data: picture.data.map(v => 255 - v) }
    : fit
      ? await placed(await cleanPicture(picture), width, height, fit)
      : await centre(await cleanPicture(picture), width, height)
  // Of a sheet that is cropped, all ink may lie outside.
  if (!asIs && !coverage.data.some(v => v > 127)) throw fit === 'crop' ? blankPicture() : fault('inkTooFine')
  return { word: '', width: coverage.width, height: coverage.height, coverage, characters: [] }
}
