import { describe, expect, it } from 'vitest'
import { checkDraft, styleProblems } from './style-problems.ts'
import { builtInStyle } from './styles.ts'

const comic = builtInStyle('comic')!
const learn = { word: '学习', translation: 'to learn' }

describe('what is invalid in a style', () => {
  it('nothing in a good one', () => expect(styleProblems(comic)).toEqual([]))
  it('each thing at its field', () => {
    const name = { en: ' ', ru: 'Комикс', zh: 'x'.repeat(61) }
    const problems = styleProblems({ ...comic, name, template: '{place} of {character}', palette: ['#000000'] })
    expect(problems.map(({ field, code, name }) => [field, code, name])).toEqual([
      ['name.en', 'empty', undefined],
      ['name.zh', 'too-long', '60'],
      ['template', 'unknown-placeholder', 'place'],
      ['template', 'no-meaning', undefined],
      ['palette', 'other', undefined],
    ])
  })
  it('a loose brace and an empty template', () => {
    expect(styleProblems({ ...comic, template: '{meaning} }' })).toMatchObject([{ code: 'loose-brace' }])
    expect(styleProblems({ ...comic, template: '' })[0]).toMatchObject({ field: 'template', code: 'empty' })
  })
  it.each([null, 'text', []])('%j is no style, and says so', value => {
    expect(styleProblems(value)).toMatchObject([{ field: '', code: 'other' }])
  })
})

describe('the prompt of a style that is edited', () => {
  it('stands there before the style has a name', async () => {
    const { problems, prompt } = await checkDraft({ ...comic, name: { en: '', ru: '', zh: '' } }, learn)
    expect(problems).toHaveLength(3)
    expect(prompt?.map(({ text }) => text).join('')).toBe(
      'A vibrant comic book style illustration of to learn, inspired by 学习',
    )
  })
  it('is none while the template is invalid, or there is no word', async () => {
    expect((await checkDraft({ ...comic, template: '{place}' }, learn)).prompt).toBeNull()
    expect((await checkDraft(comic, { word: null, translation: null })).prompt).toBeNull()
  })
})
