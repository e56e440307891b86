import { labelInk } from './assign.ts'
import { type InkBox, type Pose, posed } from './pose.ts'
import { runShares } from './runs.ts'
import type { TemplateStroke } from './stroke-template.ts'

const ROUNDS = 8
/** A font moves a stroke by so much of the character at most … */
const SHIFT_LIMIT = 0.12
/** … and stretches it by no more than this factor. */
const SCALE_LIMIT = 1.35
/** Ink wider than this many pens across a spine is a crossing, and tells nothing. */
const WIDEST = 1.7
/** A spine looks for its ink as far as this many pens. */
const SEARCH = 0.8
/** How much a stroke resists leaving its place, in samples. */
const STIFFNESS = 3
/** An end weighs as much as this many samples. */
const END_WEIGHT = 6
/** Residuals beyond this many pens count less and less. */
const OUTLIER = 0.35

/** Where the ink lies around one sample, along a direction, relative to where the template's own ink lies: pixels. */
interface Sight {
  x: number
  y: number
  /** Unit vector of the measurement. */
  ux: number
  uy: number
  /** Signed distance to go along it; null where crossings hide it. */
  offset: number | null
  weight: number
}

const clamp = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v))

const isInk = ({ data, width, height }: InkBox, x: number, y: number): boolean => {
  const [px, py] = [Math.floor(x), Math.floor(y)]
  return px >= 0 && py >= 0 && px < width && py < height && data[py * width + px] !== 0
}

/** Steps of half a pixel from a point until the ink changes from `from`; null beyond the limit. */
function walk(ink: InkBox, x: number, y: number, ux: number, uy: number, from: boolean, limit: number): number | null {
  for (let s = 0; s <= limit; s += 0.5) if (isInk(ink, x + s * ux, y + s * uy) !== from) return s
  return null
}

/** Offset along (ux, uy) from a point to the middle of the ink that crosses there. */
function middle(ink: InkBox, x: number, y: number, ux: number, uy: number, pen: number): number | null {
  let start = 0
  if (!isInk(ink, x, y)) {
    const ahead = walk(ink, x, y, ux, uy, false, SEARCH * pen)
    const behind = walk(ink, x, y, -ux, -uy, false, SEARCH * pen)
    if (ahead === null && behind === null) return null
    start = behind === null || (ahead !== null && ahead <= behind) ? ahead! : -behind
  }
  const [sx, sy] = [x + start * ux, y + start * uy]
  const ahead = walk(ink, sx, sy, ux, uy, true, WIDEST * pen)
  const behind = walk(ink, sx, sy, -ux, -uy, true, WIDEST * pen)
  if (ahead === null || behind === null || ahead + behind > WIDEST * pen) return null
  return start + (ahead - behind) / 2
}

/** Offset along (ux, uy), the way out of a stroke's end, to where the ink ends. */
function tip(ink: InkBox, x: number, y: number, ux: number, uy: number, pen: number): number | null {
  if (isInk(ink, x, y)) return walk(ink, x, y, ux, uy, true, WIDEST * pen)
  const back = walk(ink, x, y, -ux, -uy, false, SEARCH * pen)
  return back === null ? null : -back
}

/** Looks across the spine at every sample and ahead at both ends; only ink that now counts as the stroke's own tells. */
function look(ink: InkBox, labels: Uint16Array, own: number, spine: Float64Array, pen: number): Sight[] {
  const sights: Sight[] = []
  const mine = (x: number, y: number) =>
    labels[clamp(Math.floor(y), 0, ink.height - 1) * ink.width + clamp(Math.floor(x), 0, ink.width - 1)] === own
  const last = spine.length - 2
  for (let i = 0; i <= last; i += 2) {
    const [before, after] = [Math.max(0, i - 2), Math.min(last, i + 2)]
    const tx = spine[after] - spine[before]
    const ty = spine[after + 1] - spine[before + 1]
    const length = Math.hypot(tx, ty)
    if (length === 0) continue
    const [x, y, ux, uy] = [spine[i], spine[i + 1], -ty / length, tx / length]
    const across = middle(ink, x, y, ux, uy, pen)
    const offset = across !== null && mine(x + across * ux, y + across * uy) ? across : null
    sights.push({ x, y, ux, uy, offset, weight: 1 })
    if (i !== 0 && i !== last) continue
    const out = i === 0 ? -1 : 1
    const [ox, oy] = [(out * tx) / length, (out * ty) / length]
    const ahead = tip(ink, x, y, ox, oy, pen)
    const reached = ahead !== null && mine(x + (ahead - 1) * ox, y + (ahead - 1) * oy) ? ahead : null
    sights.push({ x, y, ux: ox, uy: oy, offset: reached, weight: END_WEIGHT })
  }
  return sights
}

/** Solves a symmetric positive definite system by Gaussian elimination, in place. */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length
  for (let i = 0; i < n; i++)
    for (let row = i + 1; row < n; row++) {
      const factor = a[row][i] / a[i][i]
      for (let k = i; k < n; k++) a[row][k] -= factor * a[i][k]
      b[row] -= factor * b[i]
    }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= a[i][k] * b[k]
    b[i] /= a[i][i]
  }
  return b
}

/** One step of a pose towards what its sights ask for: shift and axis scale by weighted least squares. */
function step(pose: Pose, sights: Sight[], wanted: Sight[], pen: number, { width, height }: InkBox): void {
  const size = [width, height]
  const normal = Array.from({ length: 4 }, () => [0, 0, 0, 0])
  const right = [0, 0, 0, 0]
  const centre = [0, 1].map(axis => (pose.centre[axis] + pose.shift[axis]) * size[axis])
  // A unit of scale moves a stroke's end by about half its side.
  const arm = Math.max(width, height) / 2
  for (const [i, { x, y, ux, uy, offset, weight }] of sights.entries()) {
    const own = wanted[i].offset
    if (offset === null || own === null) continue
    const residual = offset - own
    const w = weight * Math.min(1, (OUTLIER * pen) / Math.max(Math.abs(residual), 1e-9))
    const row = [ux, uy, (ux * (x - centre[0])) / arm, (uy * (y - centre[1])) / arm]
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < 4; b++) normal[a][b] += w * row[a] * row[b]
      right[a] += w * row[a] * residual
    }
  }
  // The pull back to the place that the template gives.
  const now = [0, 1, 2, 3].map(a => (a < 2 ? pose.shift[a] * size[a] : (pose.scale[a - 2] - 1) * arm))
  for (let a = 0; a < 4; a++) {
    normal[a][a] += STIFFNESS
    right[a] -= STIFFNESS * now[a] * 0.25
  }
  const delta = solve(normal, right)
  for (const axis of [0, 1]) {
    pose.shift[axis] = clamp(pose.shift[axis] + delta[axis] / size[axis], -SHIFT_LIMIT, SHIFT_LIMIT)
    pose.scale[axis] = clamp(pose.scale[axis] + delta[axis + 2] / arm, 1 / SCALE_LIMIT, SCALE_LIMIT)
  }
}

/** Width of the pen that drew a stroke of this length with this much ink. */
const penOf = ({ data }: InkBox, spines: Float64Array[]): number => {
  let length = 0
  for (const spine of spines)
    for (let i = 2; i < spine.length; i += 2) length += Math.hypot(spine[i] - spine[i - 2], spine[i + 1] - spine[i - 1])
  let area = 0
  for (const v of data) if (v) area++
  return Math.max(3, area / Math.max(1, length))
}

/**
 * Lays a template onto ink: each stroke is moved and stretched, a little in each round, until its spine runs in the
 * middle of its ink and ends where the ink ends, as it does in the template's own ink. What crossings hide is passed
 * over. Free fitting of single points drifts; a shift and an axis scale with limits does not.
 * @param own the template's own ink in a box of the same size
 * @returns a pose per stroke
 */
export function fitStrokes(ink: InkBox, template: TemplateStroke[], own: InkBox): Pose[] {
  const { width, height } = ink
  const poses = template.map(({ spine }): Pose => {
    const mean = [0, 1].map(axis => (2 * spine.reduce((sum, v, i) => sum + (i % 2 === axis ? v : 0), 0)) / spine.length)
    return { centre: [mean[0], mean[1]], scale: [1, 1], shift: [0, 0] }
  })
  const spines = () => template.map(({ spine }, k) => posed(spine, poses[k], width, height))
  const ownPen = penOf(own, spines())
  const pen = penOf(ink, spines())
  const ownLabels = labelInk(own, template, poses)
  const wanted = spines().map((spine, k) => look(own, ownLabels, k + 1, spine, ownPen))
  const shares = runShares(ink.data, width, height)
  for (let round = 0; round < ROUNDS; round++) {
    const labels = labelInk(ink, template, poses, shares)
    for (const [k, spine] of spines().entries())
      step(poses[k], look(ink, labels, k + 1, spine, pen), wanted[k], pen, ink)
  }
  return poses
}
