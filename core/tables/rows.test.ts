import { describe, expect, it } from 'vitest'
import { readPreamble } from './delimited.ts'
import { readList } from './read-list.ts'
import { type LineNote, rowsOf } from './rows.ts'

const MARKS = [',', ';']
const read = (text: string) => {
  const { rows, problems } = rowsOf(text, MARKS)
  return { cells: rows.map(({ cells }) => cells.join('|')), problems: problems.map(place) }
}
const place = ({ line, lines, key }: LineNote) => [key, line, ...(lines ?? [])]
const listOf = (text: string) => readList({ kind: 'text', ...readPreamble(text) })

describe('a quotation mark that is not closed', () => {
  it('is told where it stands, and the other lines stand', () => {
    expect(read('one, 1\n"two, 2\nthree, 3\nfour, 4\nfive, 5')).toEqual({
      cells: ['one|1', 'three|3', 'four|4', 'five|5'],
      problems: [['quoteNotClosed', 2]],
    })
  })
  it.each([
    ['in the first line', '"a, 1\nb, 2', ['b|2'], [['quoteNotClosed', 1]]],
    ['in the last line', 'a, 1\n\n  "b, 2', ['a|1'], [['quoteNotClosed', 3]]],
    ['in the last line, with its end', 'a, 1\n"b, 2\n', ['a|1'], [['quoteNotClosed', 2]]],
    [
      'twice',
      '"a\nb\n"c\nd',
      ['b', 'd'],
      [
        ['quoteNotClosed', 1],
        ['quoteNotClosed', 3],
      ],
    ],
    ['before a good quoted line', 'a\n"b\n"c", 3\nd', ['a', 'c|3', 'd'], [['quoteNotClosed', 2]]],
    ['before a good quoted cell', 'a\n"b\nc, "3"\nd', ['a', 'c|3', 'd'], [['quoteNotClosed', 2]]],
    ['behind a good cell', 'a, "b\nc, d', ['c|d'], [['quoteNotClosed', 1]]],
    ['behind a cell of two lines', 'x\n"a\nb", "c\nd', ['x', 'd'], [['quoteNotClosed', 3, 2, 3]]],
    ['with other ends of lines', 'a\r\n"b\rc\r\n\r\nd', ['a', 'c', 'd'], [['quoteNotClosed', 2]]],
    ['behind a byte order mark', '\ufeff"学, 1\n习; 2', ['习|2'], [['quoteNotClosed', 1]]],
  ])('%s', (_, text, cells, problems) => expect(read(text)).toEqual({ cells, problems }))
})

it('more behind a closing quotation mark is told where the cell begins', () => {
  expect(read('a\nsay, "hi" there\nb')).toEqual({ cells: ['a', 'b'], problems: [['quoteInCell', 2]] })
})

it('a mark inside a bare cell is a character', () => {
  expect(read('5" nail, x\n7" nail, y')).toEqual({ cells: ['5" nail|x', '7" nail|y'], problems: [] })
})

it('a record over some lines knows the first and the last', () => {
  const { rows } = rowsOf('a\r\n\r\n"b\r\nc\rd", 1\r\n, ,\n\n"e"\n"f\n"\n', MARKS)
  expect(rows.map(({ line, lines, cells }) => [cells.join('|'), line, lines])).toEqual([
    ['a', 1, undefined],
    ['b\r\nc\rd|1', 3, [3, 5]],
    ['e', 8, undefined],
    ['f\n', 9, [9, 10]],
  ])
})

it('a wrong record of a list has its lines, and so has a good one', () => {
  const { entries, problems } = listOf('word,translation,seed\n"a\nb",x,many\n"c\nd",y,3\n"e,z\nf,v\n')
  expect(problems.map(place)).toEqual([
    ['seedNotWhole', 2, 2, 3],
    ['quoteNotClosed', 6],
  ])
  expect(entries).toMatchObject([{ line: 4, lines: [4, 5], word: { word: 'c\nd', seed: 3 } }, { line: 7 }])
})

it('a text that is full of wrong marks is read in time, and no line is lost', () => {
  const count = 20_000
  const { rows, problems } = rowsOf('"a" b\n'.repeat(count), MARKS)
  expect(rows.length + problems.length).toBe(count)
  expect(problems.at(-1)?.line).toBe(problems.length)
})
