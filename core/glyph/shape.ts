import type { Font } from 'fontkit'
import { fault } from '../faults/fault.ts'
import type { Face } from './font-file.ts'
import { type Extent, extentOf, type Outline, outlineOf, place } from './outline.ts'
import { clustersOf, isIdeographic, isRightToLeft, isSpace } from './text.ts'

/** A character (or several that a ligature joined) as its font draws it, in em units. */
export interface ShapedCharacter {
  char: string
  face: Face
  /** Pen movement to the next character. */
  advance: number
  /** Above and below the baseline, both positive: the line that the font asks for. */
  ascent: number
  descent: number
  /** Pen at x = 0, baseline at y = 0, y down; empty for a space. */
  outline: Outline
  ink: Extent | null
  ideographic: boolean
}

interface Run {
  clusters: string[]
  face: Face
  rightToLeft: boolean
}

/** Consecutive clusters of one font and one direction. Spaces join the run before them. */
function runsOf(clusters: string[], faces: Map<string, Face>): Run[] {
  const runs: Run[] = []
  for (const cluster of clusters) {
    const last = runs.at(-1)
    const face = faces.get(cluster)!
    const neutral = isSpace(cluster) || /^\p{P}/u.test(cluster)
    const rightToLeft = neutral ? (last?.rightToLeft ?? false) : isRightToLeft(cluster)
    if (last && last.face === face && last.rightToLeft === rightToLeft) last.clusters.push(cluster)
    else runs.push({ clusters: [cluster], face, rightToLeft })
  }
  return runs
}

/** Which cluster each code point of the run belongs to, in logical order. */
const clusterOfCodePoint = (clusters: string[]): number[] =>
  clusters.flatMap((cluster, index) => [...cluster].map(() => index))

/**
 * fontkit keeps each glyph with the code points of its first use, and none where that was as a part of another glyph:
 * counting code points needs them fresh. Outlines are kept by outlineOf.
 */
function forgetGlyphs(font: Font): void {
  ;(font as Font & { _glyphs: Record<number, unknown> })._glyphs = {}
}

function shapeRun({ clusters, face, rightToLeft }: Run, vertical: boolean): ShapedCharacter[] {
  const { font } = face
  const scale = 1 / font.unitsPerEm
  const features = vertical && font.availableFeatures.includes('vert') ? ['vert'] : []
  forgetGlyphs(font)
  const run = font.layout(clusters.join(''), features)
  const owners = clusterOfCodePoint(clusters)
  const shaped: (ShapedCharacter & { first: number; last: number })[] = []
  let codePoint = 0
  // Glyphs come in visual order; walking a right-to-left run from its end gives them in logical order.
  const order = run.glyphs.map((_, i) => (run.direction === 'rtl' ? run.glyphs.length - 1 - i : i))
  for (const index of order) {
    const glyph = run.glyphs[index]
    const position = run.positions[index]
    const first = owners[Math.min(codePoint, owners.length - 1)]
    codePoint += glyph.codePoints.length
    const last = owners[Math.min(Math.max(codePoint - 1, 0), owners.length - 1)]
    const before = shaped.at(-1)
    // A mark, or a part of a decomposed letter, joins the character that it belongs to.
    const joins = before !== undefined && (first <= before.last || glyph.codePoints.length === 0)
    const target = joins
      ? before
      : { char: '', face, advance: 0, ascent: 0, descent: 0, outline: [], ink: null, ideographic: false, first, last }
    // Right to left, a mark stands before its letter on the canvas and its offset counts from its own pen.
    const pen = joins && run.direction !== 'rtl' ? target.advance : 0
    if (joins && run.direction === 'rtl' && position.xAdvance)
      target.outline = place(target.outline, { a: 1, c: 0, d: 1, e: position.xAdvance * scale, f: 0 })
    const offset = { a: 1, c: 0, d: 1, e: pen + position.xOffset * scale, f: -position.yOffset * scale }
    target.outline = [...target.outline, ...place(outlineOf(font, glyph.id), offset)]
    target.advance += position.xAdvance * scale
    target.last = Math.max(target.last, last)
    if (!joins) shaped.push(target)
  }
  const placed = shaped.map(({ first, last, ...character }) => {
    const char = clusters.slice(first, last + 1).join('')
    return {
      ...character,
      char,
      ascent: font.ascent * scale,
      descent: -font.descent * scale,
      ink: extentOf(character.outline),
      ideographic: isIdeographic(char),
    }
  })
  return rightToLeft ? placed.reverse() : placed
}

/**
 * Shapes one line with the fonts chosen for its characters: kerning, ligatures, marks, joined scripts. The result is in
 * visual order, left to right; a line that begins right-to-left has its runs laid out that way.
 * @throws StudioError bad-font: a font that is damaged where the line needs it; missing-glyph: a character without outline
 */
export function shapeLine(line: string, faces: Map<string, Face>, vertical = false): ShapedCharacter[] {
  const runs = runsOf(clustersOf(line), faces)
  const shaped = runs.map(run => {
    try {
      return shapeRun(run, vertical)
    } catch (cause) {
      throw fault('fontCannotDraw', { font: run.face.name, text: run.clusters.join('') }, { cause })
    }
  })
  for (const { char, ink, face } of shaped.flat())
    if (!ink && /[\p{L}\p{N}\p{P}\p{S}]/u.test(char))
      throw fault('glyphIsPicture', { font: face.name, character: char })
  const firstStrong = runs.find(({ clusters }) => clusters.some(c => /^\p{L}/u.test(c)))
  return (firstStrong?.rightToLeft ? shaped.reverse() : shaped).flat()
}
