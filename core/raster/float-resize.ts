/** Resizing planes of floats without antialiasing, half-pixel centres, edge pixels repeated outwards. */
import { cubic } from './resample.ts'

/** One channel, (height, width). */
export interface FloatPlane {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** Taps of one target pixel: clamped source indices and weights, `taps` of each. */
interface Axis {
  taps: number
  index: Int32Array
  weight: Float64Array
}

/** Source: torch interpolate(mode="bilinear", align_corners=False): positions before the first centre clamp to it. */
function bilinearAxis(source: number, target: number): Axis {
  const index = new Int32Array(target * 2)
  const weight = new Float64Array(target * 2)
  for (let i = 0; i < target; i++) {
    const at = Math.max(0, ((i + 0.5) * source) / target - 0.5)
    const first = Math.min(Math.floor(at), source - 1)
    index[2 * i] = first
    index[2 * i + 1] = Math.min(first + 1, source - 1)
    weight[2 * i + 1] = at - first
    weight[2 * i] = 1 - weight[2 * i + 1]
  }
  return { taps: 2, index, weight }
}

/** Source: OpenCV's INTER_CUBIC (a = -0.75). */
function cubicAxis(source: number, target: number): Axis {
  const index = new Int32Array(target * 4)
  const weight = new Float64Array(target * 4)
  for (let i = 0; i < target; i++) {
    const at = ((i + 0.5) * source) / target - 0.5
    const first = Math.floor(at)
    for (let k = 0; k < 4; k++) {
      index[4 * i + k] = Math.min(Math.max(first + k - 1, 0), source - 1)
      weight[4 * i + k] = cubic(Math.abs(at - (first + k - 1)), -0.75)
    }
  }
  return { taps: 4, index, weight }
}

function resize(plane: FloatPlane, x: Axis, y: Axis, width: number, height: number): FloatPlane {
  // Rows first: (source height, target width)
  const rows = new Float64Array(plane.height * width)
  for (let r = 0, o = 0; r < plane.height; r++)
    for (let c = 0; c < width; c++, o++) {
      let sum = 0
      for (let k = c * x.taps; k < (c + 1) * x.taps; k++) sum += plane.data[r * plane.width + x.index[k]] * x.weight[k]
      rows[o] = sum
    }
  const data = new Float32Array(width * height)
  for (let r = 0, o = 0; r < height; r++)
    for (let c = 0; c < width; c++, o++) {
      let sum = 0
      for (let k = r * y.taps; k < (r + 1) * y.taps; k++) sum += rows[y.index[k] * width + c] * y.weight[k]
      data[o] = sum
    }
  return { width, height, data }
}

export function resizeBilinear(plane: FloatPlane, width: number, height: number): FloatPlane {
  return resize(plane, bilinearAxis(plane.width, width), bilinearAxis(plane.height, height), width, height)
}

export function resizeCubic(plane: FloatPlane, width: number, height: number): FloatPlane {
  return resize(plane, cubicAxis(plane.width, width), cubicAxis(plane.height, height), width, height)
}
