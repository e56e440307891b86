import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import * as hb from 'harfbuzzjs'
import { LRUCache } from 'lru-cache'
import { fault } from '../faults/fault.ts'
import { containerOf, fontCount, unpack } from './font-container.ts'
import { FontTables, ShapingFont } from './harfbuzz.ts'

/** The largest OpenType collections in use (pan-CJK super collections) are near 300 MB. */
const MAX_FONT_BYTES = 512 * 1024 * 1024
/** Open font files kept; a subset file of the bundled fonts is 20 to 200 kB. */
const MAX_OPEN_FILES = 96
const MAX_OPEN_BYTES = 256 * 1024 * 1024

/** What is told of a font: family and weight as shown to the user, and the SHA-256 (hex) of its file as it lies on disk. */
export interface FontIdentity {
  name: string
  sha256: string
}

/** An opened font at one weight. */
export interface Face extends FontIdentity {
  font: ShapingFont
}

class OpenFile {
  readonly sha256: string
  readonly #bytes: Uint8Array
  readonly #blob: hb.Blob
  readonly #count: number
  readonly #fonts = new Map<number, FontTables>()
  readonly faces = new Map<string, Face>()

  constructor(sha256: string, tables: Uint8Array, count: number) {
    this.sha256 = sha256
    this.#bytes = tables
    this.#blob = new hb.Blob(tables)
    this.#count = count
  }

  /** @throws RangeError where it has no glyphs */
  tables(index: number): FontTables {
    const existing = index < this.#count ? index : 0
    let tables = this.#fonts.get(existing)
    if (!tables) {
      tables = new FontTables(this.#bytes, this.#blob, existing)
      if (!['maxp', 'cmap'].every(tag => tables?.tables.has(tag))) throw new RangeError('no glyphs')
      this.#fonts.set(existing, tables)
    }
    return tables
  }
}

/** In an error's words, the name that the user knows it by. */
const named = (path: string) => ({ file: basename(path) })

async function openFontFile(path: string): Promise<OpenFile> {
  const bytes = await readFile(path)
  const container = containerOf(bytes)
  if (!container) throw fault('notAFont', named(path))
  try {
    const tables = await unpack(bytes, container)
    const file = new OpenFile(createHash('sha256').update(bytes).digest('hex'), tables, fontCount(bytes, container))
    file.tables(0)
    return file
  } catch (cause) {
    throw fault('fontDamaged', named(path), { cause })
  }
}

const openFiles = new LRUCache<string, Promise<OpenFile>>({ max: MAX_OPEN_FILES, maxSize: MAX_OPEN_BYTES })

/** Opens (and unpacks) each file once and keeps the most recently used; a file that changed on disk is opened again. */
async function cachedFile(path: string): Promise<OpenFile> {
  const info = await stat(path).catch(cause => {
    throw fault('fontUnreadable', named(path), { cause })
  })
  if (!info.isFile()) throw fault('fontIsNoFile', named(path))
  if (info.size > MAX_FONT_BYTES) throw fault('fontTooLarge', named(path))
  const key = `${path}\0${info.size}\0${info.mtimeMs}`
  let opened = openFiles.get(key)
  if (!opened) {
    opened = openFontFile(path)
    openFiles.set(key, opened, { size: info.size + 1 })
    opened.catch(() => openFiles.delete(key))
  }
  return opened
}

/**
 * Opens a font file at a weight (100..900, CSS). A variable font is set to the weight within its own range; another font
 * stays as it is. `index` picks the font in a collection, `family` is the name to show (default: the font's own).
 * @throws StudioError bad-font: not a file, not a font, damaged
 */
export async function openFace(path: string, weight: number, index = 0, family?: string): Promise<Face> {
  const file = await cachedFile(path)
  try {
    const tables = file.tables(index)
    const axis = tables.weights()
    const set = axis ? Math.min(axis.max, Math.max(axis.min, weight)) : null
    const key = `${index} ${set}`
    let face = file.faces.get(key)
    if (!face) {
      const shown = family ?? tables.name(1) ?? basename(path)
      const name = `${shown} ${set ?? tables.name(2) ?? ''}`.trim()
      face = { name, sha256: file.sha256, font: new ShapingFont(tables, set) }
      file.faces.set(key, face)
    }
    return face
  } catch (cause) {
    throw fault('fontDamaged', named(path), { cause })
  }
}
