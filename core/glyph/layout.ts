import type { Layout } from '../contract/request.ts'
import { visualOrder } from './bidi.ts'
import type { Face } from './font-file.ts'
import { type Character, itemize, type Paragraph } from './itemize.ts'
import { breakings } from './line-break.ts'
import { isLine } from './orientation.ts'
import { type Extent, extentOf, place, union } from './outline.ts'
import { type ShapedCharacter, shapeAlone, shapeLine } from './shape.ts'
import { clustersOf, isIdeographic, isSpace } from './text.ts'

/** A character with its pen position, em units, y down. */
export interface LaidOut {
  character: ShapedCharacter
  x: number
  y: number
}

/** How a word's letters and lines are set apart and lined up; what is left out is as the studio sets a word by itself. */
export interface Setting {
  /** Where lines (columns: from the top) begin; by default lines stand in the middle and columns at the top. */
  align?: 'left' | 'center' | 'right' | undefined
  /** Between two letters, em, beside their own distance. Letters of a joined script keep together. */
  letterSpacing?: number | undefined
  /** Factor on the distance of lines or columns. */
  lineSpacing?: number | undefined
}

/** Scripts whose letters are joined: a gap would cut the pen's line. */
const JOINED =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}]/u

/** The gap after a character, em. */
const gapBetween = (left: ShapedCharacter, right: ShapedCharacter | undefined, { letterSpacing = 0 }: Setting) =>
  right && !(JOINED.test(left.char) && JOINED.test(right.char)) ? letterSpacing : 0

/** Where a line of that length begins on the longest one's middle. */
function startOf(length: number, longest: number, align: Setting['align']): number {
  if (align === 'left') return -longest / 2
  return align === 'right' ? longest / 2 - length : -length / 2
}

/** Gap between lines, columns and stacked letters, em. */
const LINE_GAP = 0.14
/** Ideographs stand in an em square whose bottom is this far below the baseline (Source Han's ideographic em box). */
const IDEOGRAPH_DESCENT = 0.12
const IDEOGRAPH_PITCH = 1.06
/** Another line must make the word this much larger, or the word stays in fewer. */
const WORTH_BREAKING = 1.25
/** A word of two or three characters is read at one glance: only a canvas of quite another shape parts it. */
const WORTH_PARTING = 1.6
const GLANCE = 3
/** A brush font may leave a hole between two ideographs; it is closed to this, em. */
const WIDEST_GAP = 0.22

/** Height above and below the baseline that a line takes: the em box for ideographs, the ink for others. */
function lineHeight(lines: ShapedCharacter[][]): { above: number; below: number } {
  let above = 0
  let below = 0
  for (const { ideographic, ink } of lines.flat()) {
    above = Math.max(above, ideographic ? 1 - IDEOGRAPH_DESCENT : -(ink?.y0 ?? 0))
    below = Math.max(below, ideographic ? IDEOGRAPH_DESCENT : (ink?.y1 ?? 0))
  }
  return { above, below }
}

const pitchOf = (lines: ShapedCharacter[][]) => {
  const { above, below } = lineHeight(lines)
  const ideographic = lines.flat().some(character => character.ideographic)
  return Math.max(above + below, 0.3) + (ideographic ? IDEOGRAPH_PITCH - 1 : LINE_GAP)
}

/** How far the ink of two neighbouring ideographs stands apart beyond what the eye reads as one word. */
function hole(left: ShapedCharacter, right: ShapedCharacter): number {
  const written = [left, right].every(({ char, ideographic }) => ideographic && /^\p{L}/u.test(char))
  if (!written || !left.ink || !right.ink) return 0
  return Math.max(0, left.advance - left.ink.x1 + right.ink.x0 - WIDEST_GAP)
}

/** Lines one under another. */
function horizontal(lines: ShapedCharacter[][], setting: Setting): LaidOut[] {
  const pitch = pitchOf(lines) * (setting.lineSpacing ?? 1)
  const set = lines.map(line => {
    let pen = 0
    const xs = line.map((character, i) => {
      const x = pen - (i > 0 ? hole(line[i - 1], character) : 0)
      pen = x + character.advance + gapBetween(character, line[i + 1], setting)
      return x
    })
    return { line, xs, length: pen }
  })
  const longest = Math.max(...set.map(({ length }) => length))
  return set.flatMap(({ line, xs, length }, row) => {
    const start = startOf(length, longest, setting.align)
    return line.map((character, i) => ({ character, x: xs[i] + start, y: row * pitch }))
  })
}

/** Height of a character in a column and its pen's height in it: the em square, or the ink with a gap. */
function stacked({ ideographic, turned, ink, advance }: ShapedCharacter): { height: number; baseline: number } {
  if (turned) return { height: advance, baseline: 0 }
  if (ideographic) return { height: IDEOGRAPH_PITCH, baseline: 1 - IDEOGRAPH_DESCENT }
  if (!ink) return { height: advance, baseline: 0 }
  return { height: ink.y1 - ink.y0 + LINE_GAP, baseline: LINE_GAP / 2 - ink.y0 }
}

/** Two dashes, or two times three dots, are one line without a gap. */
const runsOn = (above: ShapedCharacter, below: ShapedCharacter | undefined) =>
  above.char === below?.char && above.ideographic && isLine(above.char)

/** Columns of characters, right to left where the word has ideographs, else left to right. */
function vertical(columns: ShapedCharacter[][], setting: Setting): LaidOut[] {
  const all = columns.flat()
  const widths = all.map(({ ideographic, turned, cell, advance }) =>
    ideographic ? 1 : turned ? cell.x1 - cell.x0 : advance,
  )
  const pitch = (Math.max(...widths, 0.3) + LINE_GAP) * (setting.lineSpacing ?? 1)
  const step = all.some(({ ideographic }) => ideographic) ? -pitch : pitch
  const set = columns.map((column, index) => {
    let y = 0
    const placed = column.map((character, i) => {
      const { height, baseline } = stacked(character)
      const x = index * step - (character.turned ? 0 : character.advance / 2)
      const at = { character, x, y: y + baseline }
      y += (runsOn(character, column[i + 1]) ? 1 : height) + gapBetween(character, column[i + 1], setting)
      return at
    })
    return { placed, length: y }
  })
  const { align = 'left' } = setting
  if (align === 'left') return set.flatMap(({ placed }) => placed)
  const longest = Math.max(...set.map(({ length }) => length))
  return set.flatMap(({ placed, length }) => {
    const down = longest / 2 + startOf(length, longest, align)
    return placed.map(at => ({ ...at, y: at.y + down }))
  })
}

/** Rows of equal cells, each character centred in its own. */
function grid(rows: ShapedCharacter[][], { letterSpacing = 0, lineSpacing = 1 }: Setting): LaidOut[] {
  const all = rows.flat()
  const pitch = pitchOf(rows) * lineSpacing
  const width =
    letterSpacing + Math.max(...all.map(({ ideographic, advance }) => (ideographic ? IDEOGRAPH_PITCH : advance + 0.1)))
  return rows.flatMap((row, index) =>
    row.map((character, column) => ({
      character,
      x: (column + 0.5) * width - character.advance / 2,
      y: index * pitch,
    })),
  )
}

/** Ink of the laid-out word with its slant, em units. */
export function inkOf(laidOut: LaidOut[], shear: number): Extent | null {
  let ink: Extent | null = null
  for (const { character, x, y } of laidOut)
    ink = union(ink, extentOf(place(character.outline, { a: 1, c: -shear, d: 1, e: x, f: y })))
  return ink
}

/** A line, row or column: consecutive characters of a paragraph. */
interface Line {
  paragraph: Paragraph
  characters: Character[]
}

/** Grid rows of n characters: every number of columns. */
function gridRows(paragraph: Paragraph): Line[][] {
  const characters = paragraph.characters.filter(({ text }) => !isSpace(text))
  return characters.map((_, i) => {
    const rows = Math.ceil(characters.length / (i + 1))
    return Array.from({ length: rows }, (_, row) => ({
      paragraph,
      characters: characters.slice(row * (i + 1), (row + 1) * (i + 1)),
    }))
  })
}

const estimatedLength = (text: string) =>
  clustersOf(text).reduce((sum, c) => sum + (isIdeographic(c) || /^\p{Emoji_Presentation}/u.test(c) ? 1 : 0.55), 0)

/** The lines (rows, columns) to choose from, the plainest first. A word with "\n" is set as it is written. */
function candidates(word: string, faces: Map<string, Face>, direction: Layout['direction']): Line[][] {
  if (word.includes('\n')) {
    const lines = word.split('\n').map(line => line.trim())
    return [lines.filter(line => line !== '').map(line => asLine(itemize(line, faces)))]
  }
  const paragraph = itemize(word, faces)
  if (direction === 'grid') return gridRows(paragraph).reverse()
  return breakings(word, estimatedLength).map(lines =>
    lines.map(({ start, end }) => ({
      paragraph,
      characters: paragraph.characters.filter(character => character.start >= start && character.end <= end),
    })),
  )
}

const asLine = (paragraph: Paragraph): Line => ({ paragraph, characters: paragraph.characters })

/** The characters of a line as they stand in it. In a grid each is shaped by itself. */
function shaped({ paragraph, characters }: Line, direction: Layout['direction']): ShapedCharacter[] {
  if (direction !== 'grid') return shapeLine(paragraph, characters, direction)
  return visualOrder(characters.filter(({ text }) => !isSpace(text))).flatMap(shapeAlone)
}

/**
 * Lays a checked word out in em units, in as many lines as make it largest in a frame of the given proportions.
 * `shear` is the tangent of the slant. Errors as shapeLine's.
 */
export function layOut(
  word: string,
  faces: Map<string, Face>,
  direction: Layout['direction'],
  frame: { width: number; height: number },
  shear: number,
  setting: Setting = {},
): LaidOut[] {
  const arrange = { horizontal, vertical, grid }[direction]
  const worth = direction === 'grid' ? 1.02 : clustersOf(word).length > GLANCE ? WORTH_BREAKING : WORTH_PARTING
  let best: { laidOut: LaidOut[]; scale: number } | null = null
  for (const lines of candidates(word, faces, direction)) {
    const laidOut = arrange(
      lines.map(line => shaped(line, direction)),
      setting,
    )
    const ink = inkOf(laidOut, shear)
    if (!ink) continue
    const scale = Math.min(frame.width / (ink.x1 - ink.x0), frame.height / (ink.y1 - ink.y0))
    if (!best || scale > best.scale * worth) best = { laidOut, scale }
  }
  return best?.laidOut ?? []
}
