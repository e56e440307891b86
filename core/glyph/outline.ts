/** Left, top, right, bottom; y down. */
export interface Extent {
  x0: number
  y0: number
  x1: number
  y1: number
}

/** One drawing command; its points as x, y, x, y … : M and L one point, Q two, C three, Z none. */
export interface Segment {
  op: 'M' | 'L' | 'Q' | 'C' | 'Z'
  points: number[]
}

/** An outline in em units (1 = the font's em), y down, the baseline at y = 0. */
export type Outline = Segment[]

/** x' = a·x + c·y + e, y' = d·y + f: scale, shear, move. */
export interface Placement {
  a: number
  c: number
  d: number
  e: number
  f: number
}

/** The outline moved, scaled and sheared. */
export function place(outline: Outline, { a, c, d, e, f }: Placement): Outline {
  return outline.map(({ op, points }) => {
    const out = new Array<number>(points.length)
    for (let i = 0; i < points.length; i += 2) {
      out[i] = a * points[i] + c * points[i + 1] + e
      out[i + 1] = d * points[i + 1] + f
    }
    return { op, points: out }
  })
}

/** Where a Bézier's derivative is zero inside (0, 1), for one coordinate of 3 or 4 control points. */
function extrema(p: number[]): number[] {
  if (p.length === 3) return [(p[0] - p[1]) / (p[0] - 2 * p[1] + p[2])]
  const a = p[3] - 3 * p[2] + 3 * p[1] - p[0]
  const b = 2 * (p[2] - 2 * p[1] + p[0])
  const c = p[1] - p[0]
  if (Math.abs(a) < 1e-12) return [-c / b]
  const root = Math.sqrt(b * b - 4 * a * c)
  return [(-b + root) / (2 * a), (-b - root) / (2 * a)]
}

function at(p: number[], t: number): number {
  const s = 1 - t
  return p.length === 3
    ? s * s * p[0] + 2 * s * t * p[1] + t * t * p[2]
    : s * s * s * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t * t * t * p[3]
}

/** Tight bounds of the ink, curves included; null where there is none. */
export function extentOf(outline: Outline): Extent | null {
  const low = [Infinity, Infinity]
  const high = [-Infinity, -Infinity]
  const reach = (axis: number, v: number) => {
    if (v < low[axis]) low[axis] = v
    if (v > high[axis]) high[axis] = v
  }
  let pen = [0, 0]
  for (const { points } of outline) {
    if (points.length === 0) continue
    const end = points.slice(-2)
    for (const axis of [0, 1]) {
      const p = [pen[axis], ...points.filter((_, i) => i % 2 === axis)]
      reach(axis, end[axis])
      if (p.length > 2) for (const t of extrema(p)) if (t > 0 && t < 1) reach(axis, at(p, t))
    }
    pen = end
  }
  return low[0] < high[0] && low[1] < high[1] ? { x0: low[0], y0: low[1], x1: high[0], y1: high[1] } : null
}

/** The smallest extent around two. */
export function union(a: Extent | null, b: Extent | null): Extent | null {
  if (!a || !b) return a ?? b
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  }
}

/** SVG path data; by default hundredths of a pixel. */
export const toPathData = (outline: Outline, digits = 2): string =>
  outline.map(({ op, points }) => op + points.map(v => Number(v.toFixed(digits))).join(' ')).join('')

const POINTS: Readonly<Record<string, number>> = { M: 2, L: 2, Q: 4, C: 6, Z: 0 }
const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi

/**
 * Absolute SVG path data of M, L, Q, C and Z as an outline; a command's numbers may repeat.
 * @throws RangeError on any other command, and where numbers are missing
 */
export function fromPathData(path: string): Outline {
  const outline: Outline = []
  for (const [, command, rest] of path.matchAll(/([A-Za-z])([^A-DF-Za-df-z]*)/g)) {
    const size = POINTS[command]
    if (size === undefined) throw new RangeError(`path command ${command}`)
    const numbers = rest.match(NUMBER)?.map(Number) ?? []
    if (size === 0) {
      outline.push({ op: 'Z', points: [] })
      continue
    }
    if (numbers.length === 0 || numbers.length % size !== 0)
      throw new RangeError(`path command ${command} lacks numbers`)
    for (let i = 0; i < numbers.length; i += size) {
      // Further pairs of a move are lines.
      const op = command === 'M' && i > 0 ? 'L' : (command as Segment['op'])
      outline.push({ op, points: numbers.slice(i, i + size) })
    }
  }
  if (outline.length > 0 && outline[0].op !== 'M') throw new RangeError('a path begins with a move')
  return outline
}
