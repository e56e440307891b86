/** Straight pieces of a curve: enough for stroke outlines at a few hundred pixels. */
const STEPS = 6

/**
 * Absolute SVG path data (M, L, Q, C, Z) → closed polygons, flat x, y, x, y …
 * @param pieces straight pieces of a curve
 * @throws RangeError on any other command
 */
export function flatten(path: string, pieces = STEPS): number[][] {
  const polygons: number[][] = []
  let polygon: number[] = []
  let x = 0
  let y = 0
  for (const [, op, rest] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const v = rest.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? []
    if (op === 'Z') continue
    const size = { M: 2, L: 2, Q: 4, C: 6 }[op]
    if (!size) throw new RangeError(`path command ${op}`)
    if (op === 'M') polygons.push((polygon = []))
    for (let i = 0; i + size <= v.length; i += size) {
      const steps = size === 2 ? 1 : pieces
      const [ex, ey] = [v[i + size - 2], v[i + size - 1]]
      for (let k = 1; k <= steps; k++) {
        const t = k / steps
        const s = 1 - t
        if (size === 2) polygon.push(ex, ey)
        else if (size === 4)
          polygon.push(s * s * x + 2 * s * t * v[i] + t * t * ex, s * s * y + 2 * s * t * v[i + 1] + t * t * ey)
        else
          polygon.push(
            s * s * s * x + 3 * s * s * t * v[i] + 3 * s * t * t * v[i + 2] + t * t * t * ex,
            s * s * s * y + 3 * s * s * t * v[i + 1] + 3 * s * t * t * v[i + 3] + t * t * t * ey,
          )
      }
      x = ex
      y = ey
    }
  }
  return polygons
}

/**
 * Calls `span(y, x0, x1)` for every row of pixels whose centres lie inside the polygons (nonzero winding); x1 exclusive.
 */
export function fillSpans(
  polygons: ArrayLike<number>[],
  height: number,
  span: (y: number, x0: number, x1: number) => void,
): void {
  const crossings: { x: number; winding: number }[][] = Array.from({ length: height }, () => [])
  for (const p of polygons)
    for (let i = 0; i < p.length; i += 2) {
      const j = (i + 2) % p.length
      const [x0, y0, x1, y1] = [p[i], p[i + 1], p[j], p[j + 1]]
      const winding = y1 > y0 ? 1 : -1
      const last = Math.min(height - 1, Math.ceil(Math.max(y0, y1) - 0.5) - 1)
      for (let y = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5)); y <= last; y++)
        crossings[y].push({ x: x0 + ((y + 0.5 - y0) * (x1 - x0)) / (y1 - y0), winding })
    }
  for (const [y, row] of crossings.entries()) {
    row.sort((a, b) => a.x - b.x)
    let inside = 0
    for (let i = 0; i + 1 < row.length; i++) {
      inside += row[i].winding
      if (inside === 0) continue
      const from = Math.ceil(row[i].x - 0.5)
      const to = Math.ceil(row[i + 1].x - 0.5)
      if (to > from) span(y, from, to)
    }
  }
}
