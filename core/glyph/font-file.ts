import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { inflateSync } from 'node:zlib'
import * as fontkit from 'fontkit'
import { decompress } from 'wawoff2'
import { fault } from '../faults/fault.ts'

/** The largest OpenType collections in use (pan-CJK super collections) are near 300 MB. */
const MAX_FONT_BYTES = 512 * 1024 * 1024
/** Open font files kept; a subset file of the bundled fonts is 20 to 200 kB. */
const MAX_OPEN_FILES = 96

/** An opened font at one weight. */
export interface Face {
  /** Family and weight, as shown to the user. */
  name: string
  /** Of the file as it lies on disk, hex. */
  sha256: string
  font: fontkit.Font
}

interface OpenFile {
  sha256: string
  fonts: fontkit.Font[]
  /** By font index and weight. */
  faces: Map<string, Face>
}

/** In an error's words, the name that the user knows it by. */
const named = (path: string) => ({ file: basename(path) })

/** Tag of a font file by its first four bytes, null if it is none. */
function containerOf(bytes: Buffer): 'sfnt' | 'ttc' | 'woff' | 'woff2' | null {
  if (bytes.length < 12) return null
  const tag = bytes.toString('latin1', 0, 4)
  if (tag === 'ttcf') return 'ttc'
  if (tag === 'wOFF') return 'woff'
  if (tag === 'wOF2') return 'woff2'
  return tag === 'OTTO' || tag === 'true' || tag === '\0\x01\0\0' ? 'sfnt' : null
}

/**
 * WOFF 1.0 (W3C) → the sfnt inside: the table directory rewritten, each table inflated. The axes of a variable font can
 * only be set on an sfnt.
 */
function unwrapWoff(woff: Buffer): Buffer<ArrayBuffer> {
  const count = woff.readUInt16BE(12)
  const tables: { tag: string; checksum: number; data: Buffer }[] = []
  for (let i = 0; i < count; i++) {
    const entry = 44 + 20 * i
    const offset = woff.readUInt32BE(entry + 4)
    const packed = woff.readUInt32BE(entry + 8)
    const length = woff.readUInt32BE(entry + 12)
    if (length > MAX_FONT_BYTES) throw new RangeError('table too large')
    const raw = woff.subarray(offset, offset + packed)
    const data: Buffer<ArrayBufferLike> = packed < length ? inflateSync(raw, { maxOutputLength: length }) : raw
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

async function openFontFile(path: string): Promise<OpenFile> {
  const bytes = await readFile(path)
  const container = containerOf(bytes)
  if (!container) throw fault('notAFont', named(path))
  try {
    const sfnt =
      container === 'woff2' ? Buffer.from(await decompress(bytes)) : container === 'woff' ? unwrapWoff(bytes) : bytes
    const opened = fontkit.create(sfnt)
    const fonts = 'fonts' in opened ? opened.fonts : [opened]
    for (const font of fonts) if (!(font.unitsPerEm > 0) || !(font.numGlyphs > 0)) throw new RangeError('no glyphs')
    return { sha256: createHash('sha256').update(bytes).digest('hex'), fonts, faces: new Map() }
  } catch (cause) {
    throw fault('fontDamaged', named(path), { cause })
  }
}

const openFiles = new Map<string, Promise<OpenFile>>()

/** Opens each file once and keeps the most recently used; a file that changed on disk is opened again. */
async function cachedFile(path: string): Promise<OpenFile> {
  const info = await stat(path).catch(cause => {
    throw fault('fontUnreadable', named(path), { cause })
  })
  if (!info.isFile()) throw fault('fontIsNoFile', named(path))
  if (info.size > MAX_FONT_BYTES) throw fault('fontTooLarge', named(path))
  const key = `${path}\0${info.size}\0${info.mtimeMs}`
  const opened = openFiles.get(key) ?? openFontFile(path)
  openFiles.delete(key)
  openFiles.set(key, opened)
  if (openFiles.size > MAX_OPEN_FILES) openFiles.delete(openFiles.keys().next().value!)
  opened.catch(() => openFiles.delete(key))
  return opened
}

/**
 * Opens a font file at a weight (100..900, CSS). A variable font is set to the weight within its own range; another font
 * stays as it is. `index` picks the font in a collection, `family` is the name to show (default: the font's own).
 * @throws StudioError bad-font: not a file, not a font, damaged
 */
export async function openFace(path: string, weight: number, index = 0, family?: string): Promise<Face> {
  const file = await cachedFile(path)
  const base = file.fonts[index] ?? file.fonts[0]
  try {
    const axis = base.variationAxes['wght']
    const set = axis ? Math.min(axis.max, Math.max(axis.min, weight)) : null
    const key = `${index} ${set}`
    let face = file.faces.get(key)
    if (!face) {
      const shown = family ?? base.familyName ?? basename(path)
      const name = `${shown} ${set ?? base.subfamilyName ?? ''}`.trim()
      face = { name, sha256: file.sha256, font: set === null ? base : base.getVariation({ wght: set }) }
      file.faces.set(key, face)
    }
    return face
  } catch (cause) {
    throw fault('fontDamaged', named(path), { cause })
  }
}
