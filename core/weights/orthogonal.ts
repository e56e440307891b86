/**
 * Orthogonal finetuning (OFT, arXiv 2306.07280) as LyCORIS merges it (lycoris/modules/diag_oft.py): the rows of a weight in
 * blocks, each turned by R = (I + Q)(I − Q)⁻¹ with Q = B − Bᵀ, Cayley's transform. COFT limits the norm of all Q together to
 * alpha times the number of rows.
 */
import { addProduct } from './product.ts'

/** A larger block would take minutes to invert; trainers cut rows into blocks of 2 to 128. */
export const BLOCK_LIMIT = 512

interface Blocks {
  /** (number, size, size) */
  readonly blocks: { readonly shape: readonly number[]; readonly data: Float32Array }
  /** One factor a row. */
  readonly rescale: { readonly data: Float32Array } | undefined
  /** COFT's alpha; 0 or nothing: no limit. */
  readonly limit: number | undefined
}

/** rescale · (W + weight · (Rᵀ − I) W), in place; as LyCORIS, the factors act whole whatever the weight. */
export function rotateRows(
  weights: Float32Array,
  rows: number,
  { blocks, rescale, limit = 0 }: Blocks,
  weight: number,
): void {
  const [number, size] = blocks.shape
  const columns = weights.length / rows
  const skew = skewOf(blocks.data, number, size)
  const most = limit * rows
  const norm = Math.sqrt(skew.reduce((sum, value) => sum + value ** 2, 0)) + 1e-8
  if (most > 0 && norm > most) for (let i = 0; i < skew.length; i++) skew[i] *= most / norm
  for (let block = 0; block < number; block++) {
    const rotation = cayley(skew.subarray(block * size * size, (block + 1) * size * size), size)
    const change = new Float32Array(size * size)
    for (let n = 0; n < size; n++)
      for (let m = 0; m < size; m++) change[m * size + n] = rotation[n * size + m] - (n === m ? 1 : 0)
    const turned = weights.subarray(block * size * columns, (block + 1) * size * columns)
    addProduct(turned, size, change, turned.slice(), size, weight)
  }
  if (rescale) for (let i = 0; i < weights.length; i++) weights[i] *= rescale.data[Math.floor(i / columns)]
}

/** B − Bᵀ of each block, in double precision. */
function skewOf(data: Float32Array, number: number, size: number): Float64Array {
  const skew = new Float64Array(data.length)
  for (let block = 0; block < number; block++)
    for (let n = 0; n < size; n++)
      for (let m = 0; m < size; m++) {
        const at = block * size * size
        skew[at + n * size + m] = data[at + n * size + m] - data[at + m * size + n]
      }
  return skew
}

/** R of (I − Q) R = I + Q, by elimination; the factors of Cayley's transform commute. I − Q of a skew Q is never singular. */
function cayley(skew: Float64Array, size: number): Float64Array {
  const left = skew.map((value, i) => (i % (size + 1) === 0 ? 1 : 0) - value)
  const right = skew.map((value, i) => (i % (size + 1) === 0 ? 1 : 0) + value)
  const rowOf = (matrix: Float64Array, row: number) => matrix.subarray(row * size, (row + 1) * size)
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++)
      if (Math.abs(left[row * size + column]) > Math.abs(left[pivot * size + column])) pivot = row
    for (const matrix of [left, right]) {
      const kept = rowOf(matrix, column).slice()
      rowOf(matrix, column).set(rowOf(matrix, pivot))
      rowOf(matrix, pivot).set(kept)
    }
    const by = 1 / left[column * size + column]
    for (const matrix of [left, right]) for (let i = 0; i < size; i++) matrix[column * size + i] *= by
    for (let row = 0; row < size; row++) {
      const factor = left[row * size + column]
      if (row === column || factor === 0) continue
      for (const matrix of [left, right])
        for (let i = 0; i < size; i++) matrix[row * size + i] -= factor * matrix[column * size + i]
    }
  }
  return right
}
