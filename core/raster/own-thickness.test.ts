import { describe, expect, it } from 'vitest'
import { squaredDistance } from './distance.ts'
import { ownThickness } from './own-thickness.ts'
import { blank } from './raster.ts'
import { thinZhangSuen } from './skeleton.ts'
import { localThickness } from './thickness.ts'

const SIDE = 160

/** Bars of ink [left, top, width, height], each a stroke; where several lie, the first has the pixel. */
function inkOf(bars: readonly [number, number, number, number][]) {
  const mask = blank(SIDE, SIDE, 1)
  const labels = new Uint16Array(SIDE * SIDE)
  for (const [k, [left, top, width, height]] of bars.entries())
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) {
        mask.data[y * SIDE + x] = 255
        labels[y * SIDE + x] ||= k + 1
      }
  const d2 = squaredDistance(mask)
  const thickness = localThickness(d2, SIDE, SIDE)
  return { width: SIDE, height: SIDE, d2, thickness, skeleton: thinZhangSuen(mask).data, labels }
}

const at = (values: Int32Array, x: number, y: number) => Math.sqrt(values[y * SIDE + x])

describe('the width of strokes', () => {
  it('is at a crossing what it is beside it, where local thickness has a ball', () => {
    const ink = inkOf([
      [10, 70, 140, 21],
      [70, 10, 21, 140],
    ])
    const own = ownThickness(ink)
    expect(at(ink.thickness, 80, 80) / at(ink.thickness, 30, 80)).toBeGreaterThan(1.3)
    expect(at(own, 80, 80) / at(own, 30, 80)).toBeCloseTo(1, 1)
    for (let x = 30; x < 130; x++) expect(Math.abs(at(own, x, 80) - at(own, 30, 80))).toBeLessThan(0.6)
    for (let y = 30; y < 130; y++) expect(Math.abs(at(own, 80, y) - at(own, 80, 30))).toBeLessThan(0.6)
  })

  it('of a thin stroke over a thick one is that of whoever has the pixel', () => {
    const ink = inkOf([
      [10, 74, 140, 11],
      [60, 10, 41, 140],
    ])
    const own = ownThickness(ink)
    const [thin, thick] = [at(own, 25, 79), at(own, 80, 30)]
    expect(thick / thin).toBeGreaterThan(3)
    expect(at(own, 80, 79)).toBeCloseTo(thin, 0)
    expect(at(own, 80, 55)).toBeCloseTo(thick, 0)
  })

  it('of a stroke alone, and where nobody knows strokes, is its local thickness', () => {
    const ink = inkOf([[20, 60, 120, 30]])
    const own = ownThickness(ink)
    for (let i = 0; i < own.length; i++) {
      expect(own[i]).toBeLessThanOrEqual(ink.thickness[i])
      expect(Math.abs(Math.sqrt(own[i]) - Math.sqrt(ink.thickness[i]))).toBeLessThan(0.6)
    }
    expect(ownThickness({ ...ink, labels: new Uint16Array(SIDE * SIDE) })).toEqual(ink.thickness)
  })
})
