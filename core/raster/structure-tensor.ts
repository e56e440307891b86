/**
 * Edges from a multi-scale structure tensor: the product's own "structured edges". (OpenCV's structured forest carries a
 * non-commercial model and a patent; this is another, training-free algorithm and shares only the purpose.)
 * Source: J. Bigün, G. Granlund, Optimal Orientation Detection of Linear Symmetry, 1987; scale-normalised strength after
 * T. Lindeberg, Edge Detection and Ridge Detection with Automatic Scale Selection, 1998.
 */

import { BLOCK, changes, type Spans, spansWithin } from './active-spans.ts'
import { blank, type Gray } from './raster.ts'
import { filterColumns, filterFlat, filterRows, gaussianTaps, type Plane } from './separable.ts'

const SCALES = [1, 2, 4] as const
/** σ of the window over which the tensor is averaged. */
const WINDOW = 1
/**
 * Neighbours that differ by less than this share count as equal, and both stay: a symmetric edge keeps both its rows.
 */
const TIE = 1e-12

export interface StructuredEdges {
  width: number
  height: number
  /** E = max over scales σ of σ √(λ1 - λ2), (height, width), 0..about 255. */
  strength: Float64Array
  /** Jxx - Jyy and 2 Jxy at the scale that won: the dominant gradient direction's doubled angle, (height, width). */
  cos2: Float64Array
  sin2: Float64Array
}

/** Edge strength and direction of a picture; no threshold anywhere. */
export function structuredEdges(gray: Gray): StructuredEdges {
  const { width, height } = gray
  const size = width * height
  const plane = (): Plane => ({ width, height, data: new Float64Array(size) })
  const source = { width, height, data: Float64Array.from(gray.data) }
  const planes = { smooth: plane(), scratch: plane(), xx: plane(), yy: plane(), xy: plane(), tensor: plane() }
  const edges = {
    width,
    height,
    strength: new Float64Array(size),
    cos2: new Float64Array(size),
    sin2: new Float64Array(size),
  }
  const changed = changes(gray)
  const window = gaussianTaps(WINDOW)
  // From fine to coarse the spans only grow: what lies outside them stays 0 in the products and their sums.
  for (const sigma of SCALES) {
    const taps = gaussianTaps(sigma)
    const spans = spansWithin(changed, taps.length + window.length)
    blurPicture(gray, source, taps, spans, planes.scratch, planes.smooth)
    products(planes.smooth, spans, planes.xx, planes.yy, planes.xy)
    for (const part of [planes.xx, planes.yy, planes.xy]) {
      filterColumns(part, window, spans, planes.tensor)
      filterRows(planes.tensor, window, spans, part)
    }
    gather(sigma, spans, planes, edges)
  }
  return edges
}

/** The whole picture smoothed: filtered in the spans, looked up by its grey level where it is flat. */
function blurPicture(gray: Gray, source: Plane, taps: Float64Array, spans: Spans, scratch: Plane, out: Plane): void {
  const once = Float64Array.from({ length: 256 }, (_, value) => filterFlat(value, taps))
  const twice = once.map(value => filterFlat(value, taps))
  for (let i = 0; i < gray.data.length; i++) {
    scratch.data[i] = once[gray.data[i]]
    out.data[i] = twice[gray.data[i]]
  }
  filterColumns(source, taps, spans, scratch)
  filterRows(scratch, taps, spans, out)
}

/** gx², gy² and gx gy from central differences, edge pixels repeated outwards. */
function products({ width, height, data }: Plane, spans: Spans, xx: Plane, yy: Plane, xy: Plane): void {
  for (let y = 0; y < height; y++) {
    const up = Math.max(y - 1, 0) * width
    const down = Math.min(y + 1, height - 1) * width
    const row = y * width
    const pairs = spans[Math.floor(y / BLOCK)]
    for (let s = 0; s < pairs.length; s += 2)
      for (let x = pairs[s], o = row + x; x < pairs[s + 1]; x++, o++) {
        const gx = (data[x + 1 < width ? o + 1 : o] - data[x > 0 ? o - 1 : o]) / 2
        const gy = (data[down + x] - data[up + x]) / 2
        xx.data[o] = gx * gx
        yy.data[o] = gy * gy
        xy.data[o] = gx * gy
      }
  }
}

/** Keeps the scale at which a pixel's edge is strongest. */
function gather(
  sigma: number,
  spans: Spans,
  { xx, yy, xy }: Record<'xx' | 'yy' | 'xy', Plane>,
  { width, height, strength, cos2, sin2 }: StructuredEdges,
): void {
  for (let y = 0; y < height; y++) {
    const pairs = spans[Math.floor(y / BLOCK)]
    for (let s = 0; s < pairs.length; s += 2)
      for (let i = y * width + pairs[s]; i < y * width + pairs[s + 1]; i++) {
        const c = xx.data[i] - yy.data[i]
        const d = 2 * xy.data[i]
        const value = sigma * Math.sqrt(Math.sqrt(c * c + d * d))
        if (value <= strength[i]) continue
        strength[i] = value
        cos2[i] = c
        sin2[i] = d
      }
  }
}

/**
 * Strength as an edge map, floor(255 · E / Emax + 0.5), thinned: what is not the largest within ±1 pixel across the
 * edge (bilinear) becomes 0.
 */
export function thinEdges(edges: StructuredEdges): Gray {
  const { width, height, strength, cos2, sin2 } = edges
  const out = blank(width, height, 1)
  const max = largest(strength)
  if (max === 0) return out
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      const value = strength[o]
      if (value === 0) continue
      const angle = 0.5 * Math.atan2(sin2[o], cos2[o])
      const dx = Math.cos(angle)
      const dy = Math.sin(angle)
      const least = value + value * TIE
      if (sample(strength, width, height, x + dx, y + dy) > least) continue
      if (sample(strength, width, height, x - dx, y - dy) > least) continue
      out.data[o] = Math.floor((255 * value) / max + 0.5)
    }
  }
  return out
}

function largest(values: Float64Array): number {
  let max = 0
  for (const value of values) if (value > max) max = value
  return max
}

/** Bilinear, edge pixels repeated outwards. */
function sample(plane: Float64Array, width: number, height: number, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1)
  const cy = Math.min(Math.max(y, 0), height - 1)
  const x0 = Math.floor(cx)
  const y0 = Math.floor(cy)
  const right = x0 + 1 < width ? 1 : 0
  const o = y0 * width + x0
  const p = y0 + 1 < height ? o + width : o
  const fx = cx - x0
  const fy = cy - y0
  return (1 - fy) * ((1 - fx) * plane[o] + fx * plane[o + right]) + fy * ((1 - fx) * plane[p] + fx * plane[p + right])
}
