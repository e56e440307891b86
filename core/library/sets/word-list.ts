/** Lists of words as people have them: CSV with a header, cells of a spreadsheet, or a word a line. */
import { setImmediate } from 'node:timers/promises'
import { type CsvError, parse as parseCsv } from 'csv-parse/sync'
import { z } from 'zod'
import { LIMITS, StudioError } from '../../contract.ts'
import { facesFor } from '../../glyph/fonts.ts'
import { checkWord, clustersOf } from '../../glyph/text.ts'
import type { SetWord } from './definition.ts'
import { AT_ONCE } from './plan.ts'

const COLUMNS = ['word', 'translation', 'pinyin', 'style', 'seed'] as const
type Column = (typeof COLUMNS)[number]

export interface LineProblem {
  /** From 1; 0 is the list as a whole. */
  line: number
  /** Without a full stop. */
  message: string
}

export interface WordList {
  words: SetWord[]
  /** Lines that give no word; the others stand. */
  problems: LineProblem[]
}

interface Row {
  line: number
  cells: string[]
}

interface Lines {
  entries: { line: number; word: SetWord }[]
  problems: LineProblem[]
}

/**
 * Words of a CSV file: commas, semicolons or tabs, quoted cells, with or without a byte order mark.
 * @throws StudioError 'bad-request' naming the line
 */
export function parseWords(content: string, what = 'The word list'): SetWord[] {
  const { rows, problem } = rowsOf(content, delimiterOf(content))
  const { entries, problems } = problem ? { entries: [], problems: [problem] } : readTable(rows)
  const [first] = problems
  if (!first) return entries.map(({ word }) => word)
  const where = first.line > 0 ? `line ${first.line}: ` : ''
  throw new StudioError(
    'bad-request',
    `${what}: ${where}${first.message}.`,
    `The first row names the columns: ${COLUMNS.join(', ')}; only word is needed.`,
  )
}

/**
 * Words as they were typed or pasted. A header names the columns; without one, what follows the first tab or comma of a
 * line is the translation. Every word can be drawn, every style exists; what does not hold is told with its line.
 */
export async function readWordList(
  content: string,
  { styles, font, signal }: { styles: ReadonlySet<string>; font: string | null; signal?: AbortSignal },
): Promise<WordList> {
  const { entries, problems } = readLines(content)
  const words: SetWord[] = []
  const drawable = new Set<string>()
  for (const [at, { line, word }] of entries.entries()) {
    // A host has more to answer than a long list.
    if (at % AT_ONCE === AT_ONCE - 1) await setImmediate(undefined, signal && { signal })
    const message = await flawOf(word, styles, font, drawable)
    if (message) problems.push({ line, message })
    else words.push(word)
  }
  return { words, problems: problems.toSorted((a, b) => a.line - b.line) }
}

/** A list that readWordList() reads as the same words: as one would type it where that will do, CSV where it will not. */
export function writeWordList(words: readonly SetWord[]): string {
  const plain = words.map(({ word, translation }) => (translation ? `${word}, ${translation}` : word)).join('\n')
  const isPlain = words.every(({ word, translation, ...rest }) => {
    const more = Object.values(rest).some(value => value !== undefined)
    return !more && ![word, translation ?? ''].some(text => /[\t\r\n,;，；"]/.test(text))
  })
  if (isPlain && !isHeader(namesOf(plain.split('\n', 1)[0].split(',')))) return plain
  const columns = COLUMNS.filter(column => words.some(word => word[column] !== undefined && word[column] !== null))
  const quoted = (value: string | number | null | undefined) => {
    const text = String(value ?? '')
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = words.map(word => columns.map(column => quoted(word[column])).join(','))
  return [columns.join(','), ...lines].join('\n')
}

function readLines(content: string): Lines {
  const table = rowsOf(content, delimiterOf(content))
  if (table.rows[0] && isHeader(namesOf(table.rows[0].cells))) return readTable(table.rows)
  const { rows, problem } = rowsOf(content, content.includes('\t') ? '\t' : MARKS)
  const lines: Lines = { entries: [], problems: problem ? [problem] : [] }
  for (const { line, cells } of rows) {
    // Among cells of a spreadsheet, a line that was typed by hand.
    const [word, ...rest] = cells.length > 1 ? cells : cells[0].split(MARK)
    note(lines, line, {
      word: word.trim(),
      translation: rest
        .map(text => text.trim())
        .filter(Boolean)
        .join(', '),
    })
  }
  return lines
}

function readTable(rows: readonly Row[]): Lines {
  const lines: Lines = { entries: [], problems: [] }
  const [head, ...body] = rows
  const names = namesOf(head?.cells ?? [])
  const unknown = names.find(name => name && !isColumn(name))
  if (body.length === 0) lines.problems.push({ line: 0, message: 'there are no words' })
  else if (!names.includes('word')) lines.problems.push({ line: head.line, message: 'there is no column "word"' })
  else if (unknown) lines.problems.push({ line: head.line, message: `the column "${unknown}" is not known` })
  if (lines.problems.length > 0) return lines
  for (const { line, cells } of body)
    note(lines, line, Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])))
  return lines
}

const seedCell = z.coerce.number().pipe(z.int().min(0).max(Number.MAX_SAFE_INTEGER))

function note(lines: Lines, line: number, cells: Partial<Record<Column, string>>): void {
  const { word, seed, translation, pinyin, style } = cells
  const number = seed ? seedCell.safeParse(seed) : null
  const refuse = (message: string) => lines.problems.push({ line, message })
  if (!word) refuse('there is no word')
  else if (word.length > 8 * LIMITS.word) refuse('the word is too long')
  else if (number && !number.success) refuse(`the seed "${seed}" is not a whole number`)
  else {
    const given = { ...(translation && { translation }), ...(pinyin && { pinyin }), ...(style && { style }) }
    lines.entries.push({ line, word: { word, ...given, ...(number && { seed: number.data }) } })
  }
}

/** @param drawable characters that are known to have outlines: a long list repeats them */
async function flawOf(
  { word, style }: SetWord,
  styles: ReadonlySet<string>,
  font: string | null,
  drawable: Set<string>,
) {
  if (style !== undefined && !styles.has(style)) return `there is no style "${style}"`
  try {
    const fresh = clustersOf(checkWord(word)).filter(cluster => !drawable.has(cluster))
    if (fresh.length > 0) await facesFor(fresh.join(''), { font, weight: 400 })
    for (const cluster of fresh) drawable.add(cluster)
    return null
  } catch (error) {
    if (error instanceof StudioError) return error.message.replace(/\.$/, '')
    throw error
  }
}

const MARKS = [',', '，', ';', '；']
const MARK = /[,;，；]/

const namesOf = (cells: readonly string[]) => cells.map(cell => cell.trim().toLowerCase())

const isColumn = (name: string): name is Column => COLUMNS.includes(name as Column)

/** "word" may be a word too: with another name beside it that is no column, one other column has to speak for a header. */
function isHeader(names: readonly string[]): boolean {
  const known = names.filter(isColumn)
  return known.includes('word') && (known.length > 1 || known.length === names.length)
}

/** The one that the first line has most of. */
function delimiterOf(content: string): string {
  const first = content
    .replace(/^\ufeff/, '')
    .trimStart()
    .split(/\r?\n/, 1)[0]
  return [',', ';', '\t'].reduce((a, b) => (first.split(b).length > first.split(a).length ? b : a))
}

function rowsOf(content: string, delimiter: string | string[]): { rows: Row[]; problem: LineProblem | null } {
  try {
    const read = parseCsv(content, {
      ...{ bom: true, delimiter, trim: true, info: true, relax_column_count: true, relax_quotes: true },
      ...{ skip_empty_lines: true, skip_records_with_empty_values: true },
    }) as unknown as { record: string[]; info: { lines: number } }[]
    return { rows: read.map(({ record, info }) => ({ line: info.lines, cells: record })), problem: null }
  } catch (cause) {
    const { message, lines } = cause as CsvError & { lines?: number }
    return { rows: [], problem: { line: lines ?? 0, message: message.replace(/\.$/, '') } }
  }
}
