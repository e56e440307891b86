/** Arithmetic of handles: all in pixels of the canvas, y down. */
import { type Matrix, matrixOf, times } from '../../core/composition/place.ts'
import type { Transform } from '../../core/contract/composition.ts'

export interface Size {
  width: number
  height: number
}
export type Point = readonly [number, number]

/** Which way an arrow key moves. */
export const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** What moves an outline that was drawn under one transform to another: SVG's matrix(…). */
export function delta(from: Transform, to: Transform, { width, height }: Size): string {
  const [a, b, c, d, e, f] = matrixOf(from, width, height)
  const det = a * d - b * c
  const inverse: Matrix = [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det]
  const product = times(matrixOf(to, width, height), inverse)
  return `matrix(${product.map(v => Number(v.toFixed(5))).join(' ')})`
}

/** Corners of a block's unbent box under a transform, from the top left clockwise. */
export function cornersOf(
  { x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number },
  transform: Transform,
  { width, height }: Size,
): [Point, Point, Point, Point] {
  const [a, b, c, d, e, f] = matrixOf(transform, width, height)
  const at = (x: number, y: number): Point => [a * x + c * y + e, b * x + d * y + f]
  return [at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)]
}

/** The transform after a corner was dragged from one point to another about the block's middle; `free` scales each side alone. */
export function scaledBy(
  transform: Transform,
  from: Point,
  to: Point,
  free: boolean,
  { width, height }: Size,
): Transform {
  const middle: Point = [transform.x * width, transform.y * height]
  const angle = (-transform.rotation * Math.PI) / 180
  const own = ([x, y]: Point): Point => {
    const [dx, dy] = [x - middle[0], y - middle[1]]
    return [dx * Math.cos(angle) - dy * Math.sin(angle), dx * Math.sin(angle) + dy * Math.cos(angle)]
  }
  const [p, q] = [own(from), own(to)]
  const ratio = Math.hypot(...q) / Math.max(1, Math.hypot(...p))
  const [fx, fy] = free ? [q[0] / nonZero(p[0]), q[1] / nonZero(p[1])] : [ratio, ratio]
  return { ...transform, scale: [limited(transform.scale[0] * fx), limited(transform.scale[1] * fy)] }
}

const nonZero = (v: number) => (Math.abs(v) < 1 ? (v < 0 ? -1 : 1) : v)
/** Within what a request takes. */
export const limited = (scale: number): number => {
  const size = Math.min(8, Math.max(0.02, Math.abs(scale)))
  return Number((scale < 0 ? -size : size).toFixed(4))
}

/** Degrees that a drag about a middle turns, to whole degrees; within 3° of a multiple of 45° it snaps there. */
export function turnedBy(transform: Transform, from: Point, to: Point, { width, height }: Size): number {
  const [x, y] = [transform.x * width, transform.y * height]
  const angle = (p: Point) => (Math.atan2(p[1] - y, p[0] - x) * 180) / Math.PI
  const turned = Math.round(transform.rotation + angle(to) - angle(from))
  const wrapped = ((((turned + 180) % 360) + 360) % 360) - 180
  const nearest = Math.round(wrapped / 45) * 45
  return Math.abs(wrapped - nearest) <= 3 ? nearest : wrapped
}

/** How near a middle must come to a guide to snap to it, share of the side. */
const SNAP = 0.012

/** A coordinate drawn to the nearest guide, and that guide. */
export function snapped(value: number, guides: readonly number[]): { value: number; guide: number | null } {
  const near = guides.filter(guide => Math.abs(guide - value) < SNAP)
  if (near.length === 0) return { value, guide: null }
  const guide = near.reduce((best, next) => (Math.abs(next - value) < Math.abs(best - value) ? next : best))
  return { value: guide, guide }
}
