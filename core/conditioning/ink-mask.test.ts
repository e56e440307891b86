import { describe, expect, it } from 'vitest'
import type { Glyph } from '../glyph/types.ts'
import { golden, items } from '../raster/testing-goldens.ts'
import { inkMask } from './ink-mask.ts'
import { goldenGlyph } from './testing-glyph.ts'

const own = (...coverage: number[]): Glyph => ({
  word: '',
  width: coverage.length,
  height: 1,
  coverage: { width: coverage.length, height: 1, channels: 1, data: Uint8Array.from(coverage) },
  characters: [],
})

describe('inkMask', () => {
  it('a pale picture is split half-way between its lightest and its darkest', () => {
    expect([...inkMask(own(95, 115, 116, 135)).data]).toEqual([0, 0, 255, 255])
  })
  it('a flat picture is all ink or all paper', () => {
    expect([...inkMask(own(200, 200)).data]).toEqual([255, 255])
    expect([...inkMask(own(100, 100)).data]).toEqual([0, 0])
  })
  const clean = items.filter(({ fg, bg, noise_sigma }) => fg < bg && noise_sigma === 0)
  it.skipIf(clean.length === 0)(`equals the golden masks${clean.length ? '' : ' (needs ZIHUA_FIXTURES)'}`, async () => {
    for (const { id } of clean)
      expect(Buffer.compare(inkMask(await goldenGlyph(id)).data, (await golden(id, 'mask')).data), id).toBe(0)
  })
})
