import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../core/contract/vocabulary.ts'
import { hashOfInputs, INPUTS, PICTURES } from './inputs.ts'
import { moduleOf } from './markdown.ts'

const folder = join(PICTURES, '..')
const textOf = (language: string) => readFileSync(join(folder, `${language}.md`), 'utf8')
const picturesOf = (text: string) => [...text.matchAll(/!\[[^\]]+\]\(pictures\/([^)]+)\)/g)].map(([, name]) => name)

it('its pictures show the page as it is: npm run guide:pictures takes them again', () => {
  expect(JSON.parse(readFileSync(INPUTS, 'utf8')).sha256).toBe(hashOfInputs())
})

describe.each(LANGUAGES)('the guide in %s', language => {
  it('has every picture that it shows', () => {
    const pictures = picturesOf(textOf(language))
    expect(pictures.filter(name => !existsSync(join(PICTURES, name)))).toEqual([])
    expect(pictures.every(name => name.startsWith(`${language}-`))).toBe(true)
  })

  it('has the parts of the English one, in the same order', () => {
    const shape = (text: string) => text.match(/^(#+|!\[|```|- |\d\.)/gm)
    expect(shape(textOf(language))).toEqual(shape(textOf('en')))
  })
})

it('shows every picture that was taken', () => {
  const shown = LANGUAGES.flatMap(language => picturesOf(textOf(language)))
  expect(readdirSync(PICTURES).filter(name => name.endsWith('.webp'))).toEqual(shown.sort())
})

it('pictures of a page become files of the build', () => {
  const source = moduleOf('# A "title"\n\n![x](pictures/a.webp)\n\n![y](pictures/b.webp)')
  expect(source).toContain("import p1 from './pictures/a.webp'")
  expect(source).toContain("import p3 from './pictures/b.webp'")
  expect(source).toMatch(/export default ".*<img src=\\"" \+ p1 \+ ".*" \+ p3 \+ "/)
})

it('code that scrolls is reached by the keyboard', () => {
  expect(moduleOf('```\nnpm start\n```')).toContain('<pre tabindex=\\"0\\">')
})
