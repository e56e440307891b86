/** The change that nearly every LoRA makes: W + up @ down. */

import { fromFloat32, toFloat32 } from './numbers.ts'
import { type AddProduct, addProduct } from './product.ts'
import type { WeightDtype } from './types.ts'

export interface LowRank {
  readonly rows: number
  readonly columns: number
  readonly rank: number
  /** (rows, rank), strength included */
  readonly up: Float32Array
  /** (rank, columns) */
  readonly down: Float32Array
}

/** Writes W + up @ down in W's dtype to merged, as many bytes; both begin at a multiple of a number's size. */
export type AddLowRank = (dtype: WeightDtype, weights: Uint8Array, change: LowRank, merged: Uint8Array) => Promise<void>

/** In plain JavaScript: right everywhere, slow for whole models (core/engine/low-rank.ts is fast). */
export const addLowRankPlainly: AddLowRank = async (dtype, bytes, { rows, rank, up, down }, merged) => {
  // A copy: an F32 tensor's numbers are a view on its bytes.
  const weights = toFloat32(dtype, bytes).slice()
  addProduct(weights, rows, up, down, rank, 1)
  merged.set(fromFloat32(dtype, weights))
}

/** A product of float32 matrices in the way that low ranks are added. */
export const productBy =
  (addLowRank: AddLowRank): AddProduct =>
  async (weights, rows, up, down, rank, scale) => {
    const bytes = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const sum = new Float32Array(weights.length)
    const scaled = scale === 1 ? up : up.map(value => value * scale)
    const change = { rows, columns: weights.length / rows, rank, up: scaled, down }
    await addLowRank('F32', bytes(weights), change, bytes(sum))
    weights.set(sum)
  }

/** Several changes of one weight as one: ranks beside one another. */
export function joinLowRanks(changes: readonly LowRank[]): LowRank {
  if (changes.length === 1) return changes[0]
  const [{ rows, columns }] = changes
  const rank = changes.reduce((sum, change) => sum + change.rank, 0)
  const up = new Float32Array(rows * rank)
  const down = new Float32Array(rank * columns)
  let at = 0
  for (const change of changes) {
    for (let row = 0; row < rows; row++)
      up.set(change.up.subarray(row * change.rank, (row + 1) * change.rank), row * rank + at)
    down.set(change.down, at * columns)
    at += change.rank
  }
  return { rows, columns, rank, up, down }
}
