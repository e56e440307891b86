/**
 * One font at one setting, shaped and drawn by HarfBuzz (harfbuzzjs: WebAssembly inside the package). All lengths that
 * leave this file are in em (1 = the font's em); outlines have y down and the baseline at y = 0.
 */
import * as hb from 'harfbuzzjs'
import { type AdvanceDelta, advanceDeltas } from './advances.ts'
import { GlyphTable } from './glyf.ts'
import { type Kerning, kerningOf } from './kerning.ts'
import { placeMarks } from './mark-fallback.ts'
import { extentOf, type Outline } from './outline.ts'
import type { ShapedGlyph } from './shaped-glyph.ts'
import { type TableDirectory, tablesOf } from './tables.ts'
import { clustersOf, isIgnorable } from './text.ts'
import { wholeUnits } from './whole-units.ts'

/**
 * HarfBuzz counts in whole numbers: with this many to a unit of the font, nothing that is drawn at 4096 pixels is rounded
 * visibly, and 8 em of the finest font (16,384 units) still fit into 32 bits.
 */
const STEPS_PER_UNIT = 1 << 14

export interface ShapeOptions {
  /** ISO 15924. */
  script: string
  rightToLeft: boolean
  /** OpenType features to switch on beside the usual ones. */
  features: readonly string[]
}

/** The font tables of a file (or of one member of a collection), opened. */
export class FontTables {
  /** The file as HarfBuzz has it, unpacked, and which of its fonts this is. */
  readonly bytes: Uint8Array
  readonly index: number
  readonly face: hb.Face
  readonly unitsPerEm: number
  readonly tables: TableDirectory

  constructor(bytes: Uint8Array, blob: hb.Blob, index: number) {
    this.bytes = bytes
    this.index = index
    this.tables = tablesOf(bytes, index)
    this.face = new hb.Face(blob, index)
    this.unitsPerEm = this.face.upem
  }

  /** Range of the weight axis, null in a font that has none. */
  weights(): { min: number; max: number } | null {
    return this.face.getAxisInfos()['wght'] ?? null
  }

  /** Name table entry 1 (family) or 2 (style) in English or, failing that, in the first language there is. */
  name(id: 1 | 2): string | null {
    const entries = this.face.listNames().filter(({ nameId }) => nameId === id)
    const language = (entries.find(entry => /^en\b/.test(entry.language)) ?? entries[0])?.language
    return language === undefined ? null : this.face.getName(id, language) || null
  }

  /** The font's layout tables have a feature, "mark" or "kern", that places glyphs. */
  places(feature: 'mark' | 'kern'): boolean {
    return this.tables.has('GPOS') && this.face.getTableFeatureTags('GPOS').includes(feature)
  }

  /** Glyphs are pictures or have colours: what is drawn in outline may be nothing, or a part. */
  get coloured(): boolean {
    return ['COLR', 'CBDT', 'SVG ', 'EBDT', 'sbix'].some(tag => this.tables.has(tag))
  }
}

/** A font at one weight. */
export class ShapingFont {
  readonly tables: FontTables
  readonly ascent: number
  readonly descent: number
  readonly #font: hb.Font
  /** The same in the font's own units, so that outlines are not rounded. */
  readonly #pen: hb.Font
  /** Of an instance of a TrueType variable font. */
  readonly #glyphs: GlyphTable | null
  readonly #scale: number
  /** Of an instance: what is lost where HarfBuzz rounds an advance to whole units. */
  readonly #widening: AdvanceDelta | null = null
  readonly #normal: hb.Font
  /** What HarfBuzz leaves undone in a font without layout tables. */
  readonly #kerning: Kerning | null
  readonly #placesMarks: boolean
  readonly #outlines = new Map<number, Outline>()
  /** Symbol fonts keep their characters at U+F000 and above; what is typed is looked up there. */
  readonly #symbolic: boolean

  /** @param weight setting of the weight axis, null for the font as it is */
  constructor(tables: FontTables, weight: number | null) {
    this.tables = tables
    const { face, unitsPerEm } = tables
    this.#font = new hb.Font(face)
    this.#font.setScale(unitsPerEm * STEPS_PER_UNIT, unitsPerEm * STEPS_PER_UNIT)
    this.#pen = new hb.Font(face)
    this.#normal = new hb.Font(face)
    if (weight !== null) {
      for (const font of [this.#font, this.#pen]) font.setVariations([new hb.Variation('wght', weight)])
      this.#widening = advanceDeltas(tables.tables, weight)
    }
    this.#glyphs = weight !== null && tables.tables.has('gvar') ? GlyphTable.of(tables.tables) : null
    this.#scale = 1 / (unitsPerEm * STEPS_PER_UNIT)
    const { ascender, descender } = this.#font.hExtents()
    this.ascent = ascender * this.#scale
    this.descent = -descender * this.#scale
    const kern = tables.tables.get('kern')
    this.#kerning = kern && !tables.places('kern') ? kerningOf(kern) : null
    this.#placesMarks = tables.places('mark')
    this.#symbolic = isSymbolic(tables.tables)
  }

  /** The code point under which the font keeps a character. */
  #stored(codePoint: number): number {
    return this.#symbolic && codePoint >= 0x20 && codePoint <= 0xff ? 0xf000 + codePoint : codePoint
  }

  hasGlyph(codePoint: number): boolean {
    return (
      this.#font.nominalGlyph(codePoint) !== undefined || this.#font.nominalGlyph(this.#stored(codePoint)) !== undefined
    )
  }

  /** The glyph that a character has by itself. */
  glyph(codePoint: number): number | undefined {
    return this.#font.nominalGlyph(this.#stored(codePoint))
  }

  /** The font knows this variant of the character (cmap format 14). */
  hasVariant(codePoint: number, selector: number): boolean {
    return this.#font.variationGlyph(codePoint, selector) !== undefined
  }

  /**
   * Shapes text[start, end) as one run of one script and direction; what stands before and after is context only (letters
   * join across it).
   */
  shape(text: string, start: number, end: number, { script, rightToLeft, features }: ShapeOptions): ShapedGlyph[] {
    const buffer = new hb.Buffer()
    const stored = this.#symbolic
      ? this.#storedText(text, start, end)
      : this.#composedText(text.slice(start, end), start)
    for (const [codePoint, cluster] of stored ?? []) buffer.add(codePoint, cluster)
    if (stored) buffer.guessSegmentProperties()
    else buffer.addText(text, start, end - start)
    buffer.setScript(script)
    buffer.setDirection(rightToLeft ? hb.Direction.RTL : hb.Direction.LTR)
    hb.shape(
      this.#font,
      buffer,
      features.map(tag => new hb.Feature(tag)),
    )
    const scale = this.#scale
    const positions = buffer.getGlyphPositions()
    const glyphs = buffer.getGlyphInfos().map(({ codepoint, cluster }, i) => ({
      id: codepoint,
      cluster,
      advance: positions[i].xAdvance * scale,
      remainder: positions[i].xAdvance === 0 ? 0 : this.#remainder(codepoint),
      xOffset: positions[i].xOffset * scale,
      yOffset: positions[i].yOffset * scale,
    }))
    if (rightToLeft) return glyphs
    if (this.#kerning) kern(glyphs, this.#kerning, 1 / this.tables.unitsPerEm)
    if (this.#placesMarks) return glyphs
    const inkOf = (id: number) => extentOf(this.outline(id))
    return placeMarks(glyphs, text.slice(start, end), script, inkOf, codePoint => this.glyph(codePoint))
  }

  #storedText(text: string, start: number, end: number): [codePoint: number, cluster: number][] {
    return Array.from({ length: end - start }, (_, i) => [this.#stored(text.charCodeAt(start + i)), start + i])
  }

  /**
   * HarfBuzz composes a letter and its marks two by two, and stops where the font lacks what stands in between: ê on the way
   * from e to ế. Null where it needs no help.
   */
  #composedText(text: string, start: number): [codePoint: number, cluster: number][] | null {
    if (!/\p{Mn}\p{Mn}/u.test(text)) return null
    const has = (form: string) => [...form].every(c => isIgnorable(c) || this.hasGlyph(c.codePointAt(0)!))
    let at = start
    let isHelped = false
    const forms = clustersOf(text).flatMap(cluster => {
      const whole = cluster.normalize('NFC')
      const helps = whole !== cluster && !has(cluster) && has(whole)
      isHelped ||= helps
      const first = at
      at += cluster.length
      return [...(helps ? whole : cluster)].map((c): [number, number] => [c.codePointAt(0)!, first])
    })
    return isHelped ? forms : null
  }

  #remainder(glyphId: number): number {
    if (!this.#widening) return 0
    const exact = this.#normal.glyphHAdvance(glyphId) + this.#widening(glyphId)
    return (exact - this.#pen.glyphHAdvance(glyphId)) / this.tables.unitsPerEm
  }

  /** A glyph's outline, made once: instancing a variable font's glyph is the costly part. */
  outline(glyphId: number): Outline {
    let outline = this.#outlines.get(glyphId)
    if (!outline) {
      const scale = 1 / this.tables.unitsPerEm
      const draw = (id: number) => drawGlyph(this.#pen, id)
      const units = this.#glyphs ? wholeUnits(glyphId, this.#glyphs, draw) : draw(glyphId)
      outline = units.map(({ op, points }) => ({ op, points: points.map((v, i) => (i % 2 ? -v : v) * scale) }))
      this.#outlines.set(glyphId, outline)
    }
    return outline
  }
}

/** Moves neighbours by their pair's kerning; marks between them do not count. */
function kern(glyphs: ShapedGlyph[], kerning: Kerning, scale: number): void {
  let left: ShapedGlyph | null = null
  for (const glyph of glyphs) {
    if (glyph.advance === 0) continue
    if (left) left.advance += kerning(left.id, glyph.id) * scale
    left = glyph
  }
}

/** cmap has a (3, 0) subtable and none for Unicode. OpenType specification, "cmap". */
function isSymbolic(tables: TableDirectory): boolean {
  const cmap = tables.get('cmap')
  let symbol = false
  for (let i = 0; cmap && i < cmap.getUint16(2); i++) {
    const [platform, encoding] = [cmap.getUint16(4 + 8 * i), cmap.getUint16(6 + 8 * i)]
    if (platform === 0 || (platform === 3 && encoding !== 0)) return false
    if (platform === 3) symbol = true
  }
  return symbol
}

let drawing: Outline = []
let funcs: hb.DrawFuncs | null = null

/** Collects what HarfBuzz draws into `drawing`; made once, since its functions stay in WebAssembly's table. */
function pen(): hb.DrawFuncs {
  if (funcs) return funcs
  funcs = new hb.DrawFuncs()
  funcs.setMoveToFunc((...point) => drawing.push({ op: 'M', points: point.slice(0, 2) as number[] }))
  funcs.setLineToFunc((...point) => drawing.push({ op: 'L', points: point.slice(0, 2) as number[] }))
  funcs.setQuadraticToFunc((...points) => drawing.push({ op: 'Q', points: points.slice(0, 4) as number[] }))
  funcs.setCubicToFunc((...points) => drawing.push({ op: 'C', points: points.slice(0, 6) as number[] }))
  funcs.setClosePathFunc(() => drawing.push({ op: 'Z', points: [] }))
  return funcs
}

/** Font units, y up. */
function drawGlyph(font: hb.Font, glyphId: number): Outline {
  drawing = []
  font.drawGlyph(glyphId, pen())
  return withoutClosingLines(drawing)
}

/** HarfBuzz says the line with which a contour closes; Z draws it too. */
function withoutClosingLines(outline: Outline): Outline {
  let start: number[] = []
  return outline.filter(({ op, points }, i) => {
    if (op === 'M') start = points
    return !(op === 'L' && outline[i + 1]?.op === 'Z' && points[0] === start[0] && points[1] === start[1])
  })
}
