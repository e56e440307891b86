import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT, type Layout } from '../contract/request.ts'
import { blank, type Gray } from '../raster/raster.ts'
import { fixture } from '../testing/fixtures.ts'
import { drawWord } from './draw.ts'
import { labelGlyph, labelStrokes } from './labels.ts'
import { maskOf } from './mask.ts'
import type { StrokeLabels } from './types.ts'

const truth = fixture('conditioning/seg')

async function read(path: string): Promise<Gray> {
  const { data, info } = await sharp(path).extractChannel(0).raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: 1, data: new Uint8Array(data) }
}

/** Share of the ink that belongs to one stroke alone and got its label. */
async function score(folder: string): Promise<number> {
  const [src, labels, overlap] = await Promise.all(
    ['src', 'labels', 'overlap'].map(n => read(join(folder, `${n}.png`))),
  )
  const paper = src.data[0]
  const mask: Gray = { ...src, data: src.data.map(v => (Math.abs(v - paper) > 127 ? 255 : 0)) }
  const found = await labelStrokes(mask, folder.split('/').at(-1)![0])
  let right = 0
  let all = 0
  for (let at = 0; at < labels.data.length; at++) {
    if (!labels.data[at] || overlap.data[at]) continue
    all++
    if (found.labels[at] === labels.data[at]) right++
  }
  return right / all
}

describe.skipIf(!truth)('stroke truth (needs ZIHUA_FIXTURES: conditioning/seg)', () => {
  const folders = truth ? readdirSync(truth).sort() : []

  const displaced: number[] = []

  it.each(folders)('%s: at least 0.985 of the ink', async folder => {
    const share = await score(join(truth!, folder))
    if (folder.endsWith('_jit')) displaced.push(share)
    expect(share).toBeGreaterThanOrEqual(0.985)
  })

  it('0.995 on average over the displaced ones', () => {
    expect(displaced).toHaveLength(8)
    expect(displaced.reduce((sum, v) => sum + v, 0) / 8).toBeGreaterThanOrEqual(0.995)
  })
})

const label = async (word: string, layout: Partial<Layout> = {}, size = 320) => {
  const glyph = await drawWord(word, { ...DEFAULT_LAYOUT, ...layout }, size, size)
  return { glyph, found: await labelGlyph(glyph) }
}
const areas = ({ labels, strokes }: StrokeLabels) => {
  const counts = new Array<number>(strokes.length + 1).fill(0)
  for (const k of labels) counts[k]++
  return counts.slice(1)
}
const labelAt = ({ labels, width }: StrokeLabels, x: number, y: number) => labels[Math.round(y) * width + Math.round(x)]

describe('words', () => {
  it.each([
    ['永', {}],
    ['永', { font: 'noto-serif-sc', weight: 400 }],
    ['永', { font: 'ma-shan-zheng' }],
    ['龍', {}],
    ['学习', { font: 'ma-shan-zheng' }],
    ['Ж', {}],
    ['あ', {}],
    ['g', { slant: 20 }],
  ] as [string, Partial<Layout>][])(
    '%s %j: all ink has a label, paper has none, every stroke has ink',
    async (word, layout) => {
      const { glyph, found } = await label(word, layout)
      const mask = maskOf(glyph)
      expect(found.labels.map(k => (k > 0 ? 255 : 0))).toEqual(Uint16Array.from(mask.data))
      expect(Math.min(...areas(found))).toBeGreaterThan(10)
    },
  )

  it.each([[{}], [{ font: 'noto-serif-sc' }], [{ font: 'ma-shan-zheng' }], [{ weight: 900 }]] as [Partial<Layout>][])(
    '永 %j: each part of the character is its own stroke',
    async layout => {
      const { found } = await label('永', layout)
      expect(found.basis).toBe('strokes')
      expect(found.strokes.map(({ type }) => type)).toEqual(['dian', 'gou', 'zhe', 'pie', 'na'])
      // The middle of each spine lies on ink of its own stroke.
      const [dian, gou, zhe, , na] = found.strokes.map(({ median }) => median[Math.floor(median.length / 2)])
      expect(labelAt(found, ...dian)).toBe(1)
      expect(labelAt(found, ...gou)).toBe(2)
      expect(labelAt(found, ...zhe)).toBe(3)
      expect(labelAt(found, ...na)).toBe(5)
    },
  )

  it('the radical of 学 is its lower part', async () => {
    const { glyph, found } = await label('学')
    const rows = { radical: [0, 0], rest: [0, 0] }
    found.labels.forEach((k, at) => {
      if (!k) return
      const sum = found.strokes[k - 1].radical ? rows.radical : rows.rest
      sum[0] += Math.floor(at / found.width)
      sum[1]++
    })
    expect(rows.radical[0] / rows.radical[1]).toBeGreaterThan(rows.rest[0] / rows.rest[1] + glyph.height / 5)
  })

  it('characters follow one another: their strokes lie in their own cells', async () => {
    const { glyph, found } = await label('学习')
    expect(found.strokes).toHaveLength(11)
    const middle = glyph.characters[1].cell.x
    for (const [k, { median }] of found.strokes.entries()) expect(median.every(([x]) => x < middle)).toBe(k < 8)
  })

  it('a letter has geometry only; beside a character it keeps no radical', async () => {
    const { found } = await label('Ж')
    expect(found.basis).toBe('geometry')
    expect(found.strokes.length).toBeGreaterThan(4)
    const mixed = (await label('学A')).found
    expect(mixed.basis).toBe('strokes')
    expect(mixed.strokes.slice(8).some(({ radical }) => radical)).toBe(false)
  })

  it('directions: the bars of П are one heng and two shu, the dot of i is dian', async () => {
    expect((await label('П')).found.strokes.map(({ type }) => type).sort()).toEqual(['heng', 'shu', 'shu'])
    expect((await label('i', { font: 'noto-sans' })).found.strokes.map(({ type }) => type).sort()).toEqual([
      'dian',
      'shu',
    ])
    expect((await label('o')).found.strokes.map(({ type }) => type)).toEqual(['other'])
  })
})

describe('masks', () => {
  it('no ink: no strokes', async () => {
    expect(await labelStrokes(blank(8, 4, 1), '学')).toMatchObject({ basis: 'geometry', strokes: [] })
  })

  it('a single pixel', async () => {
    const mask = blank(9, 9, 1)
    mask.data[40] = 255
    for (const char of [null, '学']) expect((await labelStrokes(mask, char)).labels[40]).toBeGreaterThan(0)
  })

  it('without a character only geometry is known', async () => {
    const glyph = await drawWord('永', DEFAULT_LAYOUT, 128, 128)
    expect((await labelGlyph({ ...glyph, characters: [] })).basis).toBe('geometry')
  })
})
