/** PNG chunks as bytes. Source: Portable Network Graphics, third edition (W3C), sections 5 and 11.3.3. */
import { crc32, inflateSync } from 'node:zlib'
import { PICTURE_LIMITS } from '../pictures/limits.ts'

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Texts beyond these are attacks or accidents, not metadata. */
export const PNG_TEXT_LIMITS = {
  /** A request has a few kB, a ComfyUI workflow some hundred; 16 MB is far above every text seen. */
  textBytes: 16 << 20,
  /** Chunks of text in one file. */
  texts: 256,
  chunks: PICTURE_LIMITS.chunks,
  /** All texts together, as they lie in the file and unpacked. */
  allBytes: 64 << 20,
} as const

/** Length, type, data, checksum. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(12 + data.length)
  out.writeUInt32BE(data.length)
  out.write(type, 4, 'latin1')
  out.set(data, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
  return out
}

/** Latin-1 text. The keyword has 1 to 79 characters. */
export function textChunk(keyword: string, text: string): Uint8Array {
  return chunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'))
}

/** UTF-8 text, uncompressed, no language. */
export function internationalChunk(keyword: string, text: string): Uint8Array {
  return chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text)]))
}

/** tEXt where Latin-1 has every character, iTXt otherwise, as other programs read "parameters". */
export function plainestChunk(keyword: string, text: string): Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is Latin-1, without NUL
  return /^[\x01-\xff]*$/.test(text) ? textChunk(keyword, text) : internationalChunk(keyword, text)
}

/** Keyword and text of a tEXt, zTXt or iTXt chunk's data, or null where it is damaged or inflates beyond the limit. */
export function decodeText(type: string, data: Uint8Array): [keyword: string, text: string] | null {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const end = bytes.indexOf(0)
  if (end < 1 || end > 79) return null
  const keyword = bytes.toString('latin1', 0, end)
  const rest = bytes.subarray(end + 1)
  if (type === 'tEXt') return [keyword, plainText(rest)]
  if (type === 'zTXt') {
    const text = rest[0] === 0 ? inflate(rest.subarray(1)) : null
    return text && [keyword, plainText(text)]
  }
  const text = internationalText(rest)
  return text && [keyword, text.toString('utf8')]
}

/**
 * Latin-1 by the standard, but several programs write UTF-8. Bytes that are UTF-8 of more than ASCII are hardly ever
 * meant as Latin-1: "Ð¿" is no word.
 */
function plainText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

/** Behind the keyword: compressed?, method, language, NUL, translated keyword, NUL, text. */
function internationalText(rest: Buffer): Buffer | null {
  const language = rest.indexOf(0, 2)
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1)
  if (translated < 0) return null
  const text = rest.subarray(translated + 1)
  if (rest[0] === 0) return text
  return rest[0] === 1 && rest[1] === 0 ? inflate(text) : null
}

function inflate(data: Uint8Array): Buffer | null {
  try {
    return inflateSync(data, { maxOutputLength: PNG_TEXT_LIMITS.textBytes })
  } catch {
    return null
  }
}
