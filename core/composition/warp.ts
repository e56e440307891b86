/** Bends a block within its own box. Each warp is a function of the plane with a closed form. */
import type { Warp } from '../contract/composition.ts'
import type { Extent, Outline, Segment } from '../glyph/outline.ts'

export type Point = readonly [x: number, y: number]
/** A function of the plane, y down. */
export type PlaneMap = (x: number, y: number) => Point

const DEGREES = Math.PI / 180

/**
 * The block's box bent along a circle. With a positive angle its lower edge lies on the circle and the block stands outside
 * of it; with a negative one its upper edge does, and the block hangs outside below. So nothing ever folds over.
 *
 * Lower edge at y = b, width w, angle θ: R = w / θ, a = (x − m) / R, then (m + (R + b − y) sin a, b + R − (R + b − y) cos a).
 */
function arc({ x0, x1, y0, y1 }: Extent, degrees: number): PlaneMap {
  const angle = degrees * DEGREES
  if (Math.abs(angle) < 1e-6) return (x, y) => [x, y]
  const middle = (x0 + x1) / 2
  const radius = (x1 - x0) / angle
  const edge = angle > 0 ? y1 : y0
  return (x, y) => {
    const a = (x - middle) / radius
    const r = radius + edge - y
    return [middle + r * Math.sin(a), edge + radius - r * Math.cos(a)]
  }
}

/** y + A · l · sin 2π(n · s + phase), where s runs from 0 to 1 over the width and l is the longer side. */
function wave(box: Extent, { amplitude, waves, phase }: Extract<Warp, { kind: 'wave' }>): PlaneMap {
  const width = box.x1 - box.x0
  const height = amplitude * Math.max(width, box.y1 - box.y0)
  return (x, y) => [x, y + height * Math.sin(2 * Math.PI * ((waves * (x - box.x0)) / width + phase))]
}

/**
 * A ruled surface between two edges: the straight line between the moved corners, and a parabola that hangs `sag` below its
 * middle.
 */
function envelope(box: Extent, { corners, top, bottom }: Extract<Warp, { kind: 'envelope' }>): PlaneMap {
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0]
  const corner = (i: number, x: number, y: number): Point => [x + corners[i][0] * width, y + corners[i][1] * height]
  const a = corner(0, box.x0, box.y0)
  const b = corner(1, box.x1, box.y0)
  const c = corner(2, box.x1, box.y1)
  const d = corner(3, box.x0, box.y1)
  const edge = (from: Point, to: Point, sag: number, s: number): Point => [
    from[0] + (to[0] - from[0]) * s,
    from[1] + (to[1] - from[1]) * s + sag * height * 4 * s * (1 - s),
  ]
  return (x, y) => {
    const s = (x - box.x0) / width
    const t = (y - box.y0) / height
    const up = edge(a, b, top, s)
    const down = edge(d, c, bottom, s)
    return [up[0] + (down[0] - up[0]) * t, up[1] + (down[1] - up[1]) * t]
  }
}

/** @param box of the block before it is bent: what the warp's shares are shares of */
export function planeMapOf(warp: Warp | null, box: Extent): PlaneMap {
  switch (warp?.kind) {
    case undefined:
      return (x, y) => [x, y]
    case 'arc':
      return arc(box, warp.angle)
    case 'wave':
      return wave(box, warp)
    case 'envelope':
      return envelope(box, warp)
  }
}

/** How far a bent line may lie from its closed form, share of the box's longer side: a fiftieth of a pixel at 1024. */
const TOLERANCE = 2e-5
/** Halvings of one segment at most. */
const DEEPEST = 12

/** The point of a segment at t, and its derivative there, as functions of t. */
function curveOf(from: Point, points: readonly number[]): (t: number) => Point {
  const [x0, y0] = from
  if (points.length === 2) return t => [x0 + (points[0] - x0) * t, y0 + (points[1] - y0) * t]
  if (points.length === 4) {
    const [x1, y1, x2, y2] = points
    return t => {
      const s = 1 - t
      return [s * s * x0 + 2 * s * t * x1 + t * t * x2, s * s * y0 + 2 * s * t * y1 + t * t * y2]
    }
  }
  const [x1, y1, x2, y2, x3, y3] = points
  return t => {
    const s = 1 - t
    const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t]
    return [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3]
  }
}

/** Cubics through a curve's own points and tangents, halved until they lie on it. */
function approximate(
  curve: (t: number) => Point,
  from: number,
  to: number,
  tolerance: number,
  depth: number,
  out: Segment[],
) {
  const [p, q] = [curve(from), curve(to)]
  const step = (to - from) * 1e-4
  const slope = (t: number, sign: number): Point => {
    const near = curve(t + sign * step)
    const at = curve(t)
    return [((near[0] - at[0]) * sign) / step, ((near[1] - at[1]) * sign) / step]
  }
  const third = (to - from) / 3
  const [u, v] = [slope(from, 1), slope(to, -1)]
  const points = [p[0] + u[0] * third, p[1] + u[1] * third, q[0] - v[0] * third, q[1] - v[1] * third, q[0], q[1]]
  const cubic = curveOf(p, points)
  const off = [0.13, 0.29, 0.5, 0.71, 0.87].some(t => {
    const [a, b] = [cubic(t), curve(from + (to - from) * t)]
    return Math.hypot(a[0] - b[0], a[1] - b[1]) > tolerance
  })
  if (!off || depth >= DEEPEST) {
    out.push({ op: 'C', points })
    return
  }
  const middle = (from + to) / 2
  approximate(curve, from, middle, tolerance, depth + 1, out)
  approximate(curve, middle, to, tolerance, depth + 1, out)
}

/** The outline under a function of the plane; its lines become curves, its closing lines too. */
export function warpOutline(outline: Outline, map: PlaneMap, box: Extent): Outline {
  const tolerance = TOLERANCE * Math.max(box.x1 - box.x0, box.y1 - box.y0)
  const out: Segment[] = []
  let pen: Point = [0, 0]
  let start: Point = [0, 0]
  const draw = (points: readonly number[]) => {
    const curve = curveOf(pen, points)
    approximate(t => map(...curve(t)), 0, 1, tolerance, 0, out)
  }
  for (const { op, points } of outline) {
    const end: Point = op === 'Z' ? start : [points[points.length - 2], points[points.length - 1]]
    if (op === 'M') {
      start = end
      out.push({ op, points: [...map(...end)] })
    } else if (op !== 'Z') draw(points)
    else {
      if (Math.hypot(pen[0] - start[0], pen[1] - start[1]) > tolerance) draw(start)
      out.push({ op, points: [] })
    }
    pen = end
  }
  return out
}
