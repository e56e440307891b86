/** From a block's own frame onto the canvas: bent, scaled, turned, moved. */
import type { Transform, Warp } from '../contract/composition.ts'
import { type Extent, extentOf, type Outline, place, union } from '../glyph/outline.ts'
import { type PlaneMap, type Point, planeMapOf, warpOutline } from './warp.ts'

/** x' = a·x + c·y + e, y' = b·x + d·y + f, as SVG's matrix(a b c d e f). */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** Block frame → pixels of a canvas. */
export function matrixOf({ x, y, scale, rotation }: Transform, width: number, height: number): Matrix {
  const unit = Math.min(width, height)
  const angle = (rotation * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle) * unit, Math.sin(angle) * unit]
  return [cos * scale[0], sin * scale[0], -sin * scale[1], cos * scale[1], x * width, y * height]
}

/** First n, then m. */
export const times = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
]

export const applied = ([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point => [a * x + c * y + e, b * x + d * y + f]

/** A block's outlines in its own frame, one for each of its pieces (a word's characters). */
export interface Framed {
  pieces: readonly Outline[]
  /** Box of all of them, before they are bent. */
  box: Extent
}

/** The pieces moved so that their middle is the origin, and scaled so that the longer side of their ink is one. */
export function framed(pieces: readonly Outline[]): Framed | null {
  const all = pieces.reduce<Extent | null>((box, piece) => union(box, extentOf(piece)), null)
  if (!all) return null
  const scale = 1 / Math.max(all.x1 - all.x0, all.y1 - all.y0)
  const [x, y] = [(all.x0 + all.x1) / 2, (all.y0 + all.y1) / 2]
  const [w, h] = [((all.x1 - all.x0) * scale) / 2, ((all.y1 - all.y0) * scale) / 2]
  return {
    pieces: pieces.map(piece => place(piece, { a: scale, c: 0, d: scale, e: -x * scale, f: -y * scale })),
    box: { x0: -w, y0: -h, x1: w, y1: h },
  }
}

/** How points of a block's frame lie on the canvas. */
export function placementOf(
  { transform, warp }: { transform: Transform; warp: Warp | null },
  box: Extent,
  width: number,
  height: number,
): PlaneMap {
  const bent = planeMapOf(warp, box)
  const matrix = matrixOf(transform, width, height)
  return (x, y) => applied(matrix, bent(x, y))
}

/** The outline on the canvas, pixels. Straight and curved commands stay what they are where the block is not bent. */
export function placed(
  outline: Outline,
  block: { transform: Transform; warp: Warp | null },
  box: Extent,
  width: number,
  height: number,
): Outline {
  const matrix = matrixOf(block.transform, width, height)
  const flat = block.warp ? warpOutline(outline, planeMapOf(block.warp, box), box) : outline
  return flat.map(({ op, points }) => {
    const out = new Array<number>(points.length)
    for (let i = 0; i < points.length; i += 2) [out[i], out[i + 1]] = applied(matrix, [points[i], points[i + 1]])
    return { op, points: out }
  })
}
