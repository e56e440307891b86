/** How common words are, and characters in one of their traditional forms and readings (see NOTICES.md). */
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { yieldToEventLoop } from '../channel/yield.ts'
import type { CedictEntry } from './cedict.ts'
import { HeadwordIndex } from './headword-index.ts'
import { plainPinyin } from './senses.ts'

const FILE = new URL('./data/frequencies.tsv.br', import.meta.url)
/** A level is so many times the binary logarithm of a count: build/dictionary/frequencies.ts. */
const LEVELS_A_BIT = 4
/** Some milliseconds' worth. */
const WORDS_AT_ONCE = 20_000
/** Bytes of the shortest word, one character, and what stands behind it. */
const SHORTEST_WORD = 4
const [TAB, SPACE, LINE_FEED] = [0x09, 0x20, 0x0a]

export class Frequencies {
  readonly #bytes: Buffer
  /** Where the words lie in the bytes: no object for each of 86,000. */
  readonly #index: HeadwordIndex
  /** Of each line of words where it begins, in the bytes' order, and its level. */
  readonly #lines: { start: number; level: number }[] = []
  readonly #forms = new Map<string, number>()
  /** log2 of the sum of all counts. */
  #total = 0

  private constructor(bytes: Buffer, words: number) {
    this.#bytes = bytes
    this.#index = new HeadwordIndex(bytes, words / SHORTEST_WORD)
  }

  /** Takes 0.03 s of the processor's, a little at a time. @param bytes as build/dictionary/frequencies.ts writes them */
  static async read(bytes: Buffer): Promise<Frequencies> {
    const words = bytes.indexOf('\n\n')
    const frequencies = new Frequencies(bytes, words)
    await frequencies.#readWords(words)
    frequencies.#readForms(words + 2)
    return frequencies
  }

  async #readWords(end: number): Promise<void> {
    const bytes = this.#bytes
    let total = 0
    for (let at = 0, read = 0; at < end; at++) {
      const tab = bytes.indexOf(TAB, at)
      const level = Number(bytes.toString('latin1', at, tab))
      this.#lines.push({ start: at, level })
      const before = read
      at = tab
      do {
        const start = ++at
        while (at < end && bytes[at] !== SPACE && bytes[at] !== LINE_FEED) at++
        this.#index.add(start, at, start)
        if (++read % WORDS_AT_ONCE === 0) await yieldToEventLoop(undefined)
      } while (bytes[at] === SPACE)
      total += (read - before) * 2 ** (level / LEVELS_A_BIT)
    }
    this.#total = Math.log2(total)
  }

  #readForms(from: number): void {
    for (const line of this.#bytes.toString('utf8', from).trim().split('\n')) {
      const tab = line.lastIndexOf('\t')
      this.#forms.set(line.slice(0, tab), Number(line.slice(tab + 1)))
    }
  }

  #levelOf(word: string): number | undefined {
    const wanted = Buffer.from(word)
    for (const start of this.#index.candidates(wanted)) {
      const end = start + wanted.length
      const whole = this.#bytes[end] === SPACE || this.#bytes[end] === LINE_FEED
      if (whole && wanted.compare(this.#bytes, start, end) === 0)
        return this.#lines.findLast(line => line.start < start)!.level
    }
  }

  /** Bits of surprise at a simplified word in running text, about 5 (的) to 24; null where it was never counted. */
  surpriseOf(word: string): number | null {
    const level = this.#levelOf(word)
    return level === undefined ? null : this.#total - level / LEVELS_A_BIT
  }

  /** How much longer words use the character in the entry's traditional form and reading; 0: none does. */
  weightOf({ simplified, traditional, pinyin }: CedictEntry): number {
    return this.#forms.get([simplified, traditional, plainPinyin(pinyin)].join('\t')) ?? 0
  }
}

let loading: Promise<Frequencies> | null = null

/** Read once a process. */
export function loadFrequencies(): Promise<Frequencies> {
  loading ??= readFile(FILE)
    .then(bytes => promisify(brotliDecompress)(bytes))
    .then(bytes => Frequencies.read(bytes))
  return loading
}
