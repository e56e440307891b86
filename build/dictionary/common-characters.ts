/**
 * Derives core/tables/common-characters.txt, by which the encoding of a list is told: the commonest Chinese characters,
 * simplified and traditional, from jieba's counts and CC-CEDICT, and the commonest kanji of JMdict's common words.
 *
 *     node build/dictionary/common-characters.ts jieba-0.42.1/jieba/dict.txt
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { type CedictEntry, cedictFile } from '../../core/prompt/cedict.ts'
import { readCounts } from './jieba.ts'

const MOST = 800
const [list] = process.argv.slice(2)
const counts = readCounts(list)

class Tally {
  readonly #counts = new Map<string, number>()
  add(word: string, count: number): void {
    for (const c of word) if (/\p{Script=Han}/u.test(c)) this.#counts.set(c, (this.#counts.get(c) ?? 0) + count)
  }
  top(): string {
    const ranked = [...this.#counts].toSorted((a, b) => b[1] - a[1])
    return ranked
      .slice(0, MOST)
      .map(([c]) => c)
      .join('')
  }
}

const simplified = new Tally()
const traditional = new Tally()
for (const entry of JSON.parse(readFileSync(cedictFile(), 'utf8')) as CedictEntry[]) {
  // Words: single characters would count for each of their rare forms.
  if ([...entry.simplified].length < 2) continue
  const count = counts.get(entry.simplified) ?? 0
  simplified.add(entry.simplified, count)
  traditional.add(entry.traditional, count)
}
for (const [word, count] of counts) if ([...word].length === 1) simplified.add(word, count)
const japanese = new Tally()
const dictionary = new URL('../../core/prompt/data/jmdict.tsv.br', import.meta.url)
for (const line of brotliDecompressSync(readFileSync(dictionary)).toString('utf8').split('\n')) {
  const [written, , flags] = line.split('\t')
  if (flags.includes('c')) japanese.add(written.split(';')[0], 1)
}
const out = join(import.meta.dirname, '../../core/tables/common-characters.txt')
writeFileSync(out, `${simplified.top()}\n${traditional.top()}\n${japanese.top()}\n`)
