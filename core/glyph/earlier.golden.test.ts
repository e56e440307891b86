/** Pictures of earlier versions are replayed to the byte: their words have the same outlines as then. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { DEFAULT_LAYOUT, type Layout } from '../contract/request.ts'
import { drawWord } from './draw.ts'

interface Earlier {
  word: string
  layout: Partial<Layout>
  /** Of the path data of all characters at 512 × 512, joined by spaces, as version 0.1.0 (fontkit) made them. */
  sha256: string
}
const earlier: Earlier[] = JSON.parse(
  readFileSync(new URL('../../fixtures/shaping/earlier.json', import.meta.url), 'utf8'),
)

it.each(earlier)('$word $layout', async ({ word, layout, sha256 }) => {
  const { characters } = await drawWord(word, { ...DEFAULT_LAYOUT, ...layout }, 512, 512)
  const paths = characters.map(({ path }) => path).join(' ')
  expect(createHash('sha256').update(paths).digest('hex')).toBe(sha256)
})
