/** Lists of words as people have them: CSV with a header, cells of a spreadsheet, or a word a line. */
import { type CsvError, parse as parseCsv } from 'csv-parse/sync'
import { z } from 'zod'
import { LIMITS } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import type { ForeignPhrases } from '../faults/issue.ts'
import { type Phrase, StudioError } from '../faults/studio-error.ts'
import { facesFor } from '../glyph/font-door.ts'
import { checkWord, clustersOf } from '../glyph/text.ts'
import { breathe } from './breathe.ts'
import type { SetWord } from './set-word.ts'

const COLUMNS = ['word', 'translation', 'pinyin', 'style', 'seed'] as const
type Column = (typeof COLUMNS)[number]

/** Its message has no full stop. */
export interface LineProblem extends Phrase {
  /** From 1; 0 is the list as a whole. */
  line: number
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
export function parseWords(content: string, what: string | Phrase = phrase('theWordList')): SetWord[] {
  const { rows, problem } = rowsOf(content, delimiterOf(content))
  const { entries, problems } = problem ? { entries: [], problems: [problem] } : readTable(rows)
  const [first] = problems
  if (!first) return entries.map(({ word }) => word)
  const { line, ...found } = first
  throw fault('wordListWrong', { what, line, problem: found, columns: COLUMNS.join(', ') })
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
    await breathe(at, signal)
    const flaw = await flawOf(word, styles, font, drawable)
    if (flaw) problems.push({ line, ...flaw })
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
  if (body.length === 0) lines.problems.push({ line: 0, ...phrase('noWords') })
  else if (!names.includes('word')) lines.problems.push({ line: head.line, ...phrase('noWordColumn') })
  else if (unknown) lines.problems.push({ line: head.line, ...phrase('columnUnknown', { name: unknown }) })
  if (lines.problems.length > 0) return lines
  for (const { line, cells } of body)
    note(lines, line, Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])))
  return lines
}

const seedCell = z.coerce.number().pipe(z.int().min(0).max(Number.MAX_SAFE_INTEGER))

function note(lines: Lines, line: number, cells: Partial<Record<Column, string>>): void {
  const { word, seed, translation, pinyin, style } = cells
  const number = seed ? seedCell.safeParse(seed) : null
  const refuse = (why: Phrase) => lines.problems.push({ line, ...why })
  if (!word) refuse(phrase('noWord'))
  else if (word.length > 8 * LIMITS.word) refuse(phrase('wordMuchTooLong'))
  else if (number && !number.success) refuse(phrase('seedNotWhole', { seed: seed ?? '' }))
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
): Promise<Phrase | null> {
  if (style !== undefined && !styles.has(style)) return phrase('styleUnknown', { style })
  try {
    const fresh = clustersOf(checkWord(word)).filter(cluster => !drawable.has(cluster))
    if (fresh.length > 0) await facesFor(fresh.join(''), { font, weight: 400 })
    for (const cluster of fresh) drawable.add(cluster)
    return null
  } catch (error) {
    if (error instanceof StudioError) return withoutStop(error.report())
    throw error
  }
}

const MARKS = [',', '，', ';', '；']
const MARK = /[,;，；]/

const withoutStop = ({ message, key, values }: Phrase): Phrase => ({ message: message.replace(/\.$/, ''), key, values })

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
    const { message, lines, code } = cause as CsvError & { lines?: number }
    const key = code === 'CSV_QUOTE_NOT_CLOSED' ? ('quoteNotClosed' satisfies keyof ForeignPhrases) : undefined
    return { rows: [], problem: { line: lines ?? 0, ...withoutStop({ message, key }) } }
  }
}
