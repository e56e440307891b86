/**
 * Places for marks in a font that says nothing of them (no GPOS feature "mark"): centred above or below the letter by their
 * extents. HarfBuzz does so too (hb-ot-shape-fallback.cc, position_mark), but not as it is built for WebAssembly.
 */
import unicode from 'unicode-properties'
import type { Extent } from './outline.ts'
import type { ShapedGlyph } from './shaped-glyph.ts'

/** Between a letter and its mark, em. */
const GAP = 1 / 16

/** The letter with the marks that it has by now: a mark above the others stands higher. */
class MarkedLetter {
  readonly #advance: number
  #top: number
  #bottom: number

  constructor(ink: Extent, advance: number) {
    this.#advance = advance
    this.#top = ink.y0
    this.#bottom = ink.y1
  }

  /**
   * How far a mark is moved from the letter's pen, em, y down.
   * @param ink of the mark where its glyph draws it, pen at 0
   */
  place(mark: string, ink: Extent): { x: number; y: number } {
    const where = unicode.getCombiningClass(mark.codePointAt(0)!)
    return { x: this.#across(where, ink), y: this.#upAndDown(where, ink) }
  }

  #across(where: string, ink: Extent): number {
    if (where.startsWith('Double')) return this.#advance - (ink.x0 + ink.x1) / 2
    if (where.endsWith('Left')) return -ink.x0
    if (where.endsWith('Right')) return this.#advance - ink.x1
    return (this.#advance - ink.x0 - ink.x1) / 2
  }

  #upAndDown(where: string, ink: Extent): number {
    const gap = where.startsWith('Attached') ? 0 : GAP
    if (where.includes('Below')) {
      // One that hangs lower by itself is not raised.
      const shift = Math.max(0, this.#bottom + gap - ink.y0)
      this.#bottom = ink.y1 + shift
      return shift
    }
    if (!where.includes('Above')) return 0
    const wanted = this.#top - gap - ink.y1
    // One that stands higher by itself is lowered half of the way only.
    const shift = wanted > 0 ? wanted / 2 : wanted
    this.#top = ink.y0 + shift
    return shift
  }
}

/** Scripts in which a mark stands above or below its letter by its combining class alone. */
const SCRIPTS = new Set(['Latn', 'Cyrl', 'Grek'])

/**
 * Moves the marks of a left-to-right run.
 * @param inkOf a glyph's ink, pen at 0, em, y down
 * @param glyphOf the glyph that a character has by itself
 */
export function placeMarks(
  glyphs: readonly ShapedGlyph[],
  text: string,
  script: string,
  inkOf: (glyphId: number) => Extent | null,
  glyphOf: (codePoint: number) => number | undefined,
): ShapedGlyph[] {
  if (!SCRIPTS.has(script) || !/\p{M}/u.test(text)) return [...glyphs]
  const marks = new Map(
    [...text.normalize('NFD')].filter(c => /\p{M}/u.test(c)).map(c => [glyphOf(c.codePointAt(0)!), c]),
  )
  let letter: MarkedLetter | null = null
  let advance = 0
  return glyphs.map(glyph => {
    const ink = inkOf(glyph.id)
    const mark = marks.get(glyph.id)
    if (mark === undefined || !letter || !ink || glyph.advance !== 0) {
      letter = ink && new MarkedLetter(ink, glyph.advance)
      advance = glyph.advance
      return glyph
    }
    const { x, y } = letter.place(mark, ink)
    return { ...glyph, xOffset: x - advance, yOffset: -y }
  })
}
