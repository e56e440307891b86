import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { visualOrder } from './bidi.ts'
import { drawWord } from './draw.ts'
import { openFaces } from './fonts.ts'
import { itemize } from './itemize.ts'
import { maskOf } from './mask.ts'

const shaping = (name: string) => new URL(`../../fixtures/shaping/${name}`, import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(shaping(name), 'utf8'))

const require = createRequire(import.meta.url)
/** fixtures/shaping names a font as "@scope/package/file", or a file beside it. */
const fontFile = (font: string) => {
  if (!font.includes('/')) return fileURLToPath(shaping(font))
  const [scope, name, ...rest] = font.split('/')
  return join(dirname(require.resolve(`${scope}/${name}/package.json`)), ...rest)
}

interface Entry {
  script: string
  font: string
  weight: number | null
  words: string[]
}
const entries: Entry[] = read('words.json')
const words = entries.flatMap(({ words: list, ...entry }) => list.map(word => ({ word, ...entry })))

/** Of a strip in golden.png. */
const [width, height] = [288, 96]

async function strips(): Promise<Uint8Array> {
  const { data, info } = await sharp(shaping('golden.png').pathname)
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([width, height * words.length])
  return data
}
const golden = strips()

function overlap(a: Uint8Array, b: Uint8Array): number {
  let both = 0
  let either = 0
  for (let at = 0; at < a.length; at++) {
    if (a[at] && b[at]) both++
    if (a[at] || b[at]) either++
  }
  return both / either
}

describe('ink as HarfBuzz draws it', () => {
  it.each(words.map((entry, index) => ({ ...entry, index })))(
    '$script $word',
    async ({ word, font, weight, index }) => {
      const layout = { ...DEFAULT_LAYOUT, font: fontFile(font), weight: weight ?? 400 }
      const { data } = maskOf(await drawWord(word, layout, width, height))
      const strip = (await golden).subarray(index * width * height, (index + 1) * width * height)
      expect(overlap(data, strip)).toBeGreaterThanOrEqual(0.93)
    },
  )

  it('170 words in 25 scripts at least', () => {
    expect(words.length).toBeGreaterThanOrEqual(170)
    expect(new Set(entries.map(({ script }) => script)).size).toBeGreaterThanOrEqual(25)
  })
})

describe('order as the bidirectional algorithm has it (python-bidi)', () => {
  it.each(read('mixed-lines.json') as { text: string; visual: string; base: number }[])(
    '$text',
    async ({ text, visual, base }) => {
      const paragraph = itemize(text, await openFaces(text, { font: null, weight: 400 }))
      const seen = visualOrder(paragraph.characters).map(character => character.text)
      // Python's leaves the direction marks out.
      expect(seen.join('').replace(/[\u200e\u200f]/g, '')).toBe(visual.replace(/[\u200e\u200f]/g, ''))
      expect(paragraph.base).toBe(base)
    },
  )
})
