/** A line drawing as a shape: its outermost contours filled, and what is drawn inside them cut out. */
import type { Outline, Segment } from '../glyph/outline.ts'
import { toPathData } from '../glyph/outline.ts'
import { flatten } from '../glyph/polygon.ts'

interface Contour {
  segments: Segment[]
  /** Straight pieces, flat x, y, x, y … */
  polygon: number[]
  /** Signed area: positive where it runs clockwise, y down. */
  area: number
}

function contoursOf(outline: Outline): Contour[] {
  const contours: Segment[][] = []
  for (const segment of outline) {
    if (segment.op === 'M') contours.push([])
    contours.at(-1)?.push(segment)
  }
  return contours.flatMap(segments => {
    const polygon = flatten(toPathData(segments, 6))[0] ?? []
    const area = areaOf(polygon)
    return area === 0 ? [] : [{ segments, polygon, area }]
  })
}

function areaOf(polygon: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length
    sum += polygon[i] * polygon[j + 1] - polygon[j] * polygon[i + 1]
  }
  return sum / 2
}

/** Even-odd test by a ray to the right. */
function contains(polygon: readonly number[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
    const [x0, y0, x1, y1] = [polygon[i], polygon[i + 1], polygon[j], polygon[j + 1]]
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside
  }
  return inside
}

/** How many other contours lie around each one. */
function depthsOf(contours: readonly Contour[]): number[] {
  return contours.map(
    (inner, i) =>
      contours.filter(
        (outer, j) =>
          j !== i &&
          Math.abs(outer.area) > Math.abs(inner.area) &&
          contains(outer.polygon, inner.polygon[0], inner.polygon[1]),
      ).length,
  )
}

/** The same contour the other way round. */
function reversed(segments: readonly Segment[]): Segment[] {
  const ends = segments.filter(({ op }) => op !== 'Z').map(({ points }) => points.slice(-2))
  const out: Segment[] = [{ op: 'M', points: ends.at(-1) ?? [] }]
  const drawn = segments.filter(({ op }) => op !== 'Z')
  for (let i = drawn.length - 1; i > 0; i--) {
    const inner = drawn[i].points.slice(0, -2)
    const controls: number[] = []
    for (let k = inner.length - 2; k >= 0; k -= 2) controls.push(inner[k], inner[k + 1])
    out.push({ op: drawn[i].op, points: [...controls, ...ends[i - 1]] })
  }
  return [...out, { op: 'Z', points: [] }]
}

/** A detail at least this large, share of the whole shape's area, is cut out of it: smaller ones would be specks. */
const SMALLEST_DETAIL = 0.0004

/**
 * A font draws a line as an outer and an inner contour. Depth 0 is the shape's edge; depth 1, the paper within its line,
 * is dropped, so that the shape is full; depth 2, what is drawn on it, is cut out; depth 3 is filled again; and so on.
 */
export function filledForm(outline: Outline): Outline {
  const contours = contoursOf(outline)
  const depths = depthsOf(contours)
  const whole = contours.reduce((sum, { area }, i) => sum + (depths[i] === 0 ? Math.abs(area) : 0), 0)
  return contours.flatMap(({ segments, area }, i) => {
    const depth = depths[i]
    if (depth === 1 || (depth > 1 && Math.abs(area) < SMALLEST_DETAIL * whole)) return []
    // Odd winding of the holes under the nonzero rule.
    const filled = depth === 0 || depth % 2 === 1
    return filled === area > 0 ? segments : reversed(segments)
  })
}
