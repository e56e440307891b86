/**
 * Local thickness: at each point the largest disc inside the ink that covers it.
 * Source: T. Hildebrand, P. Rüegsegger, A new method for the model-independent assessment of thickness, 1997.
 * Discs that lie inside a larger one are left out first, exactly, with the inclusion tables of E. Remy, E. Thiel, Exact
 * medial axis with Euclidean distance, 2005; the rest are painted from the largest down, each pixel once.
 */
import { blank, type Gray } from './raster.ts'

/**
 * @param d2 squared distance to the background, (height, width), as squaredDistance gives it
 * @returns for each ink pixel p the largest d2(q) with |p - q|² < d2(q): thickness = 2 √v; background 0
 */
export function localThickness(d2: Int32Array, width: number, height: number): Int32Array {
  const out = new Int32Array(d2.length)
  const centres = byRadiusDown(essentialDiscs(d2, width, height), d2)
  // next[i]: the first unpainted pixel of the row at or after i, with the path halved on the way; one stop after the end.
  const stride = width + 1
  const next = new Int32Array(stride * height)
  for (let i = 0; i < next.length; i++) next[i] = i
  for (const centre of centres) {
    const value = d2[centre]
    const cx = centre % width
    const cy = (centre - cx) / width
    // The open disc's half width at dy: the largest h with h² + dy² < value.
    let half = Math.ceil(Math.sqrt(value)) - 1
    for (let dy = 0; dy * dy < value; dy++) {
      while (half * half + dy * dy >= value) half--
      const left = Math.max(cx - half, 0)
      const right = Math.min(cx + half, width - 1)
      if (cy - dy >= 0) paintRow(out, next, cy - dy, left, right, width, value)
      if (dy > 0 && cy + dy < height) paintRow(out, next, cy + dy, left, right, width, value)
    }
  }
  return out
}

function paintRow(
  out: Int32Array,
  next: Int32Array,
  y: number,
  left: number,
  right: number,
  width: number,
  value: number,
): void {
  const base = y * (width + 1)
  const stop = base + right
  let i = base + left
  while (true) {
    while (next[i] !== i) {
      next[i] = next[next[i]]
      i = next[i]
    }
    if (i > stop) return
    out[i - y] = value
    next[i] = i + 1
    i++
  }
}

/**
 * The eight neighbours and the eight knight's moves, by symmetry: these recognise nearly every disc that another
 * covers.
 */
const DIRECTIONS: readonly (readonly [number, number])[] = [
  [1, 0],
  [1, 1],
  [2, 1],
]

/** Pixels whose disc is in no larger neighbour's disc. */
function essentialDiscs(d2: Int32Array, width: number, height: number): Int32Array {
  let max = 0
  let ink = 0
  for (const value of d2) {
    if (value > max) max = value
    if (value > 0) ink++
  }
  const tables = DIRECTIONS.map(([x, y]) => inclusionTable(x, y, max))
  const moves = DIRECTIONS.flatMap(([a, b], table) =>
    [...new Set([`${a},${b}`, `${b},${a}`])].flatMap(pair => {
      const [x, y] = pair.split(',').map(Number)
      const signs = [
        [x, y],
        [-x, y],
        [x, -y],
        [-x, -y],
      ].map(([dx, dy]) => `${dx + 0},${dy + 0}`)
      return [...new Set(signs)].map(text => {
        const [dx, dy] = text.split(',').map(Number)
        return { dx, dy, step: dy * width + dx, table: tables[table] }
      })
    }),
  )
  const found = new Int32Array(ink)
  let count = 0
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      const value = d2[o]
      if (value === 0) continue
      let covered = false
      for (const { dx, dy, step, table } of moves) {
        const nx = x + dx
        const ny = y + dy
        if (nx < 0 || ny < 0 || nx >= width || ny >= height || d2[o + step] < table[value]) continue
        covered = true
        break
      }
      if (!covered) found[count++] = o
    }
  }
  return found.subarray(0, count)
}

/** table[r]: the smallest R so that every pixel with |p|² < r has |p + (vx, vy)|² < R. */
function inclusionTable(vx: number, vy: number, max: number): Int32Array {
  const table = new Int32Array(max + 1)
  for (let x = 0; x * x < max; x++)
    for (let y = 0; x * x + y * y < max; y++) {
      const reach = (x + vx) ** 2 + (y + vy) ** 2 + 1
      const r = x * x + y * y + 1
      if (reach > table[r]) table[r] = reach
    }
  for (let r = 1; r <= max; r++) if (table[r - 1] > table[r]) table[r] = table[r - 1]
  return table
}

/** Counting sort, largest disc first. */
function byRadiusDown(centres: Int32Array, d2: Int32Array): Int32Array {
  let max = 0
  for (const centre of centres) if (d2[centre] > max) max = d2[centre]
  const start = new Int32Array(max + 2)
  for (const centre of centres) start[max - d2[centre] + 1]++
  for (let i = 1; i < start.length; i++) start[i] += start[i - 1]
  const sorted = new Int32Array(centres.length)
  for (const centre of centres) sorted[start[max - d2[centre]]++] = centre
  return sorted
}

/** Thickness as depth: floor(255 · √(v / vmax) + 0.5): the thickest stroke is nearest, paper is 0. */
export function thicknessDepth(thickness: Int32Array, width: number, height: number): Gray {
  let max = 0
  for (const value of thickness) if (value > max) max = value
  const level = new Uint8Array(max + 1)
  for (let v = 1; v <= max; v++) level[v] = Math.floor(255 * Math.sqrt(v / max) + 0.5)
  const out = blank(width, height, 1)
  for (let i = 0; i < thickness.length; i++) out.data[i] = level[thickness[i]]
  return out
}
