/** What is made of a stranger’s picture. Runs only in processes that may be ended. */
import { fault, reasonOf } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Rgb } from '../raster/raster.ts'
import { resample } from '../raster/resample.ts'
import { toneOf } from './foreign-picture.ts'
import { openPicture, type PictureSource } from './open.ts'

/** What an uploaded picture is for: ink of a map, or a picture as it is. */
export type UploadUse = 'map' | 'picture'

const unreadable = (name: string | Phrase) => (cause: unknown) => {
  throw fault('pictureUnreadable', { name, reason: reasonOf(cause).split('\n')[0] }, { cause })
}

/** 8-bit sRGB, upright, alpha laid on white; resampled to `size` where one is given. @throws StudioError 'bad-image' */
export async function decodeRgb(
  source: PictureSource,
  name: string | Phrase,
  size: { width: number; height: number } | null,
): Promise<Rgb> {
  const { decode } = await openPicture(source, name)
  const { data, info } = await decode()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(unreadable(name))
  const area = info.width * info.height
  const rgb = info.channels === 3 ? new Uint8Array(data) : new Uint8Array(area * 3)
  if (info.channels === 1) for (let i = 0; i < area * 3; i++) rgb[i] = data[Math.floor(i / 3)]
  const picture: Rgb = { width: info.width, height: info.height, channels: 3, data: rgb }
  return size === null ? picture : resample(picture, size.width, size.height, 'lanczos')
}

/**
 * A PNG of the picture, upright, in sRGB, without anything else that the file said; alpha laid on white, that of pale
 * lettering on black.
 * @param use a map of one colour is refused, as no ink stands out in it; a picture to start from may be a plain ground
 * @throws StudioError 'bad-image'
 */
export async function decodeToPng(source: PictureSource, name: string | Phrase, use: UploadUse): Promise<Uint8Array> {
  const { bytes, header, decode } = await openPicture(source, name)
  const pale = (await toneOf(bytes, header).catch(unreadable(name))) === 'pale'
  const plain = await decode()
    .flatten({ background: pale ? '#000000' : '#ffffff' })
    .toColourspace('srgb')
    .png({ palette: false })
    .toBuffer()
    .catch(unreadable(name))
  if (use === 'map') {
    const { channels } = await (await openPicture(plain, name)).decode().stats()
    if (channels.every(({ min, max }) => min === max)) throw fault('pictureBlank')
  }
  return plain
}

/** A WebP of at most `side` pixels a side. @throws StudioError 'bad-image' */
export async function decodeToThumbnail(
  source: PictureSource,
  name: string | Phrase,
  side: number,
): Promise<Uint8Array> {
  const { decode } = await openPicture(source, name)
  return decode({ upright: false })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer()
    .catch(unreadable(name))
}

/** The EXIF and XMP blocks of a picture that is no PNG; null where there is none, or no picture. */
export async function embeddedBlocks(
  source: PictureSource,
  name: string | Phrase,
): Promise<{ exif: Uint8Array | null; xmp: Uint8Array | null }> {
  const { header } = await openPicture(source, name)
  return { exif: header.exif ?? null, xmp: header.xmp ?? null }
}
