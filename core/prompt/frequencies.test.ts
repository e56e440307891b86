import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Frequencies, loadFrequencies } from './frequencies.ts'

const file = brotliDecompressSync(readFileSync(new URL('./data/frequencies.tsv.br', import.meta.url)))

describe('the index into the frequencies', () => {
  it('finds every word with the level of its line, and every form', async () => {
    const frequencies = await loadFrequencies()
    const [words, forms] = file.toString('utf8').split('\n\n')
    const levels = words.split('\n').map(line => {
      const [level, list] = line.split('\t')
      return { level: Number(level), words: list.split(' ') }
    })
    const total = Math.log2(levels.reduce((sum, { level, words }) => sum + words.length * 2 ** (level / 4), 0))
    for (const { level, words } of levels) {
      const wrong = words.filter(word => Math.abs(frequencies.surpriseOf(word)! - (total - level / 4)) > 1e-9)
      expect(wrong).toEqual([])
    }
    expect(levels.flatMap(({ words }) => words).length).toBeGreaterThan(80_000)
    const [simplified, traditional, pinyin, weight] = forms.split('\n')[0].split('\t')
    expect(frequencies.weightOf({ simplified, traditional, pinyin, english: [] })).toBe(Number(weight))
  })

  it('has nothing else: no part of a word, no line, no form', async () => {
    const frequencies = await loadFrequencies()
    for (const word of ['', '习学', '学习学', '\t', ' ', '\n', '39', '俊\t俊', 'constructor'])
      expect(frequencies.surpriseOf(word), word).toBeNull()
    expect(frequencies.weightOf({ simplified: '学', traditional: '学', pinyin: 'none', english: [] })).toBe(0)
  })

  it('a word at the end of a line, one of one letter, and one that begins another are told apart', async () => {
    const small = await Frequencies.read(Buffer.from('8\ta 学习 学\n4\t学习班 b\n\n学\t學\txue2\t5\n'))
    const total = Math.log2(3 * 2 ** 2 + 2 * 2)
    for (const word of ['a', '学习', '学']) expect(small.surpriseOf(word)).toBeCloseTo(total - 2, 9)
    for (const word of ['学习班', 'b']) expect(small.surpriseOf(word)).toBeCloseTo(total - 1, 9)
    expect(small.surpriseOf('习班')).toBeNull()
    expect(small.weightOf({ simplified: '学', traditional: '學', pinyin: 'xue2', english: [] })).toBe(5)
  })
})
