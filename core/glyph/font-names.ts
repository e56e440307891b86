import { type FileHandle, open } from 'node:fs/promises'

/** What a font file says of one of its fonts, read from its name, OS/2 and fvar tables alone. */
export interface FontNames {
  /** Position in a collection, 0 otherwise. */
  index: number
  /** The typographic family in English where the font has it. */
  family: string
  /** Its names in other languages. */
  aliases: string[]
  /** CSS weights: the variable font's range, or twice the same. */
  weights: [number, number]
  italic: boolean
}

/** More would be no font that a system can use. */
const MAX_TABLES = 256
const MAX_FONTS = 256
const MAX_NAME_BYTES = 1 << 20

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
  if (bytesRead < length) throw new RangeError('the font file is cut off')
  return buffer
}

type Tables = Map<string, { offset: number; length: number }>

async function tablesAt(file: FileHandle, offset: number): Promise<Tables> {
  const head = await readAt(file, offset, 12)
  const version = head.readUInt32BE(0)
  const count = head.readUInt16BE(4)
  // 'OTTO', 'true' and 1.0: OpenType specification, "Table directory".
  if (![0x4f54544f, 0x74727565, 0x00010000].includes(version) || count > MAX_TABLES) throw new RangeError('not a font')
  const directory = await readAt(file, offset + 12, 16 * count)
  const tables: Tables = new Map()
  for (let at = 0; at < directory.length; at += 16)
    tables.set(directory.toString('latin1', at, at + 4), {
      offset: directory.readUInt32BE(at + 8),
      length: directory.readUInt32BE(at + 12),
    })
  return tables
}

/** Family names, best first: typographic (16) before plain (1), English before others. */
function familyNames(name: Buffer): string[] {
  const count = name.readUInt16BE(2)
  const storage = name.readUInt16BE(4)
  const found: { text: string; rank: number }[] = []
  for (let i = 0; i < count; i++) {
    const at = 6 + 12 * i
    const platform = name.readUInt16BE(at)
    const language = name.readUInt16BE(at + 4)
    const id = name.readUInt16BE(at + 6)
    if ((id !== 1 && id !== 16) || (platform !== 0 && platform !== 1 && platform !== 3)) continue
    const start = storage + name.readUInt16BE(at + 10)
    const raw = Buffer.from(name.subarray(start, start + name.readUInt16BE(at + 8)))
    if (platform !== 1 && raw.length % 2) continue
    const text = platform === 1 ? raw.toString('latin1') : raw.swap16().toString('utf16le')
    // A Macintosh name in another script than Roman cannot be read without its table of characters.
    if (platform === 1 && language !== 0) continue
    const english = platform === 3 ? language === 0x409 : true
    found.push({ text, rank: (id === 16 ? 0 : 4) + (english ? 0 : 2) + (platform === 1 ? 1 : 0) })
  }
  return [...new Set(found.sort((a, b) => a.rank - b.rank).map(({ text }) => text))]
}

/** Range of the axis 'wght', or null. OpenType specification, "fvar". */
function weightAxis(fvar: Buffer): [number, number] | null {
  const start = fvar.readUInt16BE(4)
  const count = fvar.readUInt16BE(8)
  const size = fvar.readUInt16BE(10)
  for (let at = start; at < start + count * size; at += size)
    if (fvar.toString('latin1', at, at + 4) === 'wght')
      return [fvar.readInt32BE(at + 4) / 65536, fvar.readInt32BE(at + 12) / 65536]
  return null
}

async function namesAt(file: FileHandle, offset: number, index: number): Promise<FontNames> {
  const tables = await tablesAt(file, offset)
  const table = async (tag: string) => {
    const entry = tables.get(tag)
    return entry ? readAt(file, entry.offset, Math.min(entry.length, MAX_NAME_BYTES)) : null
  }
  const name = await table('name')
  const [family, ...aliases] = name ? familyNames(name) : []
  if (!family) throw new RangeError('the font has no name')
  const os2 = await table('OS/2')
  const fvar = await table('fvar')
  const weight = os2?.readUInt16BE(4) || 400
  return {
    index,
    family,
    aliases,
    weights: (fvar && weightAxis(fvar)) ?? [weight, weight],
    italic: os2 ? (os2.readUInt16BE(62) & 1) === 1 : false,
  }
}

/**
 * Names of all fonts in a .ttf, .otf or .ttc file, without reading its outlines.
 * @throws RangeError or a file system error where the file is not a font
 */
export async function readFontNames(path: string): Promise<FontNames[]> {
  const file = await open(path)
  try {
    const head = await readAt(file, 0, 12)
    if (head.toString('latin1', 0, 4) !== 'ttcf') return [await namesAt(file, 0, 0)]
    const count = head.readUInt32BE(8)
    if (count > MAX_FONTS) throw new RangeError('not a font collection')
    const offsets = await readAt(file, 12, 4 * count)
    return await Promise.all(Array.from({ length: count }, (_, i) => namesAt(file, offsets.readUInt32BE(4 * i), i)))
  } finally {
    await file.close()
  }
}
