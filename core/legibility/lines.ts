/** Where a written word is to be read: its lines, each upright and from left to right. */
import type { Box, PlacedCharacter } from '../glyph/types.ts'
import type { Rgb } from '../raster/raster.ts'
import { beside, crop, turned } from './crop.ts'

/** Space around a line, of its height: readers of text are used to some. */
const MARGINS = [0.15, 0.05]

/**
 * The word as one line, once for each margin. Lines of a grid are laid beside each other; the characters of a column too,
 * and where it is of letters on their side, the column is turned.
 */
export function wordLines(picture: Rgb, characters: readonly PlacedCharacter[], ink: Box): Rgb[] {
  const lines = linesOf(characters)
  if (!lines) return MARGINS.map(margin => crop(picture, widened(ink, margin * Math.min(ink.width, ink.height))))
  const strips = MARGINS.map(margin =>
    beside(lines.map(line => crop(picture, widened(line, margin * Math.min(line.width, line.height))))),
  )
  const isColumn = lines.length === characters.length
  return isColumn ? [...strips, turned(crop(picture, ink))] : strips
}

/** Boxes of the lines as they are read, of the ink where there is one alone. */
export const rowsOf = (characters: readonly PlacedCharacter[], ink: Box): Box[] => linesOf(characters) ?? [ink]

/** null: the word stands on one line. Otherwise the boxes of its lines, or of a column's characters. */
function linesOf(characters: readonly PlacedCharacter[]): Box[] | null {
  const rows: Box[][] = []
  // They come in reading order: columns from the right, lines from above.
  for (const { cell } of characters) {
    const centre = cell.y + cell.height / 2
    const row = rows.at(-1)
    const first = row?.[0]
    if (first && Math.abs(centre - first.y - first.height / 2) < first.height / 3) row.push(cell)
    else rows.push([cell])
  }
  return rows.length > 1 ? rows.map(row => around(row)) : null
}

export function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map(box => box.x))
  const y = Math.min(...boxes.map(box => box.y))
  const right = Math.max(...boxes.map(box => box.x + box.width))
  const bottom = Math.max(...boxes.map(box => box.y + box.height))
  return { x, y, width: right - x, height: bottom - y }
}

export const widened = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
})
