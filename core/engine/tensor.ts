/** What goes into a graph and comes out. */

/** Float32 values in a shape; int64 for ids, float64 for the guidance scale. */
export interface Tensor {
  readonly data: Float32Array | Float64Array | BigInt64Array
  readonly shape: readonly number[]
}
export type Tensors = Readonly<Record<string, Tensor>>

export const floats = (data: Float32Array, ...shape: number[]): Tensor => ({ data, shape })
export const ints = (values: readonly number[], ...shape: number[]): Tensor => ({
  data: BigInt64Array.from(values, BigInt),
  shape: shape.length ? shape : [values.length],
})
export const doubles = (values: readonly number[], ...shape: number[]): Tensor => ({
  data: Float64Array.from(values),
  shape,
})
