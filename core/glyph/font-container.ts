/** The sfnt (TrueType or OpenType tables) inside what a font file is packed in. */
import { inflateSync } from 'node:zlib'
import { decompress } from 'wawoff2'

/** Packed fonts are made for the web; the largest in use (pan-CJK) unpack to 40 MB. */
export const MAX_UNPACKED_BYTES = 128 * 1024 * 1024
/** OpenType registers fewer than 100 tables; a font has each once. */
const MAX_TABLES = 256

export type Container = 'sfnt' | 'ttc' | 'woff' | 'woff2'

/** By the file's first four bytes; null if it is no font. */
export function containerOf(bytes: Buffer): Container | null {
  if (bytes.length < 12) return null
  const tag = bytes.toString('latin1', 0, 4)
  if (tag === 'ttcf') return 'ttc'
  if (tag === 'wOFF') return 'woff'
  if (tag === 'wOF2') return 'woff2'
  return tag === 'OTTO' || tag === 'true' || tag === '\0\x01\0\0' ? 'sfnt' : null
}

/** @throws RangeError and others where the file is damaged or unpacks to more than MAX_UNPACKED_BYTES */
export async function unpack(bytes: Buffer, container: Container): Promise<Uint8Array> {
  if (container === 'woff') return unpackWoff(bytes)
  if (container !== 'woff2') return bytes
  // WOFF2 header (W3C): totalSfntSize is what the tables unpack to.
  if (bytes.readUInt32BE(16) > MAX_UNPACKED_BYTES) throw new RangeError('unpacks to too much')
  // What decompress gives is overwritten by its next call.
  return Uint8Array.from(await decompress(bytes))
}

/** WOFF 1.0 (W3C) → the sfnt inside: the table directory rewritten, each table inflated. */
function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12)
  if (count > MAX_TABLES) throw new RangeError('too many tables')
  let total = 12 + 16 * count
  const tables: { tag: string; checksum: number; data: Buffer }[] = []
  for (let i = 0; i < count; i++) {
    const entry = 44 + 20 * i
    const offset = woff.readUInt32BE(entry + 4)
    const packed = woff.readUInt32BE(entry + 8)
    const length = woff.readUInt32BE(entry + 12)
    total += length
    if (total > MAX_UNPACKED_BYTES) throw new RangeError('unpacks to too much')
    const raw = woff.subarray(offset, offset + packed)
    const data: Buffer = packed < length ? inflateSync(raw, { maxOutputLength: length }) : raw
    tables.push({ tag: woff.toString('latin1', entry, entry + 4), checksum: woff.readUInt32BE(entry + 16), data })
  }
  const header = Buffer.alloc(12 + 16 * count)
  woff.copy(header, 0, 4, 8)
  header.writeUInt16BE(count, 4)
  const parts: Buffer[] = [header]
  let position = header.length
  for (const [i, { tag, checksum, data }] of tables.entries()) {
    const entry = 12 + 16 * i
    header.write(tag, entry, 'latin1')
    header.writeUInt32BE(checksum, entry + 4)
    header.writeUInt32BE(position, entry + 8)
    header.writeUInt32BE(data.length, entry + 12)
    const padding = Buffer.alloc(-data.length & 3)
    parts.push(data, padding)
    position += data.length + padding.length
  }
  return Buffer.concat(parts)
}

/** Number of fonts in a file. */
export const fontCount = (bytes: Buffer, container: Container): number =>
  container === 'ttc' ? bytes.readUInt32BE(8) : 1
