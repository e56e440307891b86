import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { chunk, emptyRow } from './chunks.ts'
import { ClipTokenizer } from './clip-tokenizer.ts'

const casesFile = fixture('sdxl/tokenizer/cases.json')
const folder = fileURLToPath(new URL('clip-vocab', import.meta.url))

interface Case {
  text: string
  ids_1: number[]
  ids_2: number[]
  untruncated_ids_1: number[]
  untruncated_length: number
}

describe.skipIf(!casesFile)('the 82 reference cases (needs the golden set sdxl)', async () => {
  const { cases } = JSON.parse(readFileSync(casesFile!, 'utf8')) as { cases: Case[] }
  const first = await ClipTokenizer.load(folder, '<|endoftext|>')
  const second = await ClipTokenizer.load(folder, '!')
  it('are all there', () => expect(cases.length).toBe(82))
  it.each(cases)('$text', ({ text, ids_1, ids_2, untruncated_ids_1, untruncated_length }) => {
    expect(chunk(first, text, 'truncate').rows).toEqual([ids_1])
    expect(chunk(second, text, 'truncate').rows).toEqual([ids_2])
    expect([first.start, ...first.encode(text), first.end]).toEqual(untruncated_ids_1)
    expect(chunk(first, text, 'truncate').tokens + 2).toBe(untruncated_length)
  })
})

describe('long prompts', async () => {
  const tokenizer = await ClipTokenizer.load(folder, '<|endoftext|>')
  const words = (count: number) => Array.from({ length: count }, () => 'cat').join(' ')

  it('are read 75 tokens at a time', () => {
    const { rows, tokens, dropped } = chunk(tokenizer, words(160), 'chunk')
    expect(rows.map(row => row.length)).toEqual([77, 77, 77])
    expect(rows.map(row => row.indexOf(tokenizer.end))).toEqual([76, 76, 11])
    expect({ tokens, dropped }).toEqual({ tokens: 160, dropped: 0 })
  })

  it('say how much was dropped when they are truncated', () => {
    expect(chunk(tokenizer, words(160), 'truncate')).toMatchObject({ tokens: 160, dropped: 85 })
  })

  it('exactly full rows need no further row', () => {
    expect(chunk(tokenizer, words(75), 'chunk').rows.length).toBe(1)
    expect(chunk(tokenizer, words(76), 'chunk').rows.length).toBe(2)
  })

  it('an empty prompt is one row of padding', () => {
    expect(chunk(tokenizer, '', 'chunk').rows).toEqual([emptyRow(tokenizer)])
  })

  it('a folder without a vocabulary is one clear error', async () => {
    await expect(ClipTokenizer.load('/nowhere', '!')).rejects.toMatchObject({ code: 'bad-weights' })
  })
})
