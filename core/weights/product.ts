/** The one product that merging spends its time in. */

/** addProduct(), or what computes the same elsewhere. */
export type AddProduct = (...product: Parameters<typeof addProduct>) => void | Promise<void>

/**
 * W (rows, columns) += scale · up (rows, rank) @ down (rank, columns), in place. Four ranks at a time: the sums of a row
 * are loaded and stored a quarter as often, which halves the time.
 */
export function addProduct(
  weights: Float32Array,
  rows: number,
  up: Float32Array,
  down: Float32Array,
  rank: number,
  scale: number,
): void {
  const columns = weights.length / rows
  const sum = new Float32Array(columns)
  /** up[row][r] · scale; 0 beyond the rank, where down is read from its first row. */
  const factor = (row: number, r: number) => (r < rank ? scale * up[row * rank + r] : 0)
  const begin = (r: number) => (r < rank ? r * columns : 0)
  for (let row = 0; row < rows; row++) {
    sum.fill(0)
    for (let r = 0; r < rank; r += 4) {
      const [a, b, c, d] = [factor(row, r), factor(row, r + 1), factor(row, r + 2), factor(row, r + 3)]
      const [i0, i1, i2, i3] = [begin(r), begin(r + 1), begin(r + 2), begin(r + 3)]
      for (let i = 0; i < columns; i++)
        sum[i] += a * down[i0 + i] + b * down[i1 + i] + c * down[i2 + i] + d * down[i3 + i]
    }
    const start = row * columns
    for (let i = 0; i < columns; i++) weights[start + i] += sum[i]
  }
}
