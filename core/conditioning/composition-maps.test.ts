/** Maps of compositions: strokes that follow their words, legends, shares of control. */
import { describe, expect, it } from 'vitest'
import { compose, draw, drawing, motif, UPRIGHT, word } from '../composition/testing.ts'
import { DEFAULT_LAYOUT } from '../contract/writing.ts'
import { drawWord } from '../glyph/draw.ts'
import { makeMaps } from './make-map.ts'

describe('maps', () => {
  it('a word that fills the canvas as a block has the strokes and maps of the word', async () => {
    const glyph = await drawWord('学', DEFAULT_LAYOUT, 256, 256)
    const block = await draw(compose(word({ transform: { ...UPRIGHT, scale: [0.84, 0.84] } })))
    const off = glyph.coverage.data.reduce((sum, v, i) => sum + Math.abs(v - block.coverage.data[i]), 0) / 255
    expect(off / (256 * 256)).toBeLessThan(0.001)
    const choice = [{ map: 'segmentation', method: 'radical_segmentation' }] as const
    const [[a], [b]] = [await makeMaps(glyph, choice), await makeMaps(block, choice)]
    let same = 0
    for (let i = 0; i < a.image.data.length; i++) if (a.image.data[i] === b.image.data[i]) same++
    expect(same / a.image.data.length).toBeGreaterThan(0.98)
    expect(b.legend.map(({ meaning, block }) => [meaning, block])).toEqual([
      ['paper', undefined],
      ['radical', '学'],
      ['rest', '学'],
    ])
  })

  it('strokes follow a turned word: its labels turned back are those of the upright one', async () => {
    const choice = [{ map: 'segmentation', method: 'stroke_type_segmentation' }] as const
    const [upright] = await makeMaps(await draw(compose(word())), choice)
    const turned = word({ transform: { ...UPRIGHT, rotation: 90 } })
    const [map] = await makeMaps(await draw(compose(turned)), choice)
    let [same, all] = [0, 0]
    for (let y = 0; y < 256; y++)
      for (let x = 0; x < 256; x++) {
        const [a, b] = [(y * 256 + x) * 3, (x * 256 + 255 - y) * 3]
        const at = (data: Uint8Array, i: number) => `${data[i]},${data[i + 1]},${data[i + 2]}`
        if (at(upright.image.data, a) === '120,120,120') continue
        all++
        if (at(upright.image.data, a) === at(map.image.data, b)) same++
      }
    expect(same / all).toBeGreaterThan(0.97)
  })

  it('legends name the blocks, and every method draws all of them', async () => {
    const third = (x: number, y: number) => ({ x, y, scale: [0.4, 0.4], rotation: 10 })
    const composition = compose(
      motif({ name: 'cat', transform: third(0.25, 0.25) }),
      word({ transform: third(0.7, 0.3) }),
      drawing({ name: 'wave' }),
    )
    const glyph = await draw(composition)
    const maps = await makeMaps(glyph, [
      { map: 'segmentation', method: 'radical_segmentation' },
      { map: 'segmentation', method: 'stroke_type_segmentation' },
      { map: 'canny', method: 'opencv_canny' },
      { map: 'depth', method: 'stroke_thickness_depth' },
      { map: 'scribble', method: 'hand_drawn_simulation' },
      { map: 'scribble', method: 'skeletonization_scribble' },
    ])
    for (const { legend } of maps.slice(0, 2)) {
      expect(legend).toContainEqual(expect.objectContaining({ meaning: 'motif', block: 'cat' }))
      expect(legend).toContainEqual(expect.objectContaining({ meaning: 'drawing', block: 'wave' }))
    }
    for (const { image, map } of maps.slice(2))
      for (const owner of [1, 2, 3]) {
        const lit = glyph.composed!.owners.some((own, i) => own === owner && image.data[i] > 0)
        expect([map, owner, lit]).toEqual([map, owner, true])
      }
  })

  it("a block's share of control fades its part of each map and no other", async () => {
    const left = { x: 0.25, y: 0.5, scale: [0.4, 0.4], rotation: 0 }
    const right = { ...left, x: 0.75 }
    const at = (control: number) => compose(word({ transform: left }), motif({ transform: right, control }))
    const choices = [
      { map: 'canny', method: 'opencv_canny' },
      { map: 'segmentation', method: 'radical_segmentation' },
    ] as const
    const whole = await makeMaps(await draw(at(1)), choices)
    const half = await makeMaps(await draw(at(0.5)), choices)
    for (const [i, { image }] of whole.entries()) {
      const other = half[i].image
      const { channels } = image
      for (let p = 0; p < 256 * 256; p++)
        for (let c = 0; c < channels; c++) {
          const paper = channels === 3 ? 120 : 0
          const value = image.data[p * channels + c]
          const expected = p % 256 < 128 ? value : Math.round(paper + (value - paper) / 2)
          expect(other.data[p * channels + c]).toBe(expected)
        }
    }
  })
})
