import { expect, it } from 'vitest'
import { breakings, unbreakable } from './line-break.ts'

const length = (text: string) => [...text].length

it('ideographs part anywhere but before closing and after opening marks; words part at spaces', () => {
  const pieces = (line: string) => unbreakable(line).map(({ start, end }) => line.slice(start, end))
  expect(pieces('中国，你好！')).toEqual(['中', '国，', '你', '好！'])
  expect(pieces('（学）习')).toEqual(['（学）', '习'])
  expect(pieces('ちょっとー')).toEqual(['ちょっ', 'とー'])
  expect(pieces('ice  cream')).toEqual(['ice', 'cream'])
  expect(pieces('学ABC习')).toEqual(['学', 'ABC', '习'])
})

it('for each number of lines the longest is as short as can be', () => {
  const set = (line: string) =>
    breakings(line, length).map(rows => rows.map(({ start, end }) => line.slice(start, end)))
  expect(set('春眠不觉晓')).toEqual([
    ['春眠不觉晓'],
    ['春眠不', '觉晓'],
    ['春眠', '不觉', '晓'],
    ['春眠', '不', '觉', '晓'],
    ['春', '眠', '不', '觉', '晓'],
  ])
  expect(set('to be or not')[1]).toEqual(['to be', 'or not'])
  expect(set('word')).toEqual([['word']])
})
