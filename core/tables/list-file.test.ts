/** Files under the name of a list, as other programs write and save them. */
import { describe, expect, it } from 'vitest'
import { readListFile } from './list-file.ts'
import { readList } from './read-list.ts'

const read = async (text: string) => readList(await readListFile(Buffer.from(text), 'list.csv'), { inFile: true })
const wordsIn = async (text: string) => (await read(text)).entries.map(({ word }) => word)

describe('what holds no list is told, and no line of it becomes a word', () => {
  it.each([
    ['<!DOCTYPE html>\n<html><body>404</body></html>', 'an HTML page'],
    [
      '\ufeff<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>学习</td></tr></table>',
      'an HTML page',
    ],
    ['<?xml version="1.0"?><Error/>', 'an HTML page'],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n', 'a Git LFS pointer'],
    ['[{"word":"学习"}]', 'a JSON text'],
    ['{"word":"学习"}\n{"word":"爱"}\n', 'a JSON text'],
    ['{\\rtf1\\ansi \\u23398?}', 'a document of a word processor (RTF), not a list'],
    ['%PDF-1.7\n1 0 obj\n', 'a PDF document, not a list'],
  ])('%j', async (text, what) => {
    await expect(readListFile(Buffer.from(text), 'list.csv')).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(what),
    })
  })

  it.each(['[学习]\n爱', '{学}\n爱', '<b>学习</b>\n爱', '["学习"\n爱', '% 100\n爱'])('%j is a list', async text => {
    expect(await wordsIn(text)).toHaveLength(2)
  })
})

describe('tables of other programs', () => {
  const TWO = [
    { word: '学习', translation: 'study' },
    { word: '爱', translation: 'love' },
  ]
  it.each([
    ['Markdown', '| word | translation |\n|:---|---:|\n| 学习 | study |\n| 爱 | love |\n'],
    ['Excel’s line filled up with empty cells', 'sep=;;;\nword;translation;\n学习;study;\n爱;love;\n'],
    ['line separators', 'word,translation\u2028学习,study\u2028爱,love'],
    ['paragraph separators', '学习,study\u2029爱,love'],
    ['next lines', 'word,translation\u0085学习,study\u0085爱,love'],
    ['the end of a text in DOS', 'word,translation\r\n学习,study\r\n爱,love\r\n\x1a'],
    ['Japanese names', '単語,意味\n学习,study\n爱,love'],
    ['Korean names', '단어;뜻\n学习;study\n爱;love'],
  ])('%s', async (_, text) => expect(await wordsIn(text)).toEqual(TWO))

  it.each(['#separator:constructor', '#separator:__proto__', '#tags column:none'])(
    'Anki’s line %s says nothing',
    async line => {
      expect(await read(`${line}\n学习\tstudy\n爱\tlove`)).toMatchObject({ problems: [], notes: [] })
      expect(await wordsIn(`${line}\n学习\tstudy\n爱\tlove`)).toEqual(TWO)
    },
  )

  it('a line behind a separator keeps its number', async () => {
    const { problems } = await read('word,seed\u2028学,1\u2028爱,many')
    expect(problems).toMatchObject([{ line: 3 }])
  })

  it.each([
    ['{{c1::学习::to study}}', '学习'],
    ['我{{c1::爱}}你', '我爱你'],
    ['学&#x4e60;', '学习'],
    ['{学}', '{学}'],
  ])('a cell %s is %s', async (cell, word) => expect(await wordsIn(`word\n${cell}\n`)).toEqual([{ word }]))
})
