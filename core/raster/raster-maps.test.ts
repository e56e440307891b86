import { describe, expect, it } from 'vitest'
import { canny, sobel } from './canny.ts'
import { label } from './components.ts'
import { distanceDepth, squaredDistance } from './distance.ts'
import { gaussianBlur } from './gaussian.ts'
import { gradientThresholds, otsu } from './otsu.ts'
import type { Gray } from './raster.ts'
import { thinZhangSuen } from './skeleton.ts'
import { type StructuredEdges, structuredEdges, thinEdges } from './structure-tensor.ts'
import { golden, golden16, goldenInt32, items, pictures } from './testing-goldens.ts'
import { localThickness, thicknessDepth } from './thickness.ts'

/** Whole arrays; the first differences only, as a failed comparison of a million numbers says nothing. */
function expectEqual(actual: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(actual.length).toBe(wanted.length)
  const differing: string[] = []
  let count = 0
  for (let i = 0; i < wanted.length; i++)
    if (actual[i] !== wanted[i] && count++ < 5) differing.push(`${i}: ${actual[i]} instead of ${wanted[i]}`)
  expect({ count, differing }).toEqual({ count: 0, differing: [] })
}

const inverted = (mask: Gray): Gray => ({ ...mask, data: mask.data.map(value => (value ? 0 : 255)) })

/** Strength before thinning: floor(255 · E / Emax + 0.5). */
function softEdges({ strength }: StructuredEdges): Uint8Array {
  const max = strength.reduce((most, value) => Math.max(most, value), 0)
  return Uint8Array.from(strength, value => (max === 0 ? 0 : Math.floor((255 * value) / max + 0.5)))
}

const skip = pictures.length === 0
const reason = skip ? ' (needs ZIHUA_FIXTURES)' : ''

describe.skipIf(skip)(`raster maps equal OpenCV's and the published definitions${reason}`, () => {
  for (const { id, adaptive } of items) {
    it(`${id}: blur and Canny`, async () => {
      const inputs = { raw: await golden(id, 'src') } as Record<string, Awaited<ReturnType<typeof golden>>>
      for (const kernel of ['g3', 'g5', 'g5s14'] as const) {
        inputs[kernel] = gaussianBlur(inputs['raw'], kernel)
        expectEqual(inputs[kernel].data, (await golden(id, `blur_${kernel}`)).data)
      }
      for (const [name, input] of Object.entries(inputs))
        for (const norm of ['l1', 'l2'] as const)
          expectEqual(
            canny(input, { low: 100, high: 200, norm }).data,
            (await golden(id, `canny_${name}_${norm}`)).data,
          )
    })
    it(`${id}: adaptive Canny`, async () => {
      const blurred = gaussianBlur(await golden(id, 'src'), 'g5')
      expect(gradientThresholds(sobel(blurred))).toEqual(adaptive.gradotsu)
      expect(otsu(blurred)).toBe(adaptive.otsu.high)
      for (const name of ['gradotsu', 'median', 'otsu'] as const)
        expectEqual(canny(blurred, { ...adaptive[name], norm: 'l2' }).data, (await golden(id, `acanny_${name}`)).data)
    })
    it(`${id}: distance and thickness`, async () => {
      const mask = await golden(id, 'mask')
      const d2 = squaredDistance(mask)
      expectEqual(d2, await golden16(id, 'edt_in_d2_u16'))
      expectEqual(squaredDistance(inverted(mask)), goldenInt32(id, 'edt_out_d2_i32'))
      expectEqual(distanceDepth(d2, mask.width, mask.height).data, (await golden(id, 'dt_depth8')).data)
      const thickness = localThickness(d2, mask.width, mask.height)
      expectEqual(thickness, await golden16(id, 'lthick_d2_u16'))
      expectEqual(thicknessDepth(thickness, mask.width, mask.height).data, (await golden(id, 'lthick_depth8')).data)
    })
    it(`${id}: skeleton and components`, async () => {
      const mask = await golden(id, 'mask')
      expectEqual(thinZhangSuen(mask).data, (await golden(id, 'skel_zs_textbook')).data)
      for (const connectivity of [4, 8] as const) {
        expectEqual(label(mask, connectivity).labels, await golden16(id, `cc${connectivity}_ink`))
        expectEqual(label(inverted(mask), connectivity).labels, await golden16(id, `cc${connectivity}_bg`))
      }
    })
    it(`${id}: structured edges`, async () => {
      const edges = structuredEdges(await golden(id, 'src'))
      expectEqual(softEdges(edges), (await golden(id, 'ste_soft8')).data)
      const wanted = (await golden(id, 'ste_nms8')).data
      const thin = thinEdges(edges).data
      expectEqual(
        thin.map((value, i) => (Math.abs(value - wanted[i]) <= 1 ? 0 : value)),
        new Uint8Array(wanted.length),
      )
    })
  }
})
