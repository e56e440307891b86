import { expect, it } from 'vitest'
import { seededRandom } from '../raster/random.ts'
import { addLowRankPlainly, joinLowRanks, type LowRank } from '../weights/low-rank.ts'
import { fromFloat32, toFloat32 } from '../weights/numbers.ts'
import { createLowRankKernel } from './low-rank.ts'

const random = seededRandom(3)
const numbers = (count: number) => Float32Array.from({ length: count }, () => random() - 0.5)
const change = (rows: number, columns: number, rank: number): LowRank => ({
  ...{ rows, columns, rank, up: numbers(rows * rank), down: numbers(rank * columns) },
})

it.each(['F32', 'F16', 'BF16'] as const)(
  '%s: the same as in plain JavaScript, to the last place of the dtype',
  async dtype => {
    const kernel = createLowRankKernel(1)
    for (const [rows, columns, rank] of [
      [40, 24, 5],
      [24, 40, 1],
      [7, 9 * 3 * 3, 16],
      // More than one block of rows.
      [1030, 1100, 3],
    ]) {
      const weights = fromFloat32(dtype, numbers(rows * columns))
      // Bytes out of the middle of a buffer, as a row of a larger tensor may be.
      const moved = new Uint8Array(weights.length + 4).subarray(4)
      moved.set(weights)
      const low = joinLowRanks([change(rows, columns, rank), change(rows, columns, 2)])
      const [fast, slow] = [new Uint8Array(weights.length), new Uint8Array(weights.length)]
      await kernel.add(dtype, moved, low, fast)
      await addLowRankPlainly(dtype, weights, low, slow)
      const plain = toFloat32(dtype, slow)
      const worst = toFloat32(dtype, fast).reduce((most, value, i) => Math.max(most, Math.abs(value - plain[i])), 0)
      expect(worst).toBeLessThan(dtype === 'F32' ? 1e-5 : 2 ** -9)
    }
    await kernel.dispose()
  },
)
