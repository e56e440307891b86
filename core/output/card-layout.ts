/** Sizes of printed cards, and where cards and their backs lie on pages. All lengths in millimetres. */
import { z } from 'zod'

export const CARD_SIZES = { a7: [74, 105], a6: [105, 148], small: [90, 50] } as const
export type CardSize = keyof typeof CARD_SIZES

/** How the sides follow each other, by how the printer turns the paper. */
export const CARD_ORDERS = ['long-edge', 'short-edge', 'separate'] as const

const side = z.number().min(30).max(420)
export const cardOptionsSchema = z.strictObject({
  /** A name, or width and height. */
  size: z.union([z.enum(['a7', 'a6', 'small']), z.tuple([side, side])]).default('a7'),
  /** What is cut off around the card. */
  bleed: z.number().min(0).max(10).default(3),
  cropMarks: z.boolean().default(true),
  order: z.enum(CARD_ORDERS).default('long-edge'),
  /** Several cards on A4 sheets, to be cut; otherwise a page for each side of a card. */
  perSheet: z.boolean().default(false),
})
export type CardOptions = z.infer<typeof cardOptionsSchema>

/** One side of a card on a page: the upper left corner of the cut card. */
export interface PlacedSide {
  card: number
  side: 'front' | 'back'
  x: number
  y: number
  /** Upside down, for a printer that turns the sheet over its short edge. */
  turned: boolean
}

export interface CardPages {
  page: { width: number; height: number }
  card: { width: number; height: number }
  /** Each page is one side of one card. */
  single: boolean
  pages: PlacedSide[][]
}

/** Room for crop marks beside the bleed, and how long they are. */
export const MARKS = { gap: 1, length: 4 } as const
const A4 = { width: 210, height: 297 } as const
/** No printer prints to the edge. */
const A4_MARGIN = 6

export function layOutCards(count: number, options: CardOptions): CardPages {
  const { size, bleed, cropMarks, order, perSheet } = options
  const [width, height] = typeof size === 'string' ? CARD_SIZES[size] : size
  const around = bleed + (cropMarks ? MARKS.gap + MARKS.length : 0)
  const card = { width, height }
  const grid = perSheet ? gridOn(A4, card, around, bleed) : null
  // A card larger than the sheet has a page of its own size.
  const page = grid ? A4 : { width: width + 2 * around, height: height + 2 * around }
  const cells = grid ?? { columns: 1, rows: 1, x: () => around, y: () => around }
  const perPage = cells.columns * cells.rows
  const fronts: PlacedSide[][] = []
  const backs: PlacedSide[][] = []
  const turned = order === 'short-edge'
  for (let first = 0; first < count; first += perPage) {
    const front: PlacedSide[] = []
    const back: PlacedSide[] = []
    for (let at = 0; at < perPage && first + at < count; at++) {
      const [column, row] = [at % cells.columns, Math.floor(at / cells.columns)]
      front.push({ card: first + at, side: 'front', x: cells.x(column), y: cells.y(row), turned: false })
      // The sheet is turned like the page of a book (columns change places) or like a calendar's (rows do).
      const x = cells.x(turned ? column : cells.columns - 1 - column)
      const y = cells.y(turned ? cells.rows - 1 - row : row)
      back.push({ card: first + at, side: 'back', x, y, turned })
    }
    fronts.push(front)
    backs.push(back)
  }
  const pages = order === 'separate' ? [...fronts, ...backs] : fronts.flatMap((front, at) => [front, backs[at]])
  return { page, card, single: grid === null, pages }
}

/** As many cards as fit, in the middle of the sheet; null: none does. */
function gridOn(
  sheet: { width: number; height: number },
  card: { width: number; height: number },
  around: number,
  bleed: number,
) {
  const fits = (room: number, length: number) =>
    Math.floor((room - 2 * A4_MARGIN - 2 * around + 2 * bleed) / (length + 2 * bleed))
  const [columns, rows] = [fits(sheet.width, card.width), fits(sheet.height, card.height)]
  if (columns < 1 || rows < 1) return null
  const place = (room: number, count: number, length: number) => {
    const pitch = length + 2 * bleed
    const first = (room - count * pitch) / 2 + bleed
    return (at: number) => first + at * pitch
  }
  return { columns, rows, x: place(sheet.width, columns, card.width), y: place(sheet.height, rows, card.height) }
}
