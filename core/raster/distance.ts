/**
 * Exact squared Euclidean distance transform in integers.
 * Source: A. Meijster, J. Roerdink, W. Hesselink, A General Algorithm for Computing Distance Transforms in Linear Time,
 * 2000. Runs of ink in a row are handled separately: beyond the background pixel at either end nothing can be nearer.
 */
import { blank, type Gray } from './raster.ts'

/**
 * Squared distance from each ink pixel's centre to the nearest background pixel's: an edge pixel has 1, background 0.
 * The picture's border is not background; a picture without any has width² + height² everywhere.
 * @param mask (height, width), not 0 = ink
 * @returns (height, width)
 */
export function squaredDistance(mask: Gray): Int32Array {
  const { width, height, data } = mask
  // Fits 16 bits: no picture of the studio has sides of more than 65,535 pixels together.
  const far = width + height
  // Steps to the nearest background in the same column: (height, width)
  const column = new Uint16Array(width * height)
  for (let x = 0; x < width; x++) column[x] = data[x] ? far : 0
  for (let o = width; o < column.length; o++) {
    const above = column[o - width]
    column[o] = data[o] ? (above < far ? above + 1 : far) : 0
  }
  for (let o = column.length - width - 1; o >= 0; o--) {
    const below = column[o + width] + 1
    if (below < column[o]) column[o] = below
  }
  const out = new Int32Array(width * height)
  const envelope = { site: new Int32Array(width + 2), from: new Int32Array(width + 2) }
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; ) {
      if (column[row + x] === 0) {
        x++
        continue
      }
      const start = x
      while (x < width && column[row + x] !== 0) x++
      distanceInRun(column, out, row, start, x, width, far, envelope)
    }
  }
  return out
}

interface Envelope {
  /** Columns whose parabola is lowest somewhere, left to right. */
  site: Int32Array
  /** First column where that parabola is the lowest. */
  from: Int32Array
}

/** Lower envelope of the parabolas (x - site)² + column² over one run of ink and the background pixel on either side. */
function distanceInRun(
  column: Uint16Array,
  out: Int32Array,
  row: number,
  start: number,
  end: number,
  width: number,
  far: number,
  { site, from }: Envelope,
): void {
  const first = Math.max(start - 1, 0)
  const last = Math.min(end, width - 1)
  let top = -1
  for (let u = first; u <= last; u++) {
    const g = column[row + u]
    if (g === far) continue
    const height = g * g
    let begins = first
    while (top >= 0) {
      const s = site[top]
      const gs = column[row + s]
      // The first column where u is nearer than s.
      begins = Math.floor((u * u - s * s + height - gs * gs) / (2 * (u - s))) + 1
      if (begins > from[top]) break
      top--
      begins = first
    }
    if (begins > last) continue
    top++
    site[top] = u
    from[top] = top === 0 ? first : begins
  }
  if (top < 0) {
    out.fill(width * width + (out.length / width) ** 2, row + start, row + end)
    return
  }
  for (let k = 0; k <= top; k++) {
    const s = site[k]
    const g2 = column[row + s] ** 2
    const stop = k < top ? Math.min(from[k + 1], end) : end
    for (let x = Math.max(from[k], start); x < stop; x++) out[row + x] = (x - s) * (x - s) + g2
  }
}

/**
 * Distance as depth: floor(255 · D / Dmax + 0.5), D = √d2, every step in single precision as OpenCV's exact transform and
 * the arithmetic after it have it: a tie at .5 falls as it falls there.
 */
export function distanceDepth(d2: Int32Array, width: number, height: number): Gray {
  let max = 0
  for (const value of d2) if (value > max) max = value
  const out = blank(width, height, 1)
  if (max === 0) return out
  const largest = Math.fround(Math.sqrt(max))
  const level = Uint8Array.from({ length: max + 1 }, (_, value) => {
    const share = Math.fround(Math.fround(255 * Math.fround(Math.sqrt(value))) / largest)
    return Math.floor(Math.fround(share + 0.5))
  })
  for (let i = 0; i < d2.length; i++) out.data[i] = level[d2[i]]
  return out
}
