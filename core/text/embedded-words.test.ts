import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { chunk } from './chunks.ts'
import { ClipTokenizer } from './clip-tokenizer.ts'
import { takeAskedEmbeddings } from './embedded-words.ts'

const folder = fileURLToPath(new URL('clip-vocab', import.meta.url))
const load = (words: Record<string, number[]>) =>
  ClipTokenizer.load(folder, '<|endoftext|>', new Map(Object.entries(words)))

describe('words of embeddings in a prompt', async () => {
  const tokenizer = await load({ 'Easy-Negative': [90001, 90002], bad: [90003], '永.v2': [90004], 'a+b(c)': [90005] })
  const cat = tokenizer.encode('cat')

  it.each<[string, number[]]>([
    ['easy-negative', [90001, 90002]],
    ['cat, EASY-NEGATIVE', [...tokenizer.encode('cat,'), 90001, 90002]],
    ['embedding:Easy-Negative cat', [90001, 90002, ...cat]],
    ['embedding:bad.safetensors', [90003]],
    ['<bad>', [90003]],
    ['<bad', [...tokenizer.encode('<'), 90003]],
    ['bad>', [90003, ...tokenizer.encode('>')]],
    ['永.v2 cat', [90004, ...cat]],
    ['a+b(c)', [90005]],
    ['cat bad cat bad', [...cat, 90003, ...cat, 90003]],
  ])('%s', (prompt, ids) => expect(tokenizer.encode(prompt)).toEqual(ids))

  it.each(['badly', 'not-bad', 'bad_cat', 'easy negative', 'éasy', 'sinbad', '永'])(
    '%s is an ordinary word',
    async prompt => expect(tokenizer.encode(prompt)).toEqual((await load({})).encode(prompt)),
  )

  it('weigh what the brackets say, each vector of them', () => {
    const { rows, weights } = chunk(tokenizer, '(easy-negative:1.5) cat', 'chunk', true)
    expect(rows[0].slice(1, 4)).toEqual([90001, 90002, ...cat])
    expect(weights![0].slice(0, 4)).toEqual([1, 1.5, 1.5, 1])
  })

  it('are not cut by the end of a row, unless they are longer than one', async () => {
    const long = await load({
      ink: [1, 2, 3, 4].map(n => 90000 + n),
      huge: Array.from({ length: 80 }, (_, i) => 91000 + i),
    })
    const cats = (count: number) => 'cat '.repeat(count)
    const { rows, tokens, dropped } = chunk(long, `${cats(73)}ink cat`, 'chunk')
    expect(rows.map(row => row.indexOf(long.end))).toEqual([74, 6])
    expect(rows[1].slice(1, 5)).toEqual([90001, 90002, 90003, 90004])
    expect([tokens, dropped]).toEqual([78, 0])
    expect(chunk(long, `${cats(71)}ink cat`, 'chunk').rows.map(row => row.indexOf(long.end))).toEqual([76, 2])
    expect(chunk(long, `${cats(73)}ink`, 'truncate').dropped).toBe(4)
    expect(chunk(long, 'huge', 'chunk').rows.map(row => row.indexOf(long.end))).toEqual([76, 6])
  })
})

it('an embedding that is asked for and not there is taken out, one that is there stays', () => {
  const names: string[] = []
  const rest = takeAskedEmbeddings('a embedding:none.pt, (embedding:ink:1.2) embedding:gone.', name => {
    names.push(name)
    return name !== 'ink'
  })
  expect(names).toEqual(['none', 'ink', 'gone'])
  expect(rest).toBe('a , (embedding:ink:1.2) ')
})
