import { fault } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Gray } from '../raster/raster.ts'
import { toneOf } from './foreign-picture.ts'
import { openPicture, type PictureSource } from './open.ts'

/** BT.601 luma in 14-bit fixed point, as OpenCV's colour conversion (color_rgb.simd.hpp) rounds it. */
const luma = (r: number, g: number, b: number) => (4899 * r + 9617 * g + 1868 * b + 8192) >> 14

/**
 * Decodes a picture to 8-bit luminance, upright; 16-bit, CMYK and palettes included. Grey stays as it is stored. The first
 * frame of several. Transparency becomes white paper; pale lettering on it becomes dark.
 * @param side the longer side is shrunk to this many pixels; null keeps the size
 * @throws StudioError bad-image: as openPicture, and damaged
 */
export async function decodeLuminance(
  source: PictureSource,
  name: string | Phrase,
  side: number | null,
): Promise<Gray> {
  const { bytes, header, decode } = await openPicture(source, name)
  const shrunk = side === null ? decode() : decode().resize(side, side, { fit: 'inside', withoutEnlargement: true })
  const damaged = (cause: unknown) => {
    throw fault('pictureDamaged', { name }, { cause })
  }
  const pale = (await toneOf(bytes, header).catch(damaged)) === 'pale'
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
