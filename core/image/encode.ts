/** Encodes pictures in the formats that layout programs read, with an sRGB profile. */
import sharp from 'sharp'
import { fault } from '../faults/fault.ts'
import { boxMean, shrink } from '../raster/planes.ts'
import { blank, type Gray, type Raster, type Rgb } from '../raster/raster.ts'
import { encodePng } from './png.ts'
import { chunk, SIGNATURE } from './png-chunks.ts'
import { altPacket, type PictureInfo, parametersText, xmpPacket } from './png-metadata.ts'

export const FORMATS = ['png', 'webp', 'jpeg', 'avif', 'tiff'] as const
export type Format = (typeof FORMATS)[number]

/** Endings of files, without the dot. */
export const ENDINGS: Readonly<Record<Format, string>> = {
  png: 'png',
  webp: 'webp',
  jpeg: 'jpg',
  avif: 'avif',
  tiff: 'tif',
}

export interface EncodeOptions {
  /** null: no metadata but the colour space. */
  info: PictureInfo | null
  /** What it shows, where info is null: that alone is written. */
  alt?: string | null
  /** Ink of the word, of the picture's size: everything else becomes transparent. JPEG has no transparency and stays as it is. */
  cutOut?: Gray | null
}

/** Bytes of signature and IHDR. */
const HEAD = SIGNATURE.length + 25

/** The bytes of the file; the same picture gives the same bytes. @throws StudioError 'bad-image' (a cut-out of another size) */
export async function encodePicture(
  image: Raster,
  format: Format,
  { info, alt = null, cutOut }: EncodeOptions,
): Promise<Uint8Array> {
  const raster = cutOut && format !== 'jpeg' && image.channels === 3 ? withAlpha(image as Rgb, cutOut) : image
  if (format === 'png' && info) {
    const bytes = await encodePng(raster, info)
    // Rendering intent: perceptual. Source: PNG, third edition, section 11.3.2.5.
    return Buffer.concat([bytes.subarray(0, HEAD), chunk('sRGB', Uint8Array.of(0)), bytes.subarray(HEAD)])
  }
  const { width, height, channels, data } = raster
  let picture = sharp(data, { raw: { width, height, channels } }).toColourspace('srgb').withIccProfile('srgb')
  if (info) {
    const software = `Zihua Studio ${info.version}`
    picture = picture
      .withExifMerge({ IFD0: { ImageDescription: parametersText(info), Software: software } })
      .withXmp(xmpPacket(info))
  } else if (alt !== null) picture = picture.withXmp(altPacket(alt))
  return picture.toFormat(format, SETTINGS[format]).toBuffer()
}

/** Pictures for print and web at a quality that shows no loss; TIFF without loss. */
const SETTINGS = {
  png: { palette: false },
  webp: { quality: 92 },
  jpeg: { quality: 95, chromaSubsampling: '4:4:4' },
  avif: { quality: 80, chromaSubsampling: '4:4:4', effort: 2 },
  tiff: { compression: 'lzw', predictor: 'horizontal', xres: 300 / 25.4, yres: 300 / 25.4 },
} as const

/** The picture with the word's mask as alpha, softened over one pixel. */
function withAlpha(image: Rgb, mask: Gray): Raster<4> {
  const { width, height } = image
  if (mask.width !== width || mask.height !== height) {
    throw fault('maskMisfits')
  }
  const [plane] = shrink(mask, Math.max(width, height))
  const alpha = boxMean(plane, 1).data
  const out = blank(width, height, 4)
  for (let i = 0; i < alpha.length; i++) {
    out.data.set(image.data.subarray(3 * i, 3 * i + 3), 4 * i)
    out.data[4 * i + 3] = Math.round(alpha[i])
  }
  return out
}
