import { describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { drawWord } from '../glyph/draw.ts'
import { labelGlyph } from '../glyph/labels.ts'
import { maskOf } from '../glyph/mask.ts'
import { coarseLabels } from './coarse-labels.ts'

describe('coarseLabels', () => {
  for (const word of ['永', '学习', '龍'])
    it(`${word}: the same strokes, nearly the same pixels, no ink left out`, async () => {
      const glyph = await drawWord(word, DEFAULT_LAYOUT, 512, 512)
      const mask = maskOf(glyph)
      const full = await labelGlyph(glyph)
      const coarse = await coarseLabels(glyph, mask)
      const kinds = ({ strokes }: typeof full) => strokes.map(({ type, radical }) => `${type} ${radical}`)
      expect(coarse.basis).toBe('strokes')
      expect(kinds(coarse)).toEqual(kinds(full))
      let ink = 0
      let same = 0
      for (let i = 0; i < mask.data.length; i++) {
        if (!mask.data[i]) continue
        ink++
        if (coarse.labels[i] === full.labels[i]) same++
      }
      expect(coarse.labels.every((label, i) => label > 0 === mask.data[i] > 0)).toBe(true)
      expect(same / ink).toBeGreaterThan(0.9)
    })
})
