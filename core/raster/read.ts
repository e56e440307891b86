import sharp from 'sharp'
import { fault } from '../faults/fault.ts'
import type { Rgb } from './raster.ts'

/** Larger pictures are taken for a mistake or an attack: 100 megapixels are 300 MB when decoded. */
const MAX_PIXELS = 100_000_000

/** Reads any picture file as 8-bit sRGB, alpha laid on white. Throws StudioError('bad-image'). */
export async function readPicture(file: string): Promise<Rgb> {
  try {
    const { data, info } = await sharp(file, { limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const area = info.width * info.height
    const rgb = info.channels === 3 ? new Uint8Array(data) : new Uint8Array(area * 3)
    if (info.channels === 1) for (let i = 0; i < area * 3; i++) rgb[i] = data[Math.floor(i / 3)]
    return { width: info.width, height: info.height, channels: 3, data: rgb }
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]
    throw fault('pictureUnreadable', { name: file, reason }, { cause: error })
  }
}
