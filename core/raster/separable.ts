/** Separable symmetric filters on doubles, border replicated, computed only where a picture is not flat. */
import { BLOCK, type Spans } from './active-spans.ts'

/** A plane of doubles, (height, width). */
export interface Plane {
  readonly width: number
  readonly height: number
  readonly data: Float64Array
}

/** Sampled Gaussian of radius ⌈3σ⌉, normalised, from the centre outwards. */
export function gaussianTaps(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma)
  const taps = Float64Array.from({ length: radius + 1 }, (_, x) => Math.exp((-x * x) / (2 * sigma * sigma)))
  let sum = taps[0]
  for (let k = 1; k <= radius; k++) sum += 2 * taps[k]
  return taps.map(tap => tap / sum)
}

/** The filtered value of a flat area, by the same additions in the same order, so that flat stays exactly flat. */
export function filterFlat(value: number, taps: Float64Array): number {
  let sum = taps[0] * value
  for (let k = 1; k < taps.length; k++) sum += taps[k] * (value + value)
  return sum
}

/**
 * Filters columns of the spans into `out`; what lies outside them is left as it is. Equal neighbours give equal sums, so
 * symmetry survives.
 */
export function filterColumns({ width, height, data }: Plane, taps: Float64Array, spans: Spans, out: Plane): void {
  const target = out.data
  for (let y = 0; y < height; y++) {
    const row = y * width
    const pairs = spans[Math.floor(y / BLOCK)]
    for (let s = 0; s < pairs.length; s += 2)
      for (let x = pairs[s]; x < pairs[s + 1]; x++) target[row + x] = taps[0] * data[row + x]
    for (let k = 1; k < taps.length; k++) {
      const up = Math.max(y - k, 0) * width
      const down = Math.min(y + k, height - 1) * width
      const tap = taps[k]
      for (let s = 0; s < pairs.length; s += 2)
        for (let x = pairs[s]; x < pairs[s + 1]; x++) target[row + x] += tap * (data[up + x] + data[down + x])
    }
  }
}

/** The same along rows; `out` may be the source itself. */
export function filterRows({ width, height, data }: Plane, taps: Float64Array, spans: Spans, out: Plane): void {
  const radius = taps.length - 1
  const padded = new Float64Array(width + 2 * radius)
  const target = out.data
  for (let y = 0; y < height; y++) {
    const pairs = spans[Math.floor(y / BLOCK)]
    if (pairs.length === 0) continue
    const row = y * width
    padded.set(data.subarray(row, row + width), radius)
    padded.fill(padded[radius], 0, radius)
    padded.fill(padded[radius + width - 1], radius + width)
    for (let s = 0; s < pairs.length; s += 2)
      for (let x = pairs[s]; x < pairs[s + 1]; x++) {
        const p = x + radius
        let sum = taps[0] * padded[p]
        for (let k = 1; k <= radius; k++) sum += taps[k] * (padded[p - k] + padded[p + k])
        target[row + x] = sum
      }
  }
}
