/** Reads the text chunks of PNG files of any program. At damage reading stops, without an error. */
import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { fault, phrase, reasonOf } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { decodeText, PNG_TEXT_LIMITS, SIGNATURE } from './png-chunks.ts'
import { REQUEST_KEYWORD } from './png-metadata.ts'

/** Bytes at an offset; fewer where the file ends. */
type Read = (offset: number, length: number) => Promise<Uint8Array>

/**
 * Keyword → text of every readable tEXt, zTXt and iTXt chunk; of two with one keyword the first. Pixels are not read.
 * What is truncated, has a wrong checksum or inflates beyond PNG_TEXT_LIMITS is left out.
 * @throws StudioError 'bad-image' for a file that cannot be read or is no PNG
 */
export async function readPngText(source: string | Uint8Array): Promise<Map<string, string>> {
  if (typeof source !== 'string')
    return collect(phrase('thePicture'), async (at, length) => source.subarray(at, at + length))
  const handle = await open(source, 'r').catch((cause: Error) => {
    throw fault('pngUnreadable', { name: source, reason: cause.message }, { cause })
  })
  try {
    return await collect(source, async (at, length) => {
      const buffer = Buffer.alloc(length)
      const { bytesRead } = await handle.read(buffer, 0, length, at).catch((cause: Error) => {
        throw fault('pngUnreadable', { name: source, reason: cause.message }, { cause })
      })
      return buffer.subarray(0, bytesRead)
    })
  } finally {
    await handle.close()
  }
}

/** True for a file that begins as a PNG does. @throws StudioError 'bad-image' for one that cannot be read */
export async function isPngFile(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch((cause: Error) => {
    throw fault('pngUnreadable', { name: file, reason: cause.message }, { cause })
  })
  try {
    const head = new Uint8Array(SIGNATURE.length)
    await handle.read(head, 0, head.length, 0)
    return Buffer.compare(head, SIGNATURE) === 0
  } catch (cause) {
    throw fault('pngUnreadable', { name: file, reason: reasonOf(cause) }, { cause })
  } finally {
    await handle.close()
  }
}

/** Request and record of a picture that the studio made, not validated; null for any other picture. */
export async function readPngRequest(
  source: string | Uint8Array,
): Promise<{ version: string; request: unknown; record: unknown } | null> {
  const text = (await readPngText(source)).get(REQUEST_KEYWORD)
  if (text === undefined) return null
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('request' in value)) return null
    const version = 'version' in value ? String(value.version) : ''
    return { version, request: value.request, record: 'record' in value ? value.record : null }
  } catch {
    return null
  }
}

async function collect(name: string | Phrase, read: Read): Promise<Map<string, string>> {
  if (Buffer.compare(await read(0, SIGNATURE.length), SIGNATURE) !== 0) throw fault('notAPng', { name })
  const texts = new Map<string, string>()
  let offset = SIGNATURE.length
  for (let count = 0; count < PNG_TEXT_LIMITS.chunks && texts.size < PNG_TEXT_LIMITS.texts; count++) {
    const head = Buffer.from(await read(offset, 8))
    if (head.length < 8) break
    const length = head.readUInt32BE(0)
    const type = head.toString('latin1', 4, 8)
    if (type === 'IEND') break
    if (/^(tEXt|zTXt|iTXt)$/.test(type) && length <= PNG_TEXT_LIMITS.textBytes) {
      const found = readText(type, await read(offset + 4, length + 8), length)
      if (found && !texts.has(found[0])) texts.set(...found)
    }
    offset += 12 + length
  }
  return texts
}

/** bytes: type, data and checksum. */
function readText(type: string, bytes: Uint8Array, length: number): [string, string] | null {
  if (bytes.length < length + 8) return null
  const checksum = Buffer.from(bytes.subarray(4 + length)).readUInt32BE()
  return crc32(bytes.subarray(0, 4 + length)) === checksum ? decodeText(type, bytes.subarray(4, 4 + length)) : null
}
