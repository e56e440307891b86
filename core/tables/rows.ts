/** Cells of a delimited text, with the lines of each record: what is wrong with one is told where it begins. */
import { parse as parseCsv } from 'csv-parse/sync'
import { phrase } from '../faults/fault.ts'
import type { ForeignPhrases } from '../faults/issue.ts'
import type { Phrase } from '../faults/studio-error.ts'

/** Where something stands in a file. */
export interface Place {
  /** From 1; 0 is the file as a whole. */
  line: number
  /** The first and the last line of its record, where that is more than the one line. */
  lines?: readonly [first: number, last: number] | undefined
}

export interface Row extends Place {
  cells: string[]
}

/** What was seen in a file beside its rows; its message has no full stop. */
export interface LineNote extends Phrase, Place {}

/** What csv-parse says of a record, or of where it gave up. */
interface Info {
  /** How far it has read: the end of the record, or the delimiter before the cell that it could not read. */
  bytes: number
}
type Failure = Error & Partial<Info> & { code?: string }

/** Also the line and paragraph separators that texts from word processors hold, and the next line of mainframes. */
const LINE_ENDS = ['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085']
export const LINE_END = /\r\n|[\n\r\u2028\u2029\u0085]/g

const MARK = 0x22
const NEW_LINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
/** Each broken record starts the parser anew; whoever has more of them means quotation marks as characters. */
const MOST_BROKEN = 1000

/**
 * Cells of a text whose lines may end in any way, mixed ones too. Quotes protect delimiters, line ends and, doubled,
 * themselves; a quote inside a bare cell is a character. Lines without content are left out.
 *
 * How far a record with a wrong quotation mark was meant to go, nobody can tell: it is taken to end with the line in which
 * that mark opens, and reading goes on behind it, so that the other lines stand.
 */
export function rowsOf(content: string, delimiter: string | string[]): { rows: Row[]; problems: LineNote[] } {
  const bytes = Buffer.from(content)
  const rows: Row[] = []
  const problems: LineNote[] = []
  /** Up to where the text is dealt with, and the line there. */
  let at = 0
  let line = 1
  while (at < bytes.length) {
    const start = at
    const take = (cells: string[], { bytes: length }: Info) => {
      const text = bytes.toString('utf8', at, start + length)
      const first = line + breaksIn(leading(text))
      const last = line + breaksIn(text.replace(/(?:\r\n|[\n\r\u2028\u2029\u0085])$/, ''))
      if (cells.some(cell => cell.trim() !== '')) rows.push({ ...placeOf(first, first, last), cells })
      at = start + length
      line += breaksIn(text)
    }
    try {
      readCells(bytes.subarray(start), delimiter, problems.length < MOST_BROKEN, take)
      break
    } catch (cause) {
      const mark = bytes.indexOf(MARK, start + ((cause as Failure).bytes ?? 0))
      const before = bytes.toString('utf8', at, mark < 0 ? bytes.length : mark)
      const first = line + breaksIn(leading(before))
      const last = line + breaksIn(before)
      problems.push({ ...placeOf(last, first, last), ...reasonOf(cause as Failure, bytes, mark, [delimiter].flat()) })
      at = lineEndAfter(bytes, mark)
      line = last + 1
    }
  }
  return { rows, problems }
}

function readCells(bytes: Buffer, delimiter: string | string[], quoted: boolean, take: (c: string[], i: Info) => void) {
  parseCsv(bytes, {
    ...{ bom: true, delimiter, quote: quoted && '"', trim: true, info: true, relax_column_count: true },
    ...{ relax_quotes: true, record_delimiter: LINE_ENDS, skip_empty_lines: true },
    // Taken at once: when the parser gives up, it keeps nothing of what it has read.
    on_record(read: unknown) {
      const { record, info } = read as { record: string[]; info: Info }
      take(record, info)
      return null
    },
  })
}

/** Either the mark is never closed, or the one that would close it has more behind it. */
function reasonOf({ code, message }: Failure, bytes: Buffer, mark: number, delimiters: string[]): Phrase {
  const key = 'quoteNotClosed' satisfies keyof ForeignPhrases
  const notClosed = { message: 'a quotation mark is not closed: close it, or write it twice', key }
  if (code === 'CSV_QUOTE_NOT_CLOSED') return notClosed
  if (code !== 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE') return { message: message.replace(/\.$/, '') }
  let end = loneMark(bytes, mark + 1)
  while (bytes[end - 1] === SPACE) end--
  const inside = bytes.toString('utf8', mark + 1, end)
  // The mark that should close the cell opens the next one.
  const opensNext = /[\r\n]$/.test(inside) || delimiters.some(delimiter => inside.endsWith(delimiter))
  return opensNext ? notClosed : phrase('quoteInCell')
}

/** The next mark that is not doubled. */
function loneMark(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(MARK, from)
  while (at >= 0 && bytes[at + 1] === MARK) at = bytes.indexOf(MARK, at + 2)
  return at < 0 ? bytes.length : at
}

const breaksIn = (text: string): number => text.match(LINE_END)?.length ?? 0
const leading = (text: string): string => text.slice(0, text.length - text.trimStart().length)

const placeOf = (line: number, first: number, last: number): Place =>
  first === last ? { line } : { line, lines: [first, last] }

/** Where the next line begins. @param from less than 0: nowhere */
function lineEndAfter(bytes: Buffer, from: number): number {
  if (from < 0) return bytes.length
  let at = from
  while (at < bytes.length && bytes[at] !== NEW_LINE && bytes[at] !== RETURN) at++
  return at + (bytes[at] === RETURN && bytes[at + 1] === NEW_LINE ? 2 : 1)
}
