import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { StudioError } from '../faults/studio-error.ts'
import { drawWord } from '../glyph/draw.ts'
import { maskOf } from '../glyph/mask.ts'
import type { Glyph } from '../glyph/types.ts'
import { readPicture } from '../pictures/door.ts'
import { DISTORTIONS, type Distortion, painted, spearman, texture } from '../raster/distortions.ts'
import { seededRandom as random } from '../raster/random.ts'
import { blank, type Gray, type Rgb } from '../raster/raster.ts'
import { fixture } from '../testing/fixtures.ts'
import { type LegibilityScore, legibility } from './legibility.ts'

const WORDS = ['学', '龍', 'love', '学习', 'Жук']
const glyphs = new Map<string, Glyph>()
const maskFor = (word: string): Gray => maskOf(glyphs.get(word)!)
beforeAll(async () => {
  for (const word of WORDS) glyphs.set(word, await drawWord(word, DEFAULT_LAYOUT, 256, 256))
})
const pictureOf = (word: string, ink = [30, 40, 90], paper = [240, 220, 190]) =>
  painted(glyphs.get(word)!.coverage, ink, paper)

it('a plain word is plain, in any two colours that differ', () => {
  for (const [ink, paper] of [
    [
      [0, 0, 0],
      [255, 255, 255],
    ],
    [
      [255, 255, 255],
      [0, 0, 0],
    ],
    [
      [200, 40, 40],
      [40, 120, 60],
    ],
    [
      [0, 0, 255],
      [0, 120, 0],
    ],
  ])
    for (const word of WORDS) expect(legibility(pictureOf(word, ink, paper), maskFor(word)).score).toBeGreaterThan(0.95)
})

it('what is not there is not read', () => {
  const flat: Rgb = { ...blank(256, 256, 3), data: new Uint8Array(256 * 256 * 3).fill(128) }
  for (const word of WORDS) {
    expect(legibility(flat, maskFor(word)).score).toBe(0)
    expect(legibility(texture(256, 256, 5), maskFor(word)).score).toBeLessThan(0.2)
    expect(legibility(pictureOf(word, [128, 128, 128], [130, 130, 130]), maskFor(word)).score).toBeLessThan(0.4)
  }
})

it('another word is not this word', () => {
  for (const word of WORDS)
    for (const other of WORDS)
      if (word !== other) expect(legibility(pictureOf(other), maskFor(word)).score).toBeLessThan(0.35)
})

describe('falls with growing distortion', () => {
  const kinds = Object.keys(DISTORTIONS) as Distortion[]
  const levels = [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1]

  it.each(kinds)('plain words, %s: Spearman at most −0.9', async kind => {
    for (const [n, word] of ['学', 'love'].entries()) {
      const scores: number[] = []
      for (const level of levels)
        scores.push(legibility(await DISTORTIONS[kind](pictureOf(word), level, 7 + n), maskFor(word)).score)
      expect(spearman(levels, scores), `${word} ${scores.map(s => s.toFixed(2)).join(' ')}`).toBeLessThanOrEqual(-0.9)
      expect(scores[0]).toBeGreaterThan(0.95)
      expect(scores.at(-1)).toBeLessThan(0.5)
    }
  })

  const folder = fixture('legibility')!
  const names = readdirSync(folder).filter(name => name.endsWith('.webp'))
  it.each(names)('painter picture %s: plainly legible, and Spearman at most −0.9', async name => {
    const mask = await readMask(join(folder, `mask-${/-([^-]+)\.webp$/.exec(name)![1]}.png`))
    const picture = await readPicture(join(folder, name))
    const n = names.indexOf(name)
    const scores: number[] = []
    for (const level of levels)
      scores.push(legibility(await DISTORTIONS[kinds[n % kinds.length]](picture, level, n), mask).score)
    expect(scores[0]).toBeGreaterThan(0.9)
    expect(spearman(levels, scores), scores.map(s => s.toFixed(2)).join(' ')).toBeLessThanOrEqual(-0.9)
    expect(scores.at(-1)).toBeLessThan(0.5)
  })
})

async function readMask(file: string): Promise<Gray> {
  const { width, height, data } = await readPicture(file)
  return { width, height, channels: 1, data: data.filter((_, i) => i % 3 === 0) }
}

it('small shifts are forgiven and told, larger ones count against it', () => {
  const moved = (by: number): Rgb => {
    const picture = pictureOf('学')
    const out = { ...picture, data: picture.data.slice() }
    for (let y = 0; y < 256; y++)
      for (let x = 0; x < 256; x++) {
        const from = 3 * (y * 256 + Math.max(0, x - by))
        out.data.set(picture.data.subarray(from, from + 3), 3 * (y * 256 + x))
      }
    return out
  }
  const small: LegibilityScore = legibility(moved(6), maskFor('学'))
  expect(small.score).toBeGreaterThan(0.9)
  expect(small.parts.shift[0]).toBeCloseTo(6 / 256, 2)
  expect(legibility(moved(40), maskFor('学')).score).toBeLessThan(small.score - 0.2)
})

it('a word in one channel alone is found there', () => {
  const next = random(3)
  const noisy = blank(256, 256, 3)
  const { data } = glyphs.get('学')!.coverage
  for (let i = 0; i < data.length; i++) {
    noisy.data[3 * i] = 255 * next()
    noisy.data[3 * i + 1] = 255 * next()
    noisy.data[3 * i + 2] = 40 + 0.7 * data[i]
  }
  const { score, parts } = legibility(noisy, maskFor('学'))
  expect(parts).toMatchObject({ channel: 'B', polarity: 'light' })
  expect(score).toBeGreaterThan(0.9)
})

it('reads the mask at another size, not in other proportions, and needs ink', async () => {
  const large = maskOf(await drawWord('学', DEFAULT_LAYOUT, 512, 512))
  expect(legibility(pictureOf('学'), large).score).toBeGreaterThan(0.9)
  expect(() => legibility(pictureOf('学'), blank(256, 128, 1))).toThrow(StudioError)
  expect(() => legibility(pictureOf('学'), blank(256, 256, 1))).toThrow(/no ink/)
})
