import { expect, it } from 'vitest'
import { blank } from './raster.ts'
import { strokeWidth } from './stroke-width.ts'

/** A bar of so many pixels across, over the whole height, at an angle. */
function bar(width: number, slope: number) {
  const out = blank(200, 200, 1)
  const across = width * Math.hypot(1, slope)
  for (let y = 0; y < 200; y++)
    for (let x = 0; x < 200; x++) if (Math.abs(x - 100 - slope * (y - 100)) < across / 2) out.data[y * 200 + x] = 255
  return out
}

it.each([
  [4, 0],
  [10, 0],
  [10, 0.3],
  [20, 0.1],
])('a bar %i wide, sloping by %f, is about so wide', (width, slope) => {
  const found = strokeWidth(bar(width, slope))
  expect(found / width).toBeGreaterThan(0.7)
  expect(found / width).toBeLessThan(1.2)
})

it('without ink it is 0', () => expect(strokeWidth(blank(8, 8, 1))).toBe(0))
