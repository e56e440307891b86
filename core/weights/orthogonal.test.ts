import { expect, it } from 'vitest'
import { seededRandom } from '../raster/random.ts'
import { applyMethod, methodOf, type Parts, partsFit } from './lora-methods.ts'

const random = seededRandom(5)
const numbers = (count: number) => Float32Array.from({ length: count }, () => random() - 0.5)
const apply = async (weights: Float32Array, shape: number[], parts: Parts, weight = 1) => {
  const changed = weights.slice()
  await applyMethod('oft', changed, shape, parts, { scale: 1, weight })
  return changed
}
const near = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length)
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i]), `${i}`).toBeLessThan(1e-5)
}

it('two rows are turned by twice the arc tangent of their number', async () => {
  // Q = [[0, a], [−a, 0]]; R is a rotation by 2·atan(a), and rows are multiplied by its transpose.
  const a = 0.3
  const oft_blocks = { shape: [1, 2, 2], data: Float32Array.of(0, a, 0, 0) }
  const [cos, sin] = [Math.cos(2 * Math.atan(a)), Math.sin(2 * Math.atan(a))]
  near(await apply(Float32Array.of(1, 2, 3, 4), [2, 2], { oft_blocks }), [
    ...[cos * 1 - sin * 3, cos * 2 - sin * 4],
    ...[sin * 1 + cos * 3, sin * 2 + cos * 4],
  ])
})

it('keeps the length of every column of a block, however large the numbers; half the weight goes half the way', async () => {
  const [rows, columns, size] = [48, 5 * 3 * 3, 8]
  const weights = numbers(rows * columns)
  const oft_blocks = { shape: [6, size, size], data: numbers(6 * size * size).map(value => value * 20) }
  const turned = await apply(weights, [rows, 5, 3, 3], { oft_blocks })
  const length = (all: Float32Array, block: number, column: number) =>
    Math.hypot(...Array.from({ length: size }, (_, row) => all[(block * size + row) * columns + column]))
  for (let block = 0; block < 6; block++)
    for (let column = 0; column < columns; column++)
      expect(length(turned, block, column)).toBeCloseTo(length(weights, block, column), 4)
  expect(turned.some((value, i) => Math.abs(value - weights[i]) > 0.1)).toBe(true)
  near(
    await apply(weights, [rows, 5, 3, 3], { oft_blocks }, 0.5),
    weights.map((value, i) => (value + turned[i]) / 2),
  )
})

it('rescales rows; alpha limits the norm of all blocks together to itself times the rows', async () => {
  const weights = numbers(4 * 3)
  const still = { shape: [2, 2, 2], data: new Float32Array(8) }
  const rescale = { shape: [4, 1], data: Float32Array.of(1, 2, 3, 4) }
  near(
    await apply(weights, [4, 3], { oft_blocks: still, rescale }),
    weights.map((value, i) => value * (1 + Math.floor(i / 3))),
  )
  // ‖Q‖ = √2 · ‖a, b‖ is cut to 0.05 · 4.
  const [a, b] = [0.6, 0.8]
  const blocks = (x: number, y: number) => ({ shape: [2, 2, 2], data: Float32Array.of(0, x, 0, 0, 0, y, 0, 0) })
  const by = (0.05 * 4) / Math.SQRT2
  const alpha = { shape: [], data: Float32Array.of(0.05) }
  near(
    await apply(weights, [4, 3], { oft_blocks: blocks(a, b), alpha }),
    await apply(weights, [4, 3], { oft_blocks: blocks(a * by, b * by) }),
  )
})

it('is told by its blocks, which have to fit the rows', async () => {
  const of = (...shape: number[]) => ({ oft_blocks: { shape } })
  expect(methodOf(of(6, 8, 8))).toEqual({ method: 'oft' })
  expect(partsFit('oft', of(6, 8, 8), [48, 10])).toBe(true)
  expect(partsFit('oft', { ...of(6, 8, 8), rescale: { shape: [48, 1] } }, [48, 10])).toBe(true)
  // Other rows, no square, BOFT's four dimensions, a block that would take minutes.
  for (const wrong of [of(5, 8, 8), of(6, 8, 7), of(2, 6, 8, 8), of(1, 48)])
    expect(partsFit('oft', wrong, [48, 10])).toBe(false)
  expect(partsFit('oft', of(1, 1280, 1280), [1280, 10])).toBe(false)
  expect(partsFit('oft', { ...of(6, 8, 8), rescale: { shape: [47, 1] } }, [48, 10])).toBe(false)
})
