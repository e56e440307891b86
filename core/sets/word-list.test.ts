import { describe, expect, it } from 'vitest'
import type { SetWord } from './set-word.ts'
import { readWordList, writeWordList } from './word-list.ts'

const styles = new Set(['comic', 'neon'])
const read = (text: string) => readWordList(text, { styles, font: null })
const wordsOf = async (text: string) => (await read(text)).words

describe('a word list', () => {
  it('is a word a line, with a translation behind a comma or a tab', async () => {
    expect(await wordsOf('学习\nlove, любовь\n山，mountain, hill\ngood morning; доброе утро')).toEqual([
      { word: '学习' },
      { word: 'love', translation: 'любовь' },
      { word: '山', translation: 'mountain, hill' },
      { word: 'good morning', translation: 'доброе утро' },
    ])
    expect(await read('学习\n\n  love, actually\tлюбовь \n水\twater; liquid\n\n火, fire\n')).toEqual({
      words: [
        { word: '学习' },
        { word: 'love, actually', translation: 'любовь' },
        { word: '水', translation: 'water; liquid' },
        { word: '火', translation: 'fire' },
      ],
      ...{ problems: [], notes: [] },
    })
  })

  it('is a table where its first line names the columns, in any order, with any delimiter', async () => {
    const expected = [{ word: '学习', translation: 'study, learn', style: 'neon', seed: 3 }, { word: 'Привет' }]
    expect(await wordsOf('word,translation,style,seed\n学习,"study, learn",neon,3\nПривет')).toEqual(expected)
    expect(
      await wordsOf('\ufeffSeed\tStyle\tWord\tTranslation\r\n3\tneon\t学习\tstudy, learn\r\n\t\tПривет\t'),
    ).toEqual(expected)
  })

  it('may begin with the word "word"', async () => {
    expect(await wordsOf('word, слово\nlove, любовь')).toEqual([
      { word: 'word', translation: 'слово' },
      { word: 'love', translation: 'любовь' },
    ])
  })

  it('reports each invalid line, and keeps the others', async () => {
    const { words, problems } = await read(
      `word,translation,style,seed\n学习,study,comix,1\n山,,neon,many\n,nothing,,\n火,fire,comic,2\n\u{10FFFD},x\n${'长'.repeat(70)}\n`,
    )
    expect(words).toEqual([{ word: '火', translation: 'fire', style: 'comic', seed: 2 }])
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 6, 7])
    expect(problems.map(({ message }) => message).join('\n')).toMatch(
      /"comix"\n.*"many".*\n.*no word\n.*U\+10FFFD.*\n.*64 is the most/,
    )
  })

  it('says what is wrong with the list as a whole', async () => {
    expect(await read('')).toEqual({ words: [], problems: [], notes: [] })
    expect(await read('word,translation,colour\n学,study,red')).toMatchObject({
      words: [{ word: '学', translation: 'study' }],
      problems: [],
      notes: [{ line: 1, message: 'the column "colour" is not used' }],
    })
    expect((await read('学\n"open')).problems).toMatchObject([
      { line: 2, message: expect.stringContaining('quotation mark') },
    ])
  })

  it('tells all lines of a word over two lines that cannot be drawn', async () => {
    const { problems } = await read('水, water\n"\u{10FFFD}\nb", x\n火')
    expect(problems).toMatchObject([{ line: 2, lines: [2, 3] }])
  })

  const lists: SetWord[][] = [
    [{ word: '学习' }, { word: 'love', translation: 'любовь' }],
    [{ word: 'word' }, { word: 'a, b', translation: 'say "hi"' }],
    [{ word: '水', pinyin: 'shuǐ', style: 'neon', seed: 0 }, { word: '火' }],
    [{ word: 'a\nb', translation: 'x; y' }],
  ]
  it.each(lists)('comes back as it was written: %o', async (...list) => {
    expect((await read(writeWordList(list.flat()))).words).toEqual(list.flat())
  })
})
