/** How common words are, and characters in one of their traditional forms and readings (see NOTICES.md). */
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { yieldToEventLoop } from '../channel/yield.ts'
import type { CedictEntry } from './cedict.ts'
import { plainPinyin } from './senses.ts'

const FILE = new URL('./data/frequencies.tsv.br', import.meta.url)
/** A level is so many times the binary logarithm of a count: build/dictionary/frequencies.ts. */
const LEVELS_A_BIT = 4
/** Some milliseconds' worth. */
const WORDS_AT_ONCE = 10_000

export class Frequencies {
  readonly #words = new Map<string, number>()
  readonly #forms = new Map<string, number>()
  /** log2 of the sum of all counts. */
  #total = 0

  private constructor() {}

  /** Takes 0.17 s of the processor's, a little at a time. @param text as build/dictionary/frequencies.ts writes it */
  static async read(text: string): Promise<Frequencies> {
    const frequencies = new Frequencies()
    await frequencies.#read(text)
    return frequencies
  }

  async #read(text: string): Promise<void> {
    const [words, forms] = text.split('\n\n')
    let total = 0
    for (const line of words.split('\n')) {
      const [level, list] = line.split('\t')
      const known = list.split(' ')
      for (const [at, word] of known.entries()) {
        if (at % WORDS_AT_ONCE === WORDS_AT_ONCE - 1) await yieldToEventLoop(undefined)
        this.#words.set(word, Number(level))
      }
      total += known.length * 2 ** (Number(level) / LEVELS_A_BIT)
    }
    for (const [at, line] of forms.trim().split('\n').entries()) {
      if (at % WORDS_AT_ONCE === WORDS_AT_ONCE - 1) await yieldToEventLoop(undefined)
      const tab = line.lastIndexOf('\t')
      this.#forms.set(line.slice(0, tab), Number(line.slice(tab + 1)))
    }
    this.#total = Math.log2(total)
  }

  /** Bits of surprise at a simplified word in running text, about 5 (的) to 24; null where it was never counted. */
  surpriseOf(word: string): number | null {
    const level = this.#words.get(word)
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
    .then(bytes => Frequencies.read(bytes.toString('utf8')))
  return loading
}
