import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { chunk } from './chunks.ts'
import { ClipTokenizer } from './clip-tokenizer.ts'
import { loraTagsOf, takeLoraTags } from './lora-tags.ts'
import { BREAK, parsePromptWeights } from './prompt-weights.ts'

/** "text*weight" with four digits, as A1111's own doctests write them. */
const told = (prompt: string) =>
  parsePromptWeights(prompt).map(piece => (piece === BREAK ? 'BREAK' : `${piece.text}*${+piece.weight.toFixed(4)}`))

describe('weights as AUTOMATIC1111 reads them (doctests of its parse_prompt_attention)', () => {
  it.each([
    ['normal text', ['normal text*1']],
    ['an (important) word', ['an *1', 'important*1.1', ' word*1']],
    ['(unbalanced', ['unbalanced*1.1']],
    ['\\(literal\\]', ['(literal]*1']],
    ['(unnecessary)(parens)', ['unnecessaryparens*1.1']],
    [
      'a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).',
      ['a *1', 'house*1.573', ' *1.1', 'on*1', ' a *1.1', 'hill*0.55', ', sun, *1.1', 'sky*1.4641', '.*1.1'],
    ],
    ['(cat: 1.3 )', ['cat*1.3']],
    ['[dim]', ['dim*0.9091']],
    ['time: 12:30)', ['time: 12:30)*1']],
    ['a BREAK b', ['a*1', 'BREAK', 'b*1']],
    ['', []],
  ])('%s', (prompt, pieces) => expect(told(prompt)).toEqual(pieces))

  it('a typing error does not leave noise', () => expect(told('(cat:13000)')).toEqual(['cat*10']))
})

describe('rows', async () => {
  const tokenizer = await ClipTokenizer.load(fileURLToPath(new URL('clip-vocab', import.meta.url)), '<|endoftext|>')

  it('every token has the weight of its piece; start, end and padding weigh 1', () => {
    const { rows, weights } = chunk(tokenizer, 'a (red cat:1.5) here', 'chunk', true)
    expect(rows).toEqual(chunk(tokenizer, 'a red cat here', 'chunk').rows)
    expect(weights?.[0].slice(0, 7)).toEqual([1, 1, 1.5, 1.5, 1, 1, 1])
    expect(weights?.[0]).toHaveLength(77)
  })

  it('a prompt that weighs nothing is the same rows, and without weights', () => {
    expect(chunk(tokenizer, 'a red cat', 'chunk', true)).toEqual(chunk(tokenizer, 'a red cat', 'chunk'))
    expect(chunk(tokenizer, 'a (red:1.3) cat', 'chunk').weights).toBeNull()
  })

  it('BREAK begins a row of its own', () => {
    const { rows, tokens } = chunk(tokenizer, 'a cat BREAK a dog', 'chunk', true)
    expect([rows.length, tokens]).toEqual([2, 4])
    expect(rows[1]).toEqual(chunk(tokenizer, 'a dog', 'chunk').rows[0])
  })
})

describe('LoRA tags', () => {
  it('name and weight, whatever stands between them', () => {
    expect(loraTagsOf('a <lora:ink v2:0.8>, <lyco:x> <lora:y:0.5:1> <lora:z:high>')).toEqual([
      { name: 'ink v2', weight: 0.8 },
      { name: 'x', weight: 1 },
      { name: 'y', weight: 0.5 },
      { name: 'z', weight: 1 },
    ])
  })
  it('are taken out one by one', () => {
    expect(takeLoraTags('a <lora:x:1> b <lora:y:1>', ({ name }) => name === 'x')).toBe('a b <lora:y:1>')
  })
})
