import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT, type Layout } from '../contract/request.ts'
import { drawWord } from './draw.ts'
import { inkBoxOf } from './ink-box.ts'
import { maskOf } from './mask.ts'
import type { Glyph } from './types.ts'

const draw = (word: string, layout: Partial<Layout> = {}, width = 256, height = 256) =>
  drawWord(word, { ...DEFAULT_LAYOUT, ...layout }, width, height)
const inkBox = (glyph: Glyph) => inkBoxOf(maskOf(glyph))!
const inkArea = (glyph: Glyph) => maskOf(glyph).data.reduce((sum, v) => sum + v / 255, 0)
const chars = ({ characters }: Glyph) => characters.map(({ char }) => char).join(' ')
const refusal = (word: string, layout: Partial<Layout> = {}) =>
  draw(word, layout).then(
    () => null,
    error => ({ code: error.code, message: error.message }),
  )

/** A font of the tests alone. */
const HANGUL = join(
  dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-kr/package.json')),
  'files/noto-sans-kr-119-wght-normal.woff2',
)

describe('fit', () => {
  it.each([
    ['学习', {}],
    ['永', {}],
    ['龍', { font: 'noto-serif-sc', weight: 400 }],
    ['あ', {}],
    ['Привет', {}],
    ['love', { slant: 15 }],
    ['ñ &', {}],
    ['春眠不觉晓', { direction: 'vertical' }],
    ['学而时习之', { direction: 'grid' }],
    ['你好', { margin: 0 }],
    ['你好', { margin: 0.4 }],
  ] as [string, Partial<Layout>][])('the ink of %s %j meets the margin and is centred', async (word, layout) => {
    const [width, height] = [320, 240]
    const { x, y, width: w, height: h } = inkBox(await draw(word, layout, width, height))
    const margin = (layout.margin ?? DEFAULT_LAYOUT.margin) * 240
    expect(Math.abs(x + w / 2 - 160)).toBeLessThanOrEqual(1)
    expect(Math.abs(y + h / 2 - 120)).toBeLessThanOrEqual(1)
    expect(Math.min(x - margin, y - margin)).toBeGreaterThan(-1.01)
    expect(Math.min(x - margin, y - margin)).toBeLessThan(1.51)
  })

  it('a word of punctuation alone keeps a sane size', async () => {
    expect(inkBox(await draw('.')).width).toBeLessThan(80)
  })

  it('is antialiased, white on black, one byte a pixel', async () => {
    const { coverage } = await draw('永')
    expect(coverage.data.length).toBe(256 * 256)
    expect([coverage.data[0], Math.max(...coverage.data)]).toEqual([0, 255])
    expect(new Set(coverage.data).size).toBeGreaterThan(50)
  })

  it('is the same every time', async () => {
    expect(Buffer.compare((await draw('学习')).coverage.data, (await draw('学习')).coverage.data)).toBe(0)
  })
})

describe('characters', () => {
  it.each([
    ['й', 'и\u0306'],
    ['ñ', 'n\u0303'],
    ['ệ', 'e\u0323\u0302'],
    ['가', '\u1100\u1161'],
  ])('%s typed in parts is drawn as one, and stays as it was typed', async (whole, parts) => {
    const font = whole === '가' ? HANGUL : null
    const [one, other] = await Promise.all([whole, parts].map(word => draw(word, { font })))
    expect(Buffer.compare(one.coverage.data, other.coverage.data)).toBe(0)
    expect(other.characters.map(({ char }) => char)).toEqual([parts])
    expect(other.word).toBe(parts)
  })

  it('a conjunct is one character', async () => {
    expect(chars(await draw('क्षि'))).toBe('क्षि')
  })

  it('a mark without a composed form stands over its letter', async () => {
    const { characters, coverage } = await draw('x\u0304', { font: 'noto-sans' })
    expect(characters.map(({ char }) => char)).toEqual(['x\u0304'])
    const plain = inkBox(await draw('x', { font: 'noto-sans' }))
    const marked = inkBoxOf({ ...coverage, data: coverage.data.map(v => (v > 127 ? 255 : 0)) })!
    expect(marked.height / marked.width).toBeGreaterThan((1.2 * plain.height) / plain.width)
  })

  it('a letter that was drawn as a part of another keeps its place in the word', async () => {
    // A weight of its own: no other test has opened the font at it.
    const layout = { font: 'noto-sans', weight: 555 }
    await draw('é', layout)
    expect(chars(await draw('one two three', layout))).toBe('o n e t w o t h r e e')
  })

  it('each knows its place, its outline and its font', async () => {
    const { characters, coverage } = await draw('学a')
    expect(characters.map(({ font }) => font.name)).toEqual(['Noto Sans SC 700', 'Noto Sans 700'])
    for (const { cell, path, font } of characters) {
      expect(path).toMatch(/^M[\d. -]+[LQC]/)
      expect(font.sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(cell.width).toBeGreaterThan(20)
    }
    expect(characters[0].cell.x + characters[0].cell.width).toBeCloseTo(characters[1].cell.x, 3)
    expect(coverage.width).toBe(256)
  })

  it('right-to-left letters stand in their visual order', async () => {
    expect(chars(await draw('שלום'))).toBe('ם ו ל ש')
    expect(chars(await draw('سلام')).startsWith('م')).toBe(true)
  })

  it('Arabic letters join: the word is one piece less than its letters apart', async () => {
    const joined = await draw('بب')
    const [left, right] = joined.characters.map(({ cell }) => cell)
    expect(left.x + left.width).toBeCloseTo(right.x, 1)
    expect(joined.characters[0].path).not.toBe(joined.characters[1].path)
  })
})

describe('layout', () => {
  it('vertical: one under another; several columns go right to left in Chinese, left to right otherwise', async () => {
    const column = (await draw('学习', { direction: 'vertical' })).characters.map(({ cell }) => cell)
    expect(column[1].y).toBeGreaterThan(column[0].y + 50)
    const chinese = (await draw('学\n习', { direction: 'vertical' })).characters.map(({ cell }) => cell.x)
    expect(chinese[0]).toBeGreaterThan(chinese[1])
    const russian = (await draw('да\nно', { direction: 'vertical' })).characters.map(({ cell }) => cell.x)
    expect(russian[0]).toBeLessThan(russian[2])
  })

  it('grid: four characters in two rows', async () => {
    const [a, b, c, d] = (await draw('学而时习', { direction: 'grid' })).characters.map(({ cell }) => cell)
    expect([a.y, c.y]).toEqual([b.y, d.y])
    expect([a.x, b.x]).toEqual([c.x, d.x])
    expect(c.y).toBeGreaterThan(a.y)
  })

  it('lines: as written, and automatically where that fills the canvas', async () => {
    const rows = async (word: string, width = 256, height = 256) =>
      new Set((await draw(word, {}, width, height)).characters.map(({ cell }) => Math.round(cell.y + cell.height))).size
    expect(await rows('学\n习')).toBe(2)
    expect(await rows('学习')).toBe(1)
    expect(await rows('学习', 192, 336)).toBe(2)
    expect(await rows('一帆风顺')).toBe(2)
    expect(await rows('一帆风顺', 1024, 256)).toBe(1)
    expect(await rows('concentration')).toBe(1)
    expect(await rows('one two three')).toBe(3)
  })

  it('weight: heavier has more ink; a weight beyond the font is its own heaviest', async () => {
    const areas = await Promise.all([100, 400, 900].map(async weight => inkArea(await draw('永', { weight }))))
    expect(areas[0] * 1.5).toBeLessThan(areas[1])
    expect(areas[1] * 1.2).toBeLessThan(areas[2])
    const [light, lighter] = await Promise.all([200, 100].map(weight => draw('永', { font: 'noto-serif-sc', weight })))
    expect(Buffer.compare(lighter.coverage.data, light.coverage.data)).toBe(0)
  })

  it('slant leans right: the top of a stem lies right of its foot', async () => {
    const { data, width } = maskOf(await draw('l', { slant: 20, font: 'noto-sans' }))
    const left = (row: number) => data.subarray(row * width, (row + 1) * width).indexOf(255)
    const { y, height } = inkBoxOf({ data, width, height: 256, channels: 1 })!
    expect(left(y + 5) - left(y + height - 5)).toBeCloseTo(Math.tan((20 * Math.PI) / 180) * (height - 10), -1)
  })
})

describe('refused', () => {
  it.each([
    ['', 'The word is empty.'],
    [' \n ', 'The word is empty.'],
    ['\u200b', 'The word is empty.'],
    ['学\u0007', 'The word holds a control character (U+0007).'],
    ['a\tb', 'The word holds a control character (U+0009).'],
    ['学'.repeat(65), 'The word has 65 characters; 64 is the most.'],
    ['学'.repeat(200), 'The word has 200 characters; 64 is the most.'],
    ['学\ud83d', 'The word holds half a character.'],
  ])('%j', async (word, message) => {
    expect(await refusal(word)).toEqual({ code: 'bad-word', message })
  })

  it('64 characters are drawn', async () => {
    expect((await draw('学'.repeat(64))).characters).toHaveLength(64)
  })

  it('characters without a glyph, by name, with all fonts tried', async () => {
    const error = await refusal('学\u{10fffd}')
    expect(error?.code).toBe('missing-glyph')
    expect(error?.message).toMatch(
      /^No outline for \u{10fffd} \(U\+10FFFD\) in Noto Sans, .*Ma Shan Zheng, Noto Emoji\.$/u,
    )
  })

  it('a character that the chosen font lacks', async () => {
    expect(await refusal('学龍', { font: 'ma-shan-zheng' })).toEqual({
      code: 'missing-glyph',
      message: 'No outline for 龍 (U+9F8D) in Ma Shan Zheng.',
    })
  })
})
