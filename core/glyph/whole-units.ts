import type { Outline } from './outline.ts'

/** How near a point lies to the middle of its neighbours to have been put there by the format, font units. */
const IMPLIED = 2e-3

/**
 * An instance of a TrueType variable font with its points at whole font units, as the studio has always drawn them, so that
 * old pictures come out to the byte. A curve's end that the format only implies, half-way between two control points,
 * stays half-way.
 * @param outline font units, closed contours
 * @param masters the same glyph at other weights: an end is implied where it lies half-way in all of them
 */
export function wholeUnits(outline: Outline, masters: readonly Outline[]): Outline {
  const out = outline.map(({ op, points }) => ({ op, points: points.map(Math.round) }))
  const closing = closingCurves(outline)
  for (const [i, { points }] of out.entries()) {
    const next = closing.get(i) ?? i + 1
    if (![outline, ...masters].every(drawn => isHalfWay(drawn, i, next))) continue
    for (const axis of [0, 1]) points[2 + axis] = (points[axis] + out[next].points[axis]) / 2
  }
  // A closed contour begins where it ends.
  for (const [last, first] of closing)
    if (samePoint(outline, last, first - 1)) out[first - 1].points = out[last].points.slice(-2)
  return out
}

/** Last segment of each contour → the segment after its first point, which follows it. */
function closingCurves(outline: Outline): Map<number, number> {
  const closing = new Map<number, number>()
  let first = 0
  for (const [i, { op }] of outline.entries()) {
    if (op === 'M') first = i
    if (op === 'Z') closing.set(i - 1, first + 1)
  }
  return closing
}

function isHalfWay(drawn: Outline, at: number, next: number): boolean {
  const [a, b] = [drawn[at], drawn[next]]
  if (a?.op !== 'Q' || b?.op !== 'Q') return false
  return [0, 1].every(axis => Math.abs(a.points[2 + axis] - (a.points[axis] + b.points[axis]) / 2) < IMPLIED)
}

const samePoint = (outline: Outline, a: number, b: number) =>
  [1, 2].every(back => outline[a].points.at(-back) === outline[b].points.at(-back))
