/**
 * Derives core/prompt/data/frequencies.tsv.br: how common CC-CEDICT's headwords are, from the word list of jieba 0.42.1
 * (MIT), which counts words in newspapers and books:
 *
 *     pip download --no-deps --no-binary :all: jieba==0.42.1 && tar xzf jieba-0.42.1.tar.gz
 *     node build/dictionary/frequencies.ts jieba-0.42.1/jieba/dict.txt
 *
 * First part, a line a level: level, tab, the simplified words of that level. A level is 4 · log2(count), rounded.
 * Second part, after an empty line, for characters whose entries differ in traditional form or reading: simplified,
 * traditional, pinyin and the level of all longer words in which the character has that form and reading. Nobody counts
 * how often 冬 stands for 鼕; that no common word is written with 鼕 says it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { type CedictEntry, cedictFile } from '../../core/prompt/cedict.ts'
import { plainPinyin } from '../../core/prompt/senses.ts'
import { readCounts } from './jieba.ts'

const [list] = process.argv.slice(2)
const counts = readCounts(list)
const entries = JSON.parse(readFileSync(cedictFile(), 'utf8')) as CedictEntry[]
const levelOf = (count: number) => Math.round(4 * Math.log2(count))

const levels = new Map<number, Set<string>>()
for (const { simplified } of entries) {
  const count = counts.get(simplified) ?? 0
  if (count < 2) continue
  const level = levelOf(count)
  levels.set(level, (levels.get(level) ?? new Set()).add(simplified))
}

const uses = new Map<string, number>()
const keyOf = (simplified: string, traditional: string, pinyin: string) =>
  [simplified, traditional, plainPinyin(pinyin)].join('\t')
for (const { simplified, traditional, pinyin } of entries) {
  const [s, t, p] = [[...simplified], [...traditional], pinyin.split(' ')]
  // Names say nothing of common use: 咸 is in 咸阳, but salty in every kitchen.
  if (s.length < 2 || s.length !== t.length || s.length !== p.length || /^\p{Lu}/u.test(pinyin)) continue
  for (const [at, character] of s.entries()) {
    const key = keyOf(character, t[at], p[at])
    uses.set(key, (uses.get(key) ?? 0) + (counts.get(simplified) ?? 1))
  }
}
const single = Map.groupBy(
  entries.filter(({ simplified }) => [...simplified].length === 1),
  ({ simplified }) => simplified,
)
const characters = [...single.values()].flatMap(group => {
  const keys = new Set(group.map(({ simplified, traditional, pinyin }) => keyOf(simplified, traditional, pinyin)))
  if (keys.size < 2) return []
  return [...keys].filter(key => uses.has(key)).map(key => `${key}\t${levelOf(uses.get(key)!)}`)
})

const words = [...levels].toSorted(([a], [b]) => b - a).map(([level, of]) => `${level}\t${[...of].join(' ')}`)
const text = `${words.join('\n')}\n\n${characters.join('\n')}\n`
const bytes = brotliCompressSync(text, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
})
const out = join(import.meta.dirname, '../../core/prompt/data/frequencies.tsv.br')
writeFileSync(out, bytes)
const known = [...levels.values()].reduce((sum, { size }) => sum + size, 0)
console.log(`${known} words and ${characters.length} forms of characters: ${bytes.length} bytes in ${out}`)
