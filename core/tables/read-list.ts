/** From rows to words: which row names the columns, which column holds what, and why a row gives no word. */
import { z } from 'zod'
import { LIMITS } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import {
  type Assignment,
  assignmentOf,
  COLUMNS,
  type Column,
  type ColumnChoice,
  columnOf,
  isHeader,
  placeOf,
} from './columns.ts'
import { delimitersOf, type Preamble } from './delimited.ts'
import type { ListFile } from './list-file.ts'
import { plainText, withoutFurigana } from './plain-text.ts'
import { LINE_END, type LineNote, type Place, type Row, rowsOf } from './rows.ts'

export interface ListOptions {
  /** Which column holds what; what is not said is told by the names of the columns. */
  columns?: ColumnChoice | undefined
  /** Whether the first row names the columns; undefined: as it looks. */
  header?: boolean | undefined
  /** Of a workbook, or the type of note in an Anki package; undefined: the first that has rows. */
  sheet?: string | undefined
}

/** What a caller knows of where the rows come from. */
export interface ListOrigin {
  /** A program's table, and no typed list. */
  inFile?: boolean
}

/** A word as a list has it. */
export interface ListedWord {
  word: string
  translation?: string
  pinyin?: string
  style?: string
  seed?: number
}

export interface ReadList {
  entries: (Place & { word: ListedWord })[]
  /** Rows that give no word, and why. */
  problems: LineNote[]
  /** What was left aside: columns without use, a row of names. */
  notes: LineNote[]
  /** Names of the columns, where something names them. */
  names: string[] | null
  columns: Assignment
  /** The first rows as they stand, for someone who assigns columns by hand. */
  sample: string[][]
}

/** Longer ones are no meanings any more. */
const MOST_TRANSLATION = 200
const SAMPLE_ROWS = 4
/** Between word and meaning where a list is typed by hand. */
const MARKS = [',', '，', ';', '；']
const MARK = /[,;，；]/

/** Rows with what is known of their columns. */
interface Table {
  rows: readonly Row[]
  /** Records that could not be read. */
  problems: readonly LineNote[]
  notes: readonly LineNote[]
  /** Names that do not stand in the first row. */
  names: readonly string[] | null
  /** Columns that are not the list's. */
  aside: ReadonlyMap<number, string>
  anki: boolean
  /** Where no row names the columns, all that stands behind the word is its meaning. */
  typed: boolean
}

/** @throws StudioError 'bad-request': there is no such sheet or column */
export function readList(
  file: ListFile | (Preamble & { kind: 'text' }),
  options: ListOptions & ListOrigin = {},
): ReadList {
  const table = file.kind === 'text' ? tableOfText(file, options) : tableOfSheet(file, options)
  const list: ReadList = {
    ...{ entries: [], problems: [...table.problems], notes: [...table.notes] },
    ...{ names: null, columns: {}, sample: table.rows.slice(0, SAMPLE_ROWS).map(({ cells }) => cells) },
  }
  const [first] = table.rows
  const byFirst = table.names === null && first !== undefined && (options.header ?? isHeader(first.cells, options))
  list.names = table.names ? [...table.names] : byFirst ? first.cells : null
  const rows = byFirst ? table.rows.slice(1) : table.rows
  if (byFirst && first.cells.filter(cell => cell !== '').length === 1)
    list.notes.push({ line: first.line, ...phrase('takenForNames') })
  const width = Math.max(0, list.names?.length ?? 0, ...table.rows.slice(0, 1000).map(({ cells }) => cells.length))
  list.columns = assign(list.names, table, options.columns, width)
  if (rows.length === 0 && (byFirst || table.names) && table.problems.length === 0)
    list.problems.push({ line: 0, ...phrase('noWords') })
  else if (list.columns.word === undefined && first) list.problems.push({ line: first.line, ...phrase('noWordColumn') })
  else {
    if (list.names) noteUnused(list, table, first?.line ?? 0)
    for (const row of rows) readRow(row, list, table)
  }
  list.problems.sort((a, b) => a.line - b.line)
  return list
}

function tableOfText(file: Preamble, { columns, header, inFile }: ListOptions & ListOrigin): Table {
  const { text, names, aside, anki, notes } = file
  const common = { notes, names, aside, anki }
  if (file.delimiter !== null || anki) return { ...rowsOf(text, file.delimiter ?? '\t'), ...common, typed: false }
  const marks = delimitersOf(text)
  const first = text
    .replace(/^\ufeff/, '')
    .trimStart()
    .split(LINE_END, 1)[0]
  const named = marks.find(mark => {
    const [row] = rowsOf(first, mark).rows
    return row !== undefined && isHeader(row.cells, { inFile: inFile ?? false })
  })
  if (named ?? (columns || header)) {
    const { rows, problems } = rowsOf(text, named ?? marks[0])
    return { rows: rows.filter(({ cells }) => !isRule(cells)), problems, ...common, typed: false }
  }
  return { ...rowsOf(text, text.includes('\t') ? '\t' : MARKS), ...common, typed: true }
}

/** The line between the names and the rows of a Markdown table: |---|:---:|. */
const isRule = (cells: readonly string[]): boolean =>
  cells.some(cell => cell !== '') && cells.every(cell => /^(?::?-{2,}:?)?$/.test(cell))

function tableOfSheet({ kind, sheets }: Exclude<ListFile, { kind: 'text' }>, { sheet: wanted }: ListOptions): Table {
  const names = sheets.map(({ name }) => name)
  const sheet =
    wanted === undefined
      ? (sheets.find(({ rows }) => rows.length > 0) ?? sheets[0])
      : sheets.find(({ name }) => name === wanted)
  if (!sheet) throw fault('sheetUnknown', { sheet: wanted ?? '', sheets: names.join(', ') })
  const others = sheets
    .filter(other => other !== sheet && other.rows.length > 0)
    .map(({ name, rows }) => `"${name}" (${rows.length})`)
  const notes =
    others.length > 0 && wanted === undefined
      ? [{ line: 0, ...phrase('sheetTaken', { sheet: sheet.name, others: others.join(', ') }) }]
      : []
  return {
    rows: sheet.rows,
    problems: [],
    notes,
    names: sheet.names,
    aside: new Map(),
    anki: kind === 'anki',
    typed: kind !== 'anki',
  }
}

/** By hand, by name, and where nothing is named by place: word, meaning. */
function assign(
  names: readonly string[] | null,
  { aside, anki, typed }: Table,
  choice: ColumnChoice | undefined,
  width: number,
): Assignment {
  const found = names ? assignmentOf(names) : {}
  for (const column of COLUMNS) {
    const wanted = choice?.[column]
    if (wanted === undefined) continue
    const place = placeOf(wanted, names, width)
    if (place === null) throw fault('columnNotThere', { column, choice: String(wanted) })
    for (const other of COLUMNS) if (found[other] === place) delete found[other]
    found[column] = place
  }
  if (names && !anki) return found
  const taken = new Set([...Object.values(found), ...aside.keys()])
  const free = Array.from({ length: width }, (_, at) => at).filter(at => !taken.has(at))
  const next = typed ? (['word'] as const) : (['word', 'translation'] as const)
  for (const column of next) {
    if (found[column] !== undefined) continue
    const place = free.shift()
    if (place !== undefined) found[column] = place
  }
  return found
}

function noteUnused(list: ReadList, { rows, aside, anki }: Table, line: number): void {
  const used = new Set(Object.values(list.columns))
  for (const [at, name] of (list.names ?? []).entries()) {
    if (used.has(at) || aside.has(at)) continue
    if (name.trim() !== '') list.notes.push({ line: anki ? 0 : line, ...phrase('columnUnused', { name }) })
    else if (rows.some(({ cells }) => (cells[at] ?? '') !== ''))
      list.notes.push({ line, ...phrase('columnUnnamed', { at: at + 1 }) })
  }
}

function readRow({ cells, ...place }: Row, list: ReadList, { typed, anki, aside }: Table): void {
  const { columns, names } = list
  const texts = Object.fromEntries(
    COLUMNS.flatMap(column => {
      const at = columns[column]
      return at === undefined ? [] : [[column, cleanCell(cells[at] ?? '', column, anki)]]
    }),
  )
  if (typed && !names && columns.translation === undefined) {
    // Among cells of a spreadsheet, a line that was typed by hand.
    const [word, ...rest] = cells.length > 1 ? cells : cells[0].split(MARK)
    const meanings = rest
      .filter((_, at) => !Object.values(columns).includes(at + 1))
      .map(text => cleanCell(text, 'translation', anki))
    texts['word'] = columns.word === 0 ? cleanCell(word, 'word', anki) : (texts['word'] ?? '')
    texts['translation'] = meanings.filter(Boolean).join(', ')
  } else {
    const beyond = cells.slice(names?.length ?? cells.length).filter(cell => cell !== '').length
    if (beyond > 0) list.notes.push({ ...place, ...phrase('cellsBeyond', { count: beyond }) })
    if (!names) noteUnnamed(list, cells, aside)
  }
  addWord(list, place, texts)
}

/** Each column without a name and use once, when it first holds something. */
function noteUnnamed(list: ReadList, cells: readonly string[], aside: ReadonlyMap<number, string>): void {
  const used = Object.values(list.columns)
  for (const [at, cell] of cells.entries()) {
    if (cell === '' || used.includes(at) || aside.has(at)) continue
    const note = { line: 0, ...phrase('columnUnnamed', { at: at + 1 }) }
    if (!list.notes.some(({ message }) => message === note.message)) list.notes.push(note)
  }
}

function cleanCell(cell: string, column: Column, anki: boolean): string {
  // Written so by a set's own table, lest a spreadsheet calculate it.
  const bare = cell.replace(/^'(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/, '')
  const plain = plainText(bare, column === 'translation' ? '; ' : ' ').trim()
  return column === 'word' && anki ? withoutFurigana(plain).trim() : plain
}

const seedCell = z.coerce.number().pipe(z.int().min(0).max(Number.MAX_SAFE_INTEGER))

function addWord(list: ReadList, place: Place, cells: Partial<Record<Column, string>>): void {
  const { word, seed, translation, pinyin, style } = cells
  const number = seed ? seedCell.safeParse(seed) : null
  const refuse = (why: Phrase) => list.problems.push({ ...place, ...why })
  if (!word) refuse(phrase('noWord'))
  else if (word.includes('\ufffd')) refuse(phrase('wordGarbled'))
  else if (translation?.includes('\ufffd')) refuse(phrase('meaningGarbled'))
  else if (word.length > 8 * LIMITS.word) refuse(phrase('wordMuchTooLong'))
  else if (translation && translation.length > MOST_TRANSLATION)
    refuse(phrase('translationTooLong', { most: MOST_TRANSLATION }))
  else if (number && !number.success) refuse(phrase('seedNotWhole', { seed: seed ?? '' }))
  else {
    const given = { ...(translation && { translation }), ...(pinyin && { pinyin }), ...(style && { style }) }
    list.entries.push({ ...place, word: { word, ...given, ...(number && { seed: number.data }) } })
  }
}

/** Whether a line would be taken for the names of columns, whatever separates them. */
export const looksLikeHeader = (line: string): boolean =>
  [line.split(/[,;\t|，；]/), [line]].some(cells => isHeader(cells.map(cell => cell.trim()))) || columnOf(line) !== null
