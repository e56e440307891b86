/** A picture as planes of floats at a small size, for the legibility score. */
import { linearLight } from './oklab.ts'
import type { Raster, Rgb } from './raster.ts'

/** Floats in rows from the top: (height, width). */
export interface Plane {
  width: number
  height: number
  data: Float32Array
}

export const CHANNELS = ['R', 'G', 'B', 'L', 'a', 'b'] as const
export type Channel = (typeof CHANNELS)[number]

/** Averages blocks of pixels so that the longer side has at most `side`; one plane for each channel, 0..255. */
export function shrink(image: Raster, side: number): Plane[] {
  const { width, height, channels, data } = image
  const scale = Math.min(1, side / Math.max(width, height))
  const w = Math.max(1, Math.round(width * scale))
  const h = Math.max(1, Math.round(height * scale))
  const planes = Array.from({ length: channels }, () => new Float32Array(w * h))
  const counts = new Float32Array(w * h)
  const column = Int32Array.from({ length: width }, (_, x) => Math.floor((x * w) / width))
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y * h) / height) * w
    for (let x = 0; x < width; x++) {
      const to = row + column[x]
      counts[to]++
      for (let c = 0; c < channels; c++) planes[c][to] += data[at++]
    }
  }
  for (const plane of planes) for (let i = 0; i < plane.length; i++) plane[i] /= counts[i]
  return planes.map(plane => ({ width: w, height: h, data: plane }))
}

/** R, G, B (0..255) and CIE L, a, b (D65) times 2.55, so that a unit is about the same difference in all six. */
export function sixPlanes(picture: Rgb, side: number): Record<Channel, Plane> {
  const [R, G, B] = shrink(picture, side)
  const { width, height } = R
  const size = width * height
  const L = new Float32Array(size)
  const a = new Float32Array(size)
  const b = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const red = linear(R.data[i])
    const green = linear(G.data[i])
    const blue = linear(B.data[i])
    // sRGB → XYZ relative to white. Source: IEC 61966-2-1.
    const x = cube((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    const y = cube(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    const z = cube((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
    L[i] = 2.55 * (116 * y - 16)
    a[i] = 2.55 * 500 * (x - y)
    b[i] = 2.55 * 200 * (y - z)
  }
  const plane = (data: Float32Array): Plane => ({ width, height, data })
  return { R, G, B, L: plane(L), a: plane(a), b: plane(b) }
}

const LINEAR = Float32Array.from({ length: 1025 }, (_, i) => linearLight(i / 1024))
const linear = (value: number) => LINEAR[Math.round((value * 1024) / 255)]
const cube = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)

/** Mean over the square of radius r around each pixel, as far as it lies in the picture; O(1) for each pixel. */
export function boxMean({ width, height, data }: Plane, r: number): Plane {
  const rows = meanAlongRows(data, width, height, r)
  const out = new Float32Array(data.length)
  // Doubles, as running sums add and subtract the same values thousands of times.
  const sums = new Float64Array(width)
  const add = (y: number, sign: number) => {
    for (let x = 0, i = y * width; x < width; x++, i++) sums[x] += sign * rows[i]
  }
  for (let y = 0; y < Math.min(r, height); y++) add(y, 1)
  for (let y = 0; y < height; y++) {
    if (y + r < height) add(y + r, 1)
    if (y - r - 1 >= 0) add(y - r - 1, -1)
    const count = Math.min(height - 1, y + r) - Math.max(0, y - r) + 1
    for (let x = 0, i = y * width; x < width; x++, i++) out[i] = sums[x] / count
  }
  return { width, height, data: out }
}

function meanAlongRows(data: Float32Array, width: number, height: number, r: number): Float32Array {
  const out = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const row = y * width
    let sum = 0
    for (let x = 0; x < Math.min(r, width); x++) sum += data[row + x]
    for (let x = 0; x < width; x++) {
      if (x + r < width) sum += data[row + x + r]
      if (x - r - 1 >= 0) sum -= data[row + x - r - 1]
      out[row + x] = sum / (Math.min(width - 1, x + r) - Math.max(0, x - r) + 1)
    }
  }
  return out
}

/** Moved by whole pixels; what comes in from outside repeats the border. */
export function shifted({ width, height, data }: Plane, dx: number, dy: number): Plane {
  if (dx === 0 && dy === 0) return { width, height, data }
  const out = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const from = Math.min(height - 1, Math.max(0, y + dy)) * width
    for (let x = 0; x < width; x++) out[y * width + x] = data[from + Math.min(width - 1, Math.max(0, x + dx))]
  }
  return { width, height, data: out }
}
