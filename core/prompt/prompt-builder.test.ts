import { describe, expect, it } from 'vitest'
import { LIMITS } from '../contract/vocabulary.ts'
import { buildPrompts, countTokens, PromptBuilder, type PromptInput } from './prompt-builder.ts'
import { BUILT_IN_STYLES, builtInStyle } from './styles.ts'

const comic = builtInStyle('comic')!
const watercolor = builtInStyle('watercolor')!
const input = (change: Partial<PromptInput>): PromptInput => ({
  word: null,
  translation: null,
  prompt: null,
  negativePrompt: null,
  ...change,
})
const joined = (parts: readonly { text: string }[]) => parts.map(({ text }) => text).join('')

describe('templates', () => {
  it('the translation stands for the meaning', async () => {
    const { prompt, negativePrompt, meaning, warnings } = await buildPrompts(
      input({ word: '学习', translation: 'study' }),
      comic,
    )
    expect(prompt).toBe('A vibrant comic book style illustration of study, inspired by 学习')
    expect(negativePrompt).toBe(comic.negativePrompt)
    expect(meaning).toEqual({ text: 'study', source: 'given', pinyin: null, lookup: null })
    expect(warnings).toEqual([])
  })
  it('otherwise the dictionary says it', async () => {
    const { prompt, meaning } = await buildPrompts(input({ word: '学习' }), comic)
    expect(prompt).toBe('A vibrant comic book style illustration of learning, inspired by 学习')
    expect(meaning).toMatchObject({ source: 'dictionary', pinyin: 'xué xí', lookup: { basis: 'dictionary' } })
  })
  it('a blank translation is none', async () => {
    const { meaning } = await buildPrompts(input({ word: '猫', translation: ' \n' }), comic)
    expect(meaning).toMatchObject({ source: 'dictionary', text: 'a cat' })
  })
  it('every part says where it came from', async () => {
    const { parts } = await buildPrompts(input({ word: '山', translation: 'peak' }), comic, { prompt: 'at dawn' })
    expect(parts).toEqual({
      prompt: [
        { source: 'template', text: 'A vibrant comic book style illustration of ' },
        { source: 'meaning', text: 'peak' },
        { source: 'template', text: ', inspired by ' },
        { source: 'character', text: '山' },
        { source: 'addition', text: ', at dawn' },
      ],
      negativePrompt: [{ source: 'template', text: comic.negativePrompt }],
    })
  })
  it('the parts of every style, joined, are the prompt, and no placeholder is left', async () => {
    for (const style of BUILT_IN_STYLES) {
      const { prompt, negativePrompt, parts } = await buildPrompts(input({ word: '龙' }), style, { prompt: 'red' })
      expect(joined(parts.prompt)).toBe(prompt)
      expect(joined(parts.negativePrompt)).toBe(negativePrompt)
      expect(prompt).not.toMatch(/[{}]/)
      expect(prompt).toContain('Chinese dragon')
    }
  })
  it('what is filled in is not filled in again', async () => {
    const { prompt } = await buildPrompts(input({ word: '{meaning}', translation: '{character} {x} {{' }), comic)
    expect(prompt).toBe('A vibrant comic book style illustration of {character} {x} {{, inspired by {meaning}')
  })
  it('doubled braces become braces', async () => {
    const style = { ...comic, template: '{{a}} {meaning}{character}{meaning}' }
    expect((await buildPrompts(input({ word: '山', translation: 'x' }), style)).prompt).toBe('{a} x山x')
  })
  it('without a word the meaning stands for the character', async () => {
    const { prompt } = await buildPrompts(input({ translation: 'rain' }), comic)
    expect(prompt).toMatch(/of rain, inspired by rain$/)
  })
  it.each([
    ['{meaning} by {artist} in {place}', ['{artist}', '{place}']],
    ['{meaning} {', ['a brace has no partner']],
    ['{meaning}}', ['a brace has no partner']],
    ['{ meaning }', ['{ meaning }']],
    ['{meaning} {constructor}', ['{constructor}']],
    ['{{meaning}}', ['{meaning} is missing']],
  ])('%s is refused, naming what is wrong', async (template, names) => {
    const error: unknown = await buildPrompts(input({ word: '山' }), { ...comic, template }).catch(e => e)
    expect(error).toMatchObject({ code: 'bad-style', message: expect.stringContaining('"comic"') })
    for (const name of names) expect((error as Error).message).toContain(name)
  })
})

describe('overrides', () => {
  it('a prompt stands for all, and no negative prompt is none', async () => {
    const built = await buildPrompts(input({ word: '山', prompt: 'a {cat}' }), { ...comic, template: 'unused {' })
    expect(built).toEqual({
      prompt: 'a {cat}',
      negativePrompt: null,
      parts: { prompt: [{ source: 'override', text: 'a {cat}' }], negativePrompt: [] },
      meaning: { text: '', source: 'none', pinyin: null, lookup: null },
      warnings: [],
    })
  })
  it('a prompt with an empty negative prompt: it is encoded', async () => {
    expect(await buildPrompts(input({ prompt: 'a', negativePrompt: '' }), comic)).toMatchObject({ negativePrompt: '' })
  })
  it('an empty prompt is one', async () => {
    expect(await buildPrompts(input({ prompt: '' }), comic)).toMatchObject({ prompt: '', negativePrompt: null })
  })
  it('a negative prompt alone overrides only that', async () => {
    const built = await buildPrompts(input({ word: '山', negativePrompt: 'people' }), comic)
    expect(built.prompt).toContain('a mountain')
    expect(built.negativePrompt).toBe('people')
    expect(built.parts.negativePrompt).toEqual([{ source: 'override', text: 'people' }])
  })
  it('an empty negative prompt alone overrides the style’s', async () => {
    expect(await buildPrompts(input({ word: '山', negativePrompt: '' }), comic)).toMatchObject({ negativePrompt: '' })
  })
  it('a translation beside a prompt is not read, and that is said', async () => {
    const { warnings } = await buildPrompts(input({ prompt: 'a', translation: 'b' }), comic)
    expect(warnings).toMatchObject([{ code: 'unused-translation' }])
  })
  it('additions go to the end of whatever there is', async () => {
    const add = { prompt: ' at night ', negativePrompt: 'text' }
    const built = await buildPrompts(input({ prompt: 'a cat.', negativePrompt: 'dogs' }), comic, add)
    expect(built).toMatchObject({ prompt: 'a cat. at night', negativePrompt: 'dogs, text' })
    const bare = await buildPrompts(input({ prompt: '' }), comic, add)
    expect(bare).toMatchObject({ prompt: 'at night', negativePrompt: 'text' })
    expect(bare.parts.prompt[1]).toEqual({ source: 'addition', text: 'at night' })
  })
})

describe('words that nobody explains', () => {
  it.each([
    ['love', 'love'],
    ['Schöne Grüße', 'Schöne Grüße'],
    ['Привет', 'the word "Привет"'],
    ['Доброе утро', 'the words "Доброе утро"'],
    ['Ж', 'the letter "Ж"'],
    ['שלום', 'the word "שלום"'],
    ['\u202bمرحبا\u202c', 'the word "مرحبا"'],
    ['مرحبا بالعالم', 'the words "مرحبا بالعالم"'],
    ['🐉', 'the emoji 🐉'],
    ['👨‍👩‍👧', 'the emoji 👨‍👩‍👧'],
    ['❤️', 'the emoji ❤️'],
    ['びりびりぐん', 'the word "びりびりぐん"'],
    ['斯嘉丽·约翰逊', 'the name "斯嘉丽·约翰逊"'],
    ['的', 'the Chinese character "的"'],
    ['&', 'the character "&"'],
    ['7', 'the character "7"'],
    ['«Да»\n"Нет"', 'the words "«Да» Нет"'],
  ])('%s → %s', async (word, text) => {
    const { prompt, meaning, warnings } = await buildPrompts(input({ word }), watercolor)
    expect(prompt).toBe(`A soft watercolor painting depicting ${text}, with flowing brushstrokes`)
    expect(meaning).toMatchObject({ text, source: 'none' })
    expect(warnings).toMatchObject([{ code: 'no-meaning', message: expect.stringContaining(text) }])
  })
  it('right-to-left and emoji words with a translation are written as they are', async () => {
    for (const word of ['שלום', 'مرحبا', '🐉', '👨‍👩‍👧']) {
      const { prompt, warnings } = await buildPrompts(input({ word, translation: 'peace' }), comic)
      expect(prompt).toBe(`A vibrant comic book style illustration of peace, inspired by ${word}`)
      expect(warnings).toEqual([])
    }
  })
  it('a word that was cut says how', async () => {
    const { warnings } = await buildPrompts(input({ word: '学习中文' }), comic)
    expect(warnings).toMatchObject([{ code: 'segmented', message: expect.stringContaining('学习 + 中文') }])
  })
  it.each([null, '', ' \n ', '\u200e'])('no word at all, %j, is an error', async word => {
    await expect(buildPrompts(input({ word }), comic)).rejects.toMatchObject({ code: 'bad-word' })
  })
})

describe('long prompts', () => {
  it('200 tokens are three rows', async () => {
    const translation = Array.from({ length: 200 }, () => 'cat').join(' ')
    const { prompt } = await buildPrompts(input({ word: '猫', translation }), { ...comic, template: '{meaning}' })
    expect(await countTokens(prompt)).toEqual({ tokens: 200, chunks: 3 })
  })
  it('a whole prompt is counted without start, end and padding', async () => {
    expect(await countTokens('a vibrant comic book')).toEqual({ tokens: 4, chunks: 1 })
    expect(await countTokens('')).toEqual({ tokens: 0, chunks: 1 })
  })
  it('20,000 characters are the most', async () => {
    const translation = 'x'.repeat(LIMITS.prompt)
    await expect(buildPrompts(input({ word: '猫', translation }), comic)).rejects.toMatchObject({ code: 'bad-request' })
    await expect(buildPrompts(input({ prompt: translation }), comic)).resolves.toMatchObject({ prompt: translation })
  })
  it('a folder without a vocabulary is one clear error, each time', async () => {
    for (const _ of [1, 2]) await expect(countTokens('a', '/nowhere')).rejects.toMatchObject({ code: 'bad-weights' })
  })
})

it('PromptBuilder keeps a style and additions', async () => {
  const builder = new PromptBuilder(comic, { prompt: 'in gold' })
  expect(await builder.build({ word: '山' })).toEqual(
    await buildPrompts(input({ word: '山' }), comic, { prompt: 'in gold' }),
  )
})
