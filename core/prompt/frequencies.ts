/** How common words are, and characters in one of their traditional forms and readings (see NOTICES.md). */
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import type { CedictEntry } from './cedict.ts'
import { plainPinyin } from './senses.ts'

const FILE = new URL('./data/frequencies.tsv.br', import.meta.url)
/** A level is so many times the binary logarithm of a count: build/dictionary/frequencies.ts. */
const LEVELS_A_BIT = 4

export class Frequencies {
  readonly #words = new Map<string, number>()
  readonly #forms = new Map<string, number>()
  /** log2 of the sum of all counts. */
  readonly #total: number

  /** @param text as build/dictionary/frequencies.ts writes it */
  constructor(text: string) {
    const [words, forms] = text.split('\n\n')
    let total = 0
    for (const line of words.split('\n')) {
      const [level, list] = line.split('\t')
      const known = list.split(' ')
      for (const word of known) this.#words.set(word, Number(level))
      total += known.length * 2 ** (Number(level) / LEVELS_A_BIT)
    }
    for (const line of forms.trim().split('\n')) {
      const at = line.lastIndexOf('\t')
      this.#forms.set(line.slice(0, at), Number(line.slice(at + 1)))
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
    .then(bytes => new Frequencies(bytes.toString('utf8')))
  return loading
}
