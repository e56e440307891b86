/**
 * Pillow's antialiased 8-bit resize, bit for bit: how diffusers and transformers prepare pictures.
 * Source: Pillow src/libImaging/Resample.c: the filter widens with the reduction, weights are normalised doubles rounded
 * to 22 bits, columns are filtered after rows with an 8-bit picture between.
 */
import { blank, type Raster } from './raster.ts'

export type Filter = 'bilinear' | 'bicubic' | 'lanczos'

const PRECISION_BITS = 32 - 8 - 2

const FILTERS: Record<Filter, { support: number; at: (x: number) => number }> = {
  bilinear: { support: 1, at: x => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, at: x => cubic(Math.abs(x), -0.5) },
  lanczos: { support: 3, at: x => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** Keys' cubic convolution kernel at distance x ≥ 0. */
export function cubic(x: number, a: number): number {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a
  return 0
}

interface Weights {
  /** First source pixel and number of source pixels of each target pixel. */
  from: Int32Array
  count: Int32Array
  /** `stride` weights for each target pixel, in 2^-22. */
  taps: Int32Array
  stride: number
}

function weightsFor(source: number, target: number, filter: Filter): Weights {
  const { support, at } = FILTERS[filter]
  const scale = source / target
  const widened = Math.max(scale, 1)
  const reach = support * widened
  const stride = Math.ceil(reach) * 2 + 1
  const weights = {
    from: new Int32Array(target),
    count: new Int32Array(target),
    taps: new Int32Array(target * stride),
    stride,
  }
  for (let i = 0; i < target; i++) {
    const centre = (i + 0.5) * scale
    const from = Math.max(0, Math.trunc(centre - reach + 0.5))
    const count = Math.min(source, Math.trunc(centre + reach + 0.5)) - from
    const taps = Float64Array.from({ length: count }, (_, k) => at((k + from - centre + 0.5) * (1 / widened)))
    const sum = taps.reduce((total, tap) => total + tap, 0)
    weights.from[i] = from
    weights.count[i] = count
    for (let k = 0; k < count; k++) {
      const tap = (sum === 0 ? taps[k] : taps[k] / sum) * 2 ** PRECISION_BITS
      weights.taps[i * stride + k] = Math.trunc(tap < 0 ? tap - 0.5 : tap + 0.5)
    }
  }
  return weights
}

/** A picture at another size, (height, width, channels). */
export function resample<C extends 1 | 3 | 4>(
  picture: Raster<C>,
  width: number,
  height: number,
  filter: Filter,
): Raster<C> {
  const wide = width === picture.width ? picture : resizeRows(picture, width, filter)
  return height === wide.height ? wide : resizeColumns(wide, height, filter)
}

function resizeRows<C extends 1 | 3 | 4>(picture: Raster<C>, width: number, filter: Filter): Raster<C> {
  const { height, channels, data } = picture
  const out = blank(width, height, channels)
  const { from, count, taps, stride } = weightsFor(picture.width, width, filter)
  for (let y = 0, o = 0; y < height; y++) {
    const row = y * picture.width
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++, o++) {
        let sum = 1 << (PRECISION_BITS - 1)
        let i = (row + from[x]) * channels + c
        for (let k = x * stride, end = k + count[x]; k < end; k++, i += channels) sum += data[i] * taps[k]
        out.data[o] = clip(sum)
      }
  }
  return out
}

function resizeColumns<C extends 1 | 3 | 4>(picture: Raster<C>, height: number, filter: Filter): Raster<C> {
  const { width, channels, data } = picture
  const out = blank(width, height, channels)
  const { from, count, taps, stride } = weightsFor(picture.height, height, filter)
  const length = width * channels
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < length; x++, o++) {
      let sum = 1 << (PRECISION_BITS - 1)
      let i = from[y] * length + x
      for (let k = y * stride, end = k + count[y]; k < end; k++, i += length) sum += data[i] * taps[k]
      out.data[o] = clip(sum)
    }
  }
  return out
}

function clip(sum: number): number {
  const value = sum >> PRECISION_BITS
  return Math.max(0, Math.min(value, 255))
}
