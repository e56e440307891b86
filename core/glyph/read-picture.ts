import { basename } from 'node:path'
import sharp from 'sharp'
import { fault, phrase } from '../faults/fault.ts'
import { refuseHeic, toneOf } from '../raster/foreign-picture.ts'
import type { Gray } from '../raster/raster.ts'

/** Beyond these a picture is no drawing of a word, and decoding it would take gigabytes. */
const MAX_SIDE = 20_000
const MAX_PIXELS = 100_000_000

/** BT.601 luma in 14-bit fixed point, as OpenCV's colour conversion (color_rgb.simd.hpp) rounds it. */
const luma = (r: number, g: number, b: number) => (4899 * r + 9617 * g + 1868 * b + 8192) >> 14

/** Reads the header alone; also turns what sharp throws at once, for an empty buffer, into a rejection. */
const measure = async (file: string | Buffer) => sharp(file, { limitInputPixels: false }).metadata()

/**
 * Decodes a picture to 8-bit luminance, upright; 16-bit, CMYK and palettes included. Grey stays as it is stored. The first
 * frame of several. Transparency becomes white paper; pale lettering on it becomes dark.
 * @param side the longer side is shrunk to this many pixels; null keeps the size
 * @throws StudioError bad-image: not a picture, damaged, more than 20,000 pixels a side or 100 megapixels
 */
export async function readLuminance(file: string | Buffer, side: number | null): Promise<Gray> {
  const name = typeof file === 'string' ? `"${basename(file)}"` : phrase('thePicture')
  const open = () => sharp(file, { limitInputPixels: MAX_PIXELS, autoOrient: true })
  const header = await measure(file).catch(cause => {
    throw fault('notAPicture', { name }, { cause })
  })
  refuseHeic(header, name)
  const { width, height } = header
  if (Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS)
    throw fault('pictureTooLarge', { name, width, height })
  const shrunk = side === null ? open() : open().resize(side, side, { fit: 'inside', withoutEnlargement: true })
  const damaged = (cause: unknown) => {
    throw fault('pictureDamaged', { name }, { cause })
  }
  const pale = (await toneOf(file, header).catch(damaged)) === 'pale'
  const { data, info } = await shrunk
    .flatten({ background: pale ? '#000000' : '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(damaged)
  const out = new Uint8Array(info.width * info.height)
  const step = info.channels
  for (let i = 0, at = 0; i < out.length; i++, at += step)
    out[i] = step < 3 ? data[at] : luma(data[at], data[at + 1], data[at + 2])
  if (pale) for (let i = 0; i < out.length; i++) out[i] = 255 - out[i]
  return { width: info.width, height: info.height, channels: 1, data: out }
}
