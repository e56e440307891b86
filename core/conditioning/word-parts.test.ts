import { describe, expect, it } from 'vitest'
import { compose, draw, motif, UPRIGHT, word } from '../composition/testing.ts'
import { repaintSchema } from '../contract/repaint.ts'
import { DEFAULT_LAYOUT } from '../contract/writing.ts'
import { drawWord, rasterise } from '../glyph/draw.ts'
import { maskOf } from '../glyph/mask.ts'
import { repaintArea } from './repaint-area.ts'
import { wordParts } from './word-parts.ts'

/** Pixels in which a part's outline and the area that its place names differ. */
async function difference(path: string, place: number, glyph: Parameters<typeof wordParts>[0]): Promise<number> {
  const { width, height } = glyph
  const drawn = maskOf({ coverage: await rasterise([path], width, height) })
  const area = await repaintArea(repaintSchema.parse({ strokes: [place], grow: 0, feather: 0 }), glyph, null)
  return drawn.data.reduce((sum, v, i) => sum + ((v !== 0) === (area.data[i] === 255) ? 0 : 1), 0)
}

describe('the strokes that can be chosen', () => {
  it('of 学 are eight in writing order, the last three its radical, each where its place is painted again', async () => {
    const glyph = await drawWord('学', DEFAULT_LAYOUT, 256, 256)
    const { basis, strokes } = await wordParts(glyph)
    expect(basis).toBe('strokes')
    expect(strokes.map(({ place }) => place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(strokes.filter(({ radical }) => radical).map(({ place }) => place)).toEqual([6, 7, 8])
    for (const k of [0, 7]) expect(await difference(strokes[k].path, k + 1, glyph)).toBeLessThan(40)
  })

  it('of a composition are those of its words; a motif is none', async () => {
    const at = (x: number) => ({ ...UPRIGHT, x, scale: [0.4, 0.4] })
    const glyph = await draw(compose(motif({ transform: at(0.75) }), word({ transform: at(0.25) })))
    const { strokes } = await wordParts(glyph)
    // The motif lies beneath, and its lines are labelled first.
    expect(strokes.map(({ place }) => place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const { path } of strokes) {
      const xs = path.match(/[\d.]+ [\d.]+/g)!.map(pair => Number(pair.split(' ')[0]))
      expect(Math.max(...xs)).toBeLessThanOrEqual(glyph.width / 2)
    }
    const { path, place } = strokes.at(-1)!
    expect(await difference(path, place, glyph)).toBeLessThan(40)
  })

  it('of letters are what was found in their ink', async () => {
    const { basis, strokes } = await wordParts(await drawWord('love', DEFAULT_LAYOUT, 256, 256))
    expect(basis).toBe('geometry')
    expect(strokes.length).toBeGreaterThan(3)
  })
})
