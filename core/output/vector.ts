/** The outline of a word and its motifs as vectors: for SVG, and for the paths of layered files. */
import { fromPathData, type Outline } from '../glyph/outline.ts'
import type { Glyph } from '../glyph/types.ts'

/** A part of what is written, in pixels of the canvas. */
export interface VectorPart {
  /** What it is: the character, or the name of the block. */
  name: string
  /** SVG path data of absolute commands. */
  path: string
}

/** What a glyph is made of: the blocks of a composition, or the characters of a word; hidden blocks are left out. */
export function partsOf({ composed, characters }: Glyph): VectorPart[] {
  if (composed)
    return composed.blocks
      .filter(({ hidden, path }) => !hidden && path !== '')
      .map(({ name, path }) => ({ name, path }))
  return characters.filter(({ path }) => path !== '').map(({ char, path }) => ({ name: char, path }))
}

/** A cubic segment as it ends: both control points and the end, x and y by turns. */
type Cubic = [number, number, number, number, number, number]

/** A closed or open curve of cubic segments. */
export interface Curve {
  start: [number, number]
  cubics: Cubic[]
  closed: boolean
}

/** An outline's curves, lines and quadratic segments as cubic ones. */
export function curvesOf(outline: Outline): Curve[] {
  const curves: Curve[] = []
  let [x, y] = [0, 0]
  for (const { op, points } of outline) {
    const last = curves.at(-1)
    if (op === 'M') {
      ;[x, y] = points
      curves.push({ start: [x, y], cubics: [], closed: false })
      continue
    }
    if (!last) continue
    if (op === 'Z') {
      last.closed = true
      ;[x, y] = last.start
      continue
    }
    last.cubics.push(cubic(op, points, x, y))
    ;[x, y] = points.slice(-2)
  }
  return curves.filter(({ cubics }) => cubics.length > 0)
}

function cubic(op: 'L' | 'Q' | 'C', p: readonly number[], x: number, y: number): Cubic {
  if (op === 'C') return [p[0], p[1], p[2], p[3], p[4], p[5]]
  if (op === 'L') return [x, y, p[0], p[1], p[0], p[1]]
  const towards = (from: number, control: number) => from + (2 / 3) * (control - from)
  return [towards(x, p[0]), towards(y, p[1]), towards(p[2], p[0]), towards(p[3], p[1]), p[2], p[3]]
}

/** All curves of the parts. */
export const curvesOfParts = (parts: readonly VectorPart[]): Curve[] =>
  parts.flatMap(({ path }) => curvesOf(fromPathData(path)))

const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** An SVG with a path for each part, black on nothing. @param alt what it shows, for those who do not see it */
export function writeSvg(
  { width, height, alt }: { width: number; height: number; alt: string },
  parts: readonly VectorPart[],
): string {
  const paths = parts.map(({ name, path }) => `  <path d="${path}"><title>${escapeXml(name)}</title></path>\n`)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" aria-label="${escapeXml(alt)}">\n  <title>${escapeXml(alt)}</title>\n${paths.join('')}</svg>\n`
  )
}
