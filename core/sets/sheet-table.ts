/** Contact sheets of several styles: words are rows, styles are columns. */
import sharp from 'sharp'
import { caption } from './caption.ts'
import { PAGE, type Placed } from './sheet.ts'

/** A picture in the table. */
export interface TableEntry {
  /** Path of the picture. */
  file: string
  word: string
  /** Reading and meaning, below the word. */
  about: string
  style: string
}

/** Styles on a page, so that pictures stay large enough to judge. */
const MOST_COLUMNS = 5
/** Room for the words, points. */
const LABEL = 92
const GAP = 8
const HEAD = 18

/** Whether a table says more than a row of pictures: several styles of several words. */
export const isTable = (entries: readonly Pick<TableEntry, 'word' | 'style'>[]): boolean =>
  new Set(entries.map(({ style }) => style)).size > 1 && new Set(entries.map(({ word }) => word)).size > 1

/**
 * The pages of a table. Further pictures of a word in a style (other seeds) stand in further rows; what was not made stays
 * empty. Styles that do not fit come on pages of their own, all words again.
 */
export async function layOutTable(entries: readonly TableEntry[], title: string): Promise<Placed[][]> {
  const styles = [...new Set(entries.map(({ style }) => style))]
  const pages: Placed[][] = []
  for (let first = 0; first < styles.length; first += MOST_COLUMNS)
    pages.push(...(await pagesOf(entries, styles.slice(first, first + MOST_COLUMNS))))
  for (const [at, page] of pages.entries()) {
    const number = await caption(`${at + 1} / ${pages.length}`, 9, 80)
    const y = PAGE.margin + 10
    page.unshift(
      { kind: 'text', path: (await caption(title, 14, PAGE.width - 2 * PAGE.margin - 90)).path, x: PAGE.margin, y },
      { kind: 'text', path: number.path, x: PAGE.width - PAGE.margin - number.width, y },
    )
  }
  return pages
}

interface Row {
  word: string
  about: string
  /** Whether the word stands beside it. */
  isFirst: boolean
  cells: (TableEntry | undefined)[]
}

function rowsOf(entries: readonly TableEntry[], styles: readonly string[]): Row[] {
  const words = Map.groupBy(entries, ({ word, about }) => `${word}\0${about}`)
  return [...words.values()].flatMap(some => {
    const [{ word, about }] = some
    const byStyle = styles.map(style => some.filter(entry => entry.style === style))
    const depth = Math.max(...byStyle.map(({ length }) => length))
    return Array.from({ length: depth }, (_, at) => ({
      word,
      about,
      isFirst: at === 0,
      cells: byStyle.map(list => list[at]),
    }))
  })
}

async function pagesOf(entries: readonly TableEntry[], styles: readonly string[]): Promise<Placed[][]> {
  const rows = rowsOf(entries, styles)
  const side = Math.min(150, (PAGE.width - 2 * PAGE.margin - LABEL - styles.length * GAP) / styles.length)
  const left = (column: number) => PAGE.margin + LABEL + GAP + column * (side + GAP)
  const top = PAGE.margin + PAGE.header + HEAD
  const perPage = Math.max(1, Math.floor((PAGE.height - PAGE.margin - top + GAP) / (side + GAP)))
  const pages: Placed[][] = []
  for (let first = 0; first < rows.length; first += perPage) {
    const page: Placed[] = []
    for (const [column, style] of styles.entries()) {
      const { path, width } = await caption(style, 9, side)
      page.push({ kind: 'text', path, x: left(column) + (side - width) / 2, y: top - 6 })
    }
    for (const [at, row] of rows.slice(first, first + perPage).entries()) {
      const y = top + at * (side + GAP)
      // On a new page the word is said again.
      if (row.isFirst || at === 0) {
        const [word, about] = [await caption(row.word, 14, LABEL), await caption(row.about, 8, LABEL)]
        page.push({ kind: 'text', path: word.path, x: PAGE.margin, y: y + 16 })
        if (about.path) page.push({ kind: 'text', path: about.path, x: PAGE.margin, y: y + 30 })
      }
      for (const [column, entry] of row.cells.entries()) if (entry) page.push(await cell(entry, left(column), y, side))
    }
    pages.push(page)
  }
  return pages
}

async function cell({ file, word, about, style }: TableEntry, x: number, y: number, side: number): Promise<Placed> {
  const { width: w = 1, height: h = 1 } = await sharp(file).metadata()
  const scale = side / Math.max(w, h)
  const [width, height] = [w * scale, h * scale]
  const alt = [word, about, style].filter(Boolean).join(', ')
  return { kind: 'picture', file, x: x + (side - width) / 2, y: y + (side - height) / 2, width, height, alt }
}
