import type { DrawnStroke } from '../../core/contract/composition.ts'

/**
 * What is left of a stroke when an eraser of that radius stands at a point: the same stroke where they do not meet, else its
 * pieces.
 */
export function erased(stroke: DrawnStroke, [x, y]: readonly [number, number], radius: number): DrawnStroke[] {
  const { points, size } = stroke
  const pieces: number[][] = [[]]
  for (let i = 0; i + 2 < points.length; i += 3) {
    const met = Math.hypot(points[i] - x, points[i + 1] - y) < radius
    if (met) pieces.push([])
    else pieces.at(-1)?.push(points[i], points[i + 1], points[i + 2])
  }
  if (pieces.length === 1) return [stroke]
  // A single point that is left would be a dot where there was a line.
  return pieces.filter(piece => piece.length >= 6).map(piece => ({ points: piece, size }))
}
