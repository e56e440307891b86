/** Checks of a user's picture before it is decoded: its format, and whether its drawing is pale on transparency. */
import sharp, { type Metadata } from 'sharp'
import { fault } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'

/** HEIC holds HEVC, which is patented and which sharp's libheif does not decode; AVIF is the same container with AV1. */
export function refuseHeic({ format, compression }: Metadata, name: string | Phrase): void {
  if (format === 'heif' && compression !== 'av1') throw fault('pictureIsHeic', { name })
}

/** Longer side of the copy on which transparency is judged. */
const JUDGED_SIDE = 512
/** From here on a pixel is part of the drawing, 0..255. */
const OPAQUE = 128
/** Luminance above which lettering would be lost on white. */
const PALE = 127
/** So many of the drawing's pixels may be darker: antialiasing and dirt. */
const DARK_SHARE = 0.005

/** @returns 'pale': white or pale lettering on transparency, to be laid on black; 'dark': anything else, to be laid on white */
export async function toneOf(file: string | Uint8Array, { hasAlpha }: Metadata): Promise<'pale' | 'dark'> {
  if (!hasAlpha) return 'dark'
  const { data, info } = await sharp(file)
    .resize(JUDGED_SIDE, JUDGED_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'nearest' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  let opaque = 0
  let dark = 0
  const last = info.channels - 1
  for (let at = 0; at < data.length; at += info.channels) {
    if (data[at + last] < OPAQUE) continue
    opaque++
    // Grey with alpha has two channels.
    const [r, g, b] = last < 3 ? [data[at], data[at], data[at]] : [data[at], data[at + 1], data[at + 2]]
    if (0.299 * r + 0.587 * g + 0.114 * b <= PALE) dark++
  }
  const transparent = data.length / info.channels - opaque
  return opaque > 0 && transparent > 0 && dark <= DARK_SHARE * opaque ? 'pale' : 'dark'
}
