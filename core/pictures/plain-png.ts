/** PNG files without what no pixel depends on. Source: Portable Network Graphics, third edition (W3C), sections 5 and 11. */
import { inflateSync } from 'node:zlib'
import { fault } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { PICTURE_LIMITS } from './limits.ts'

/** Chunks that pixels, their colours or their orientation depend on. */
const DECIDE = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS'],
  ...['gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT', 'pHYs', 'eXIf'],
])
const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt'])
const SIGNATURE_BYTES = 8

/**
 * The PNG without texts, animation and private chunks: a decoder would unpack all of them. What is damaged is left to the
 * decoder.
 * @throws StudioError 'bad-image' pictureOverfull: too many chunks, texts too long, a colour profile that unpacks without end
 */
export function plainPng(bytes: Uint8Array, name: string | Phrase): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Buffer[] = [file.subarray(0, SIGNATURE_BYTES)]
  let dropped = false
  let texts = 0
  let at = SIGNATURE_BYTES
  for (let count = 0; at + 8 <= file.length; count++) {
    const length = file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    const end = Math.min(file.length, at + 12 + length)
    if (TEXTS.has(type)) texts += length
    if (count >= PICTURE_LIMITS.chunks || texts > PICTURE_LIMITS.textBytes) throw fault('pictureOverfull', { name })
    if (type === 'iCCP') checkProfile(file.subarray(at + 8, end - 4), name)
    if (DECIDE.has(type)) kept.push(file.subarray(at, end))
    else dropped = true
    at = end
    if (type === 'IEND') break
  }
  return dropped ? Buffer.concat(kept) : bytes
}

/** Name, NUL, method, compressed profile. */
function checkProfile(data: Buffer, name: string | Phrase): void {
  try {
    inflateSync(data.subarray(data.indexOf(0) + 2), { maxOutputLength: PICTURE_LIMITS.profileBytes })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw fault('pictureOverfull', { name }, { cause })
  }
}
