/**
 * Canny's edges, bit for bit as OpenCV finds them.
 * Source: OpenCV modules/imgproc/src/canny.cpp: 3×3 Sobel with the border replicated, non-maximum suppression over three
 * sectors split at 22.5° and 67.5° in 15-bit fixed point, magnitude 0 outside the picture, 8-connected hysteresis.
 */
import { blank, type Gray } from './raster.ts'

export interface CannyOptions {
  /** Gradient magnitude above which a pixel may continue an edge. */
  low: number
  /** Gradient magnitude above which a pixel starts an edge. */
  high: number
  /** "l1": |gx| + |gy|; "l2": √(gx² + gy²). */
  norm: 'l1' | 'l2'
}

/** Sobel derivatives, -1020..1020, each (height, width). */
export interface Gradient {
  gx: Int16Array
  gy: Int16Array
}

/** 3×3 Sobel derivatives of a picture, border replicated. */
export function sobel(gray: Gray): Gradient {
  const { width, height, data } = gray
  const gx = new Int16Array(width * height)
  const gy = new Int16Array(width * height)
  for (let y = 0, o = 0; y < height; y++) {
    const up = Math.max(y - 1, 0) * width
    const mid = y * width
    const down = Math.min(y + 1, height - 1) * width
    // Columns slide from left to right: a = left, b = middle, c = right; s smooths down the column, d differentiates.
    let sa = data[up] + 2 * data[mid] + data[down]
    let da = data[down] - data[up]
    let sb = sa
    let db = da
    for (let x = 0; x < width; x++, o++) {
      const right = x + 1 < width ? x + 1 : x
      const top = data[up + right]
      const bottom = data[down + right]
      const sc = top + 2 * data[mid + right] + bottom
      const dc = bottom - top
      gx[o] = sc - sa
      gy[o] = da + 2 * db + dc
      sa = sb
      da = db
      sb = sc
      db = dc
    }
  }
  return { gx, gy }
}

/** tan 22.5° in 15-bit fixed point. */
const TAN_22 = 13573

const EDGE = 255
const CANDIDATE = 1

/** Edges of a picture: 255 on an edge, 0 elsewhere, (height, width). */
export function canny(gray: Gray, options: CannyOptions): Gray {
  return cannyFromGradient(sobel(gray), gray.width, gray.height, options)
}

/** The same from derivatives that are computed already; each (height, width). */
export function cannyFromGradient(gradient: Gradient, width: number, height: number, options: CannyOptions): Gray {
  const { gx, gy } = gradient
  const squared = options.norm === 'l2'
  const low = threshold(options.low, squared)
  const high = threshold(options.high, squared)
  // One pixel of zeros around the picture stands for "outside": (height + 2, width + 2).
  const stride = width + 2
  const magnitude = new Int32Array(stride * (height + 2))
  // Few pixels of a written word have a gradient above the threshold: only these are visited again.
  const steep: number[] = []
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0, m = (y + 1) * stride + 1; x < width; x++, o++, m++) {
      const dx = gx[o]
      const dy = gy[o]
      if ((dx | dy) === 0) continue
      const value = squared ? dx * dx + dy * dy : Math.abs(dx) + Math.abs(dy)
      magnitude[m] = value
      if (value > low) steep.push(o)
    }
  }
  const state = new Uint8Array(stride * (height + 2))
  const edges: number[] = []
  for (const o of steep) {
    const m = o + stride + 1 + 2 * Math.floor(o / width)
    const value = magnitude[m]
    if (!isRidge(magnitude, m, stride, value, gx[o], gy[o])) continue
    state[m] = value > high ? EDGE : CANDIDATE
    if (value > high) edges.push(m)
  }
  const neighbours = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1]
  const out = blank(width, height, 1)
  while (edges.length > 0) {
    const m = edges.pop()!
    const row = Math.floor(m / stride)
    out.data[(row - 1) * width + (m - row * stride) - 1] = EDGE
    for (const step of neighbours) {
      if (state[m + step] !== CANDIDATE) continue
      state[m + step] = EDGE
      edges.push(m + step)
    }
  }
  return out
}

/** Whether the magnitude is the largest across the edge; ties go to the left or upper pixel, and none on the diagonal. */
function isRidge(magnitude: Int32Array, m: number, stride: number, value: number, dx: number, dy: number): boolean {
  const x = Math.abs(dx)
  const y = Math.abs(dy) * 32768
  const tan22 = x * TAN_22
  if (y < tan22) return value > magnitude[m - 1] && value >= magnitude[m + 1]
  if (y > tan22 + x * 65536) return value > magnitude[m - stride] && value >= magnitude[m + stride]
  const lean = (dx ^ dy) < 0 ? -1 : 1
  return value > magnitude[m - stride - lean] && value > magnitude[m + stride + lean]
}

function threshold(value: number, squared: boolean): number {
  if (!squared) return Math.floor(value)
  const limited = Math.min(32767, value)
  return Math.floor(limited > 0 ? limited * limited : limited)
}
