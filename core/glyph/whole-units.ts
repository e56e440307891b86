import type { GlyphTable, Structure } from './glyf.ts'
import type { Outline } from './outline.ts'

/** More parts than any glyph is put together from; without a limit a few glyphs that contain each other would be millions. */
const MOST_PARTS = 64

/**
 * An instance of a TrueType variable font with its points at whole font units, as the studio has always drawn them, so that
 * old pictures come out to the byte: every point of a glyph, and how far each part of a composite glyph is moved. A curve's
 * end that the format only implies, half-way between two control points, stays half-way.
 * @param draw the glyph's outline as it is, font units, closed contours
 */
export function wholeUnits(
  glyphId: number,
  table: GlyphTable,
  draw: (glyphId: number) => Outline,
  budget = { parts: MOST_PARTS },
): Outline {
  const outline = draw(glyphId)
  if (outline.length === 0) return outline
  const structure = table.structure(glyphId)
  if (structure.kind === 'simple') return wholePoints(outline, impliedEnds(structure))
  budget.parts -= structure.components.length
  if (budget.parts < 0 || !structure.components.every(({ moved }) => moved)) return wholePoints(outline, [])
  let at = 0
  const parts = structure.components.map(component => {
    const own = draw(component.glyphId)
    const whole = wholeUnits(component.glyphId, table, draw, budget)
    const [x, y] = own.length ? [0, 1].map(i => Math.round(outline[at].points[i] - own[0].points[i])) : [0, 0]
    at += own.length
    return whole.map(({ op, points }) => ({ op, points: points.map((v, i) => v + (i % 2 ? y : x)) }))
  })
  // Parts that are drawn otherwise inside of a composite are none that could be moved.
  return at === outline.length ? parts.flat() : wholePoints(outline, [])
}

/** Of each curve in the order of drawing: its end lies between two control points and is not in the font. */
function impliedEnds({ onCurve }: Structure & { kind: 'simple' }): boolean[] {
  return onCurve.flatMap(points => {
    const curves = points.flatMap((on, i) => (on ? [] : [!points[(i + 1) % points.length]]))
    // Drawing begins at the second point where the first is a control point.
    return points[0] === false ? [...curves.slice(1), ...curves.slice(0, 1)] : curves
  })
}

function wholePoints(outline: Outline, implied: readonly boolean[]): Outline {
  const out = outline.map(({ op, points }) => ({ op, points: points.map(Math.round) }))
  let curve = 0
  let first = 0
  for (const [i, { op, points }] of out.entries()) {
    if (op === 'M') first = i
    // A contour begins where it ends, which may be half-way too.
    if (op === 'Z' && samePoint(outline, i - 1, first)) out[first].points = out[i - 1].points.slice(-2)
    if (op !== 'Q' || !implied[curve++]) continue
    const next = out[i + 1].op === 'Q' ? out[i + 1] : out[first + 1]
    for (const axis of [0, 1]) points[2 + axis] = (points[axis] + next.points[axis]) / 2
  }
  return out
}

const samePoint = (outline: Outline, a: number, b: number) =>
  [1, 2].every(back => outline[a].points.at(-back) === outline[b].points.at(-back))
