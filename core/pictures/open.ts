/** The first half of the door: bytes that are a picture of a known format and of a bearable size, before any is decoded. */
import sharp, { type Metadata, type Sharp } from 'sharp'
import { fault, reasonOf } from '../faults/fault.ts'
import { type Phrase, StudioError } from '../faults/studio-error.ts'
import { readRegularSync } from '../files/regular-file.ts'
import { refuseHeic } from './foreign-picture.ts'
import { PICTURE_LIMITS } from './limits.ts'
import { plainPng } from './plain-png.ts'
import { formatOf } from './sniff.ts'

/** A file, or its bytes. */
export type PictureSource = string | Uint8Array

export interface OpenedPicture {
  bytes: Uint8Array
  header: Metadata
  /** A new decoder of the first frame. */
  decode(options?: { upright?: boolean }): Sharp
}

/**
 * Reads a picture's bytes and header. To be called in a process that may be ended: a file on a share that stalls blocks it.
 * @param name as errors call the picture
 * @throws StudioError 'bad-image': no ordinary file, no picture, HEIC, too large, too much in it
 */
export async function openPicture(source: PictureSource, name: string | Phrase): Promise<OpenedPicture> {
  const file = typeof source === 'string' ? read(source, name) : source
  const format = formatOf(file)
  if (format === null) throw fault('notAPicture', { name })
  if (file.length > PICTURE_LIMITS.bytes) throw fault('pictureOverfull', { name })
  const bytes = format === 'png' ? plainPng(file, name) : file
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(cause => {
      throw fault('notAPicture', { name }, { cause })
    })
  refuseHeic(header, name)
  const { width, height } = header
  if (Math.max(width, height) > PICTURE_LIMITS.side || width * height > PICTURE_LIMITS.pixels)
    throw fault('pictureTooLarge', { name, width, height })
  const decode = ({ upright = true } = {}) =>
    sharp(bytes, { limitInputPixels: PICTURE_LIMITS.pixels, autoOrient: upright })
  return { bytes, header, decode }
}

function read(path: string, name: string | Phrase): Uint8Array {
  try {
    return readRegularSync(path, { maxBytes: PICTURE_LIMITS.bytes })
  } catch (cause) {
    const reason = (cause instanceof StudioError && (cause.values?.['reason'] as string | Phrase)) || reasonOf(cause)
    throw fault('pictureUnreadable', { name, reason }, { cause })
  }
}
