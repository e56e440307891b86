/** Reads the text chunks of PNG files of any program. At damage reading stops, without an error. */
import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { fault, phrase, reasonOf } from '../faults/fault.ts'
import type { Phrase, StudioError } from '../faults/studio-error.ts'
import { openRegular } from '../files/regular-file.ts'
import { decodeText, PNG_TEXT_LIMITS, SIGNATURE } from './png-chunks.ts'
import { REQUEST_KEYWORD } from './png-metadata.ts'

/** Bytes at an offset; fewer where the file ends. */
type Read = (offset: number, length: number) => Promise<Uint8Array>

/**
 * Keyword → text of every readable tEXt, zTXt and iTXt chunk; of two with one keyword the first. Pixels are not read.
 * What is truncated, has a wrong checksum or goes beyond PNG_TEXT_LIMITS is left out.
 * @param only this keyword's alone: nothing else is unpacked
 * @throws StudioError 'bad-image' for a file that cannot be read or is no PNG
 */
export async function readPngText(source: string | Uint8Array, only?: string): Promise<Map<string, string>> {
  if (typeof source !== 'string')
    return collect(phrase('thePicture'), async (at, length) => source.subarray(at, at + length), only)
  const unreadable = (cause: Error) => {
    throw fault('pngUnreadable', { name: source, reason: cause.message }, { cause })
  }
  const handle = await openPng(source)
  try {
    return await collect(source, windowed(handle, unreadable), only)
  } finally {
    await handle.close()
  }
}

/** Only a regular file, and without waiting for one that is none. */
const openPng = (file: string): Promise<FileHandle> =>
  openRegular(file).catch((cause: StudioError) => {
    const reason = (cause.values?.['reason'] as string | Phrase | undefined) ?? cause.message
    throw fault('pngUnreadable', { name: file, reason }, { cause })
  })

/** Chunks are small: one read of the disk serves many of them. */
const WINDOW = 1 << 16

function windowed(handle: FileHandle, unreadable: (cause: Error) => never): Read {
  let start = 0
  let window: Uint8Array = new Uint8Array()
  const readAt = async (offset: number, length: number) => {
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await handle.read(buffer, 0, length, offset).catch(unreadable)
    return buffer.subarray(0, bytesRead)
  }
  return async (offset, length) => {
    if (length > WINDOW) return readAt(offset, length)
    if (offset < start || offset + length > start + window.length) {
      start = offset
      window = await readAt(offset, WINDOW)
    }
    return window.subarray(offset - start, offset - start + length)
  }
}

/** True for a file that begins as a PNG does. @throws StudioError 'bad-image' for one that cannot be read */
export async function isPngFile(file: string): Promise<boolean> {
  const handle = await openPng(file)
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
  const text = (await readPngText(source, REQUEST_KEYWORD)).get(REQUEST_KEYWORD)
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

async function collect(name: string | Phrase, read: Read, only?: string): Promise<Map<string, string>> {
  if (Buffer.compare(await read(0, SIGNATURE.length), SIGNATURE) !== 0) throw fault('notAPng', { name })
  const texts = new Map<string, string>()
  let offset = SIGNATURE.length
  let unpacked = 0
  for (let count = 0; count < PNG_TEXT_LIMITS.chunks && texts.size < PNG_TEXT_LIMITS.texts; count++) {
    const head = Buffer.from(await read(offset, 8))
    if (head.length < 8) break
    const length = head.readUInt32BE(0)
    const type = head.toString('latin1', 4, 8)
    if (type === 'IEND') break
    if (/^(tEXt|zTXt|iTXt)$/.test(type) && length <= PNG_TEXT_LIMITS.textBytes) {
      const wanted = only === undefined || (await keywordAt(read, offset + 8)) === only
      const found = wanted ? readText(type, await read(offset + 4, length + 8), length) : null
      unpacked += length + (found?.[1].length ?? 0)
      if (unpacked > PNG_TEXT_LIMITS.allBytes) break
      if (found && !texts.has(found[0])) texts.set(...found)
    }
    offset += 12 + length
  }
  return texts
}

/** The keyword of a text chunk whose data begin there. */
async function keywordAt(read: Read, offset: number): Promise<string> {
  const head = Buffer.from(await read(offset, 80))
  return head.toString('latin1', 0, Math.max(0, head.indexOf(0)))
}

/** bytes: type, data and checksum. */
function readText(type: string, bytes: Uint8Array, length: number): [string, string] | null {
  if (bytes.length < length + 8) return null
  const checksum = Buffer.from(bytes.subarray(4 + length)).readUInt32BE()
  return crc32(bytes.subarray(0, 4 + length)) === checksum ? decodeText(type, bytes.subarray(4, 4 + length)) : null
}
