/** A stroke of the pen as an outline. */
import { getStroke } from 'perfect-freehand'
import type { DrawnStroke } from '../contract/composition.ts'
import type { Outline } from '../glyph/outline.ts'

/** The library smooths in pixels: strokes are drawn as if the shorter side had so many. */
const UNITS = 1024

/**
 * The outline of one stroke, in the units of its points. The same points give the same outline on every machine.
 * @param thinning how far pressure thins the line, 0..1
 */
export function drawnStroke({ points, size }: DrawnStroke, thinning: number): Outline {
  const input: [number, number, number][] = []
  for (let i = 0; i + 2 < points.length; i += 3)
    input.push([points[i] * UNITS, points[i + 1] * UNITS, Math.min(1, Math.max(0, points[i + 2]))])
  const edge = getStroke(input, {
    size: size * UNITS,
    thinning,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: false,
    last: true,
  })
  if (edge.length < 3) return []
  const at = (i: number) => [edge[i % edge.length][0] / UNITS, edge[i % edge.length][1] / UNITS]
  // Curves through the middles between the edge's points, as the library's own example draws them.
  const middle = (i: number) => {
    const [a, b] = [at(i), at(i + 1)]
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  }
  return [
    { op: 'M', points: middle(0) },
    ...edge.map((_, i) => ({ op: 'Q' as const, points: [...at(i + 1), ...middle(i + 1)] })),
    { op: 'Z', points: [] },
  ]
}

/** The stroke's own way, in the units of its points. */
export function wayOf({ points }: DrawnStroke): [number, number][] {
  const way: [number, number][] = []
  for (let i = 0; i + 2 < points.length; i += 3) way.push([points[i], points[i + 1]])
  return way
}
