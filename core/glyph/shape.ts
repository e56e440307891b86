import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { visualOrder } from './bidi.ts'
import type { Face } from './font-file.ts'
import { type Character, itemize, type Paragraph, type Run, runsOf } from './itemize.ts'
import { isLine, isQuote, turns } from './orientation.ts'
import { type Extent, extentOf, type Outline, place } from './outline.ts'
import { isCursive } from './scripts.ts'
import type { ShapedGlyph } from './shaped-glyph.ts'
import { isIdeographic } from './text.ts'

/** A character (or several that a ligature joined) as its font draws it, in em units. */
export interface ShapedCharacter {
  char: string
  face: Face
  /** Pen movement to the next character. */
  advance: number
  /** The character's cell around its pen, y down: its advance and the line that the font asks for. */
  cell: Extent
  /** Pen at x = 0, baseline at y = 0, y down; empty for a space. Where `turned`: pen at the column's middle, at the top. */
  outline: Outline
  ink: Extent | null
  /** Set in an em square. */
  ideographic: boolean
  /** Lies on its side in a column: its advance runs down. */
  turned: boolean
}

export type Direction = 'horizontal' | 'vertical'

/** What one or more whole characters of the text became. */
interface Group {
  first: number
  glyphs: ShapedGlyph[]
}

/** Glyphs in visual order → groups in visual order; a mark and a part of a ligature join what they belong to. */
function groupsOf(glyphs: ShapedGlyph[], characters: readonly Character[]): Group[] {
  const groups: Group[] = []
  for (const glyph of glyphs) {
    const first = characters.findLastIndex(({ start }) => start <= glyph.cluster)
    const last = groups.at(-1)
    if (last?.first === first) last.glyphs.push(glyph)
    else groups.push({ first, glyphs: [glyph] })
  }
  return groups
}

function draw(glyphs: ShapedGlyph[], { font }: Face): { outline: Outline; advance: number } {
  let advance = 0
  const parts = glyphs.map(glyph => {
    const at = { a: 1, c: 0, d: 1, e: advance + glyph.xOffset, f: -glyph.yOffset }
    advance += glyph.advance
    return place(font.outline(glyph.id), at)
  })
  // Inside the group everything stands where HarfBuzz put it.
  for (const { remainder } of glyphs) advance += remainder
  return { outline: parts.flat(), advance }
}

/**
 * One run, in visual order.
 * @param context the text around the run; letters join across its ends
 */
function shapeRun({ characters, face, script, level }: Run, context: string, direction: Direction): ShapedCharacter[] {
  const [start, end] = [characters[0].start, characters.at(-1)!.end]
  const groups = (features: string[]) =>
    groupsOf(face.font.shape(context, start, end, { script, rightToLeft: level % 2 === 1, features }), characters)
  const shaped = groups(direction === 'vertical' ? ['vert'] : [])
  const lying = direction === 'vertical' && characters.some(({ text }) => turns(text)) ? groups([]) : []
  const firsts = shaped.map(({ first }) => first).sort((a, b) => a - b)
  return shaped.map(({ first, glyphs }) => {
    const next = firsts.find(other => other > first) ?? characters.length
    const char = characters
      .slice(first, next)
      .map(({ text }) => text)
      .join('')
    if (glyphs.some(({ id }) => id === 0)) throw fault('noOutline', notDrawn(char, face))
    const upright = uprightCharacter(char, face, glyphs)
    if (direction === 'horizontal') return upright
    if (isCursive(script)) return turn(upright)
    if (!turns(char) || isApostrophe(characters, first)) return upright
    const across = lying.find(group => group.first === first)
    const ids = (group: ShapedGlyph[] | undefined) => group?.map(({ id }) => id).join(' ')
    // What the font itself turns is made for the em square of a column.
    return ids(across?.glyphs) === ids(glyphs) ? turn(upright) : { ...upright, ideographic: true }
  })
}

/** Inside a word, where it stands with its letters. */
function isApostrophe(characters: readonly Character[], at: number): boolean {
  const isLetter = (text = '') => /^\p{L}/u.test(text) && !isIdeographic(text)
  return isQuote(characters[at].text) && isLetter(characters[at - 1]?.text) && isLetter(characters[at + 1]?.text)
}

const notDrawn = (char: string, face: Face) => ({ characters: char, count: 1, fonts: face.name, chosen: true })

function uprightCharacter(char: string, face: Face, glyphs: ShapedGlyph[]): ShapedCharacter {
  const { outline, advance } = draw(glyphs, face)
  const { ascent, descent } = face.font
  const cell = { x0: 0, y0: -ascent, x1: advance, y1: descent }
  const ink = extentOf(outline)
  return { char, face, advance, cell, outline, ink, ideographic: isIdeographic(char), turned: false }
}

/** A quarter clockwise, about the middle of the column; lines and brackets with their ink there, all else with its em. */
function turn(character: ShapedCharacter): ShapedCharacter {
  const { char, outline, advance, face, ink } = character
  const { ascent, descent } = face.font
  const centred = ink && (isLine(char) || /^[\p{Ps}\p{Pe}]/u.test(char))
  const middle = centred ? (ink.y0 + ink.y1) / 2 : (descent - ascent) / 2
  const turned = outline.map(({ op, points }) => ({
    op,
    points: points.map((_, i) => (i % 2 ? points[i - 1] : middle - points[i + 1])),
  }))
  const half = (ascent + descent) / 2
  const cell = { x0: -half, y0: 0, x1: half, y1: advance }
  return { ...character, outline: turned, ink: extentOf(turned), cell, ideographic: false, turned: true }
}

function checkInk({ char, ink, face }: ShapedCharacter): void {
  if (ink || !/[\p{L}\p{N}\p{P}\p{S}]/u.test(char)) return
  const { tables } = face.font
  if (tables.coloured) throw fault('glyphIsPicture', { font: face.name, character: char })
  throw fault('glyphIsEmpty', { font: face.name, character: char })
}

/**
 * Shapes part of a paragraph with the fonts chosen for its characters: kerning, ligatures, marks, joined scripts.
 * @param characters of the paragraph, consecutive, without space at the ends
 * @returns horizontal: visual order, left to right; vertical: top to bottom
 * @throws StudioError bad-font: a font that is damaged where the line needs it; missing-glyph: a character without outline
 */
export function shapeLine(
  { text }: Paragraph,
  characters: readonly Character[],
  direction: Direction = 'horizontal',
): ShapedCharacter[] {
  const runs = runsOf(characters)
  const shaped = runs.map(run => ({ ...run, shaped: guarded(run, text, direction) }))
  if (direction === 'horizontal') return visualOrder(shaped).flatMap(run => run.shaped)
  // Letters stand in reading order, but a run that lies on its side keeps the order in which it joins.
  return shaped.flatMap(run => (run.level % 2 && !isCursive(run.script) ? run.shaped.reverse() : run.shaped))
}

/** One character by itself, as if nothing stood beside it. */
export function shapeAlone(character: Character): ShapedCharacter[] {
  const alone = { ...character, start: 0, end: character.text.length }
  return guarded({ ...alone, characters: [alone] }, character.text, 'horizontal')
}

function guarded(run: Run, context: string, direction: Direction): ShapedCharacter[] {
  let shaped: ShapedCharacter[]
  try {
    shaped = shapeRun(run, context, direction)
  } catch (cause) {
    if (cause instanceof StudioError) throw cause
    const text = run.characters.map(character => character.text).join('')
    throw fault('fontCannotDraw', { font: run.face.name, text }, { cause })
  }
  for (const character of shaped) checkInk(character)
  return shaped
}

/** A line by itself. Errors as shapeLine's. */
export function shapeText(text: string, faces: ReadonlyMap<string, Face>): ShapedCharacter[] {
  const paragraph = itemize(text, faces)
  return shapeLine(paragraph, paragraph.characters)
}
