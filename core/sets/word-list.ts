/** Lists of words as people have them: typed, pasted, or in a file of another program. */
import { stringify } from 'csv-stringify/sync'
import { yieldEvery } from '../channel/yield.ts'
import { fault, phrase } from '../faults/fault.ts'
import { type Phrase, StudioError } from '../faults/studio-error.ts'
import { facesFor } from '../glyph/font-door.ts'
import { checkWord, clustersOf } from '../glyph/text.ts'
import { COLUMNS } from '../tables/columns.ts'
import { type LineNote, readPreamble } from '../tables/delimited.ts'
import { type ListFile, readListFile } from '../tables/list-file.ts'
import { isMarkedUp } from '../tables/plain-text.ts'
import { type ListOptions, looksLikeHeader, type ReadList, readList } from '../tables/read-list.ts'
import type { SetWord } from './set-word.ts'

/** Its message has no full stop. */
export type LineProblem = LineNote

export interface WordList {
  words: SetWord[]
  /** Lines that give no word; the others stand. */
  problems: LineProblem[]
  /** What was left aside, and why. */
  notes: LineNote[]
}

/** How a file was read, for someone who wants it read otherwise. */
export interface ListReading {
  kind: ListFile['kind']
  /** Of a text. */
  encoding: string | null
  /** Readings in other encodings that are as likely; empty: the encoding is certain. */
  candidates: { encoding: string; lines: string[] }[]
  /** Of a workbook or package: its sheets or types of notes. */
  sheets: string[]
}

/** How a file of words is to be read. */
export interface ListFileOptions extends ListOptions {
  /** Of a text; undefined: found. */
  encoding?: string | undefined
}

/**
 * Words of a list's text: commas, semicolons or tabs, quoted cells, with or without a byte order mark.
 * @throws StudioError 'bad-request' naming the first line that is wrong
 */
export function parseWords(
  content: string,
  what: string | Phrase = phrase('theWordList'),
  options: ListOptions = {},
): SetWord[] {
  return wordsOf(readList({ kind: 'text', ...readPreamble(content) }, { ...options, inFile: true }), what)
}

/** @throws StudioError 'bad-request' naming the first line that is wrong */
export function wordsOf({ entries, problems }: ReadList, what: string | Phrase): SetWord[] {
  const [first] = problems
  if (!first && entries.length > 0) return entries.map(({ word }) => word)
  const { line, ...found } = first ?? { line: 0, ...phrase('noWords') }
  throw fault('wordListWrong', { what, line, problem: found, columns: COLUMNS.join(', ') })
}

/**
 * A file of words: text in any encoding, .xlsx or .apkg.
 * @throws StudioError 'bad-request': a file that cannot be read, a sheet or column that is not there
 */
export async function readWordsFile(
  bytes: Uint8Array,
  file: string,
  { encoding, ...options }: ListFileOptions = {},
): Promise<ReadList & { reading: ListReading }> {
  const found = await readListFile(bytes, file, encoding)
  const reading: ListReading =
    found.kind === 'text'
      ? { kind: found.kind, encoding: found.encoding, candidates: found.candidates, sheets: [] }
      : { kind: found.kind, encoding: null, candidates: [], sheets: found.sheets.map(({ name }) => name) }
  return { ...readList(found, { ...options, inFile: true }), reading }
}

/** For a place that cannot ask. @throws StudioError 'bad-request': there are two likely encodings */
export function insistOnEncoding({ candidates: [first, second] }: ListReading, file: string): void {
  if (!first || !second) return
  const firstLines = first.lines.join(' / ').slice(0, 60)
  const secondLines = second.lines.join(' / ').slice(0, 60)
  throw fault('encodingUnclear', { file, first: first.encoding, firstLines, second: second.encoding, secondLines })
}

/**
 * Words as they were typed or pasted. A header names the columns; without one, what follows the first tab or comma of a
 * line is the translation. Every word can be drawn, every style exists; what is wrong is told with its line.
 */
export async function readWordList(
  content: string,
  {
    styles,
    font,
    fallback = false,
    signal,
  }: {
    styles: ReadonlySet<string>
    font: string | null
    /** Characters that the font lacks are drawn with another one. */
    fallback?: boolean
    signal?: AbortSignal
  },
): Promise<WordList> {
  const { entries, problems, notes } = readList({ kind: 'text', ...readPreamble(content) })
  const words: SetWord[] = []
  const drawable = new Set<string>()
  for (const [at, { word, ...place }] of entries.entries()) {
    await yieldEvery(at, signal)
    const flaw = await flawOf(word, styles, { font, fallback }, drawable)
    if (flaw) problems.push({ ...place, ...flaw })
    else words.push(word)
  }
  return { words, problems: problems.toSorted((a, b) => a.line - b.line), notes }
}

/** A list that readWordList() reads as the same words: as one would type it where that will do, CSV where it will not. */
export function writeWordList(words: readonly SetWord[]): string {
  const plain = words.map(({ word, translation }) => (translation ? `${word}, ${translation}` : word)).join('\n')
  const isPlain = words.every(({ word, translation, ...rest }) => {
    const more = Object.values(rest).some(value => value !== undefined)
    return !more && ![word, translation ?? ''].some(text => /[\t\r\n,;，；"]|^'/.test(text) || isMarkedUp(text))
  })
  const [first = ''] = plain.split('\n', 1)
  if (isPlain && !looksLikeHeader(first) && !/^(?:sep=|#)/i.test(first)) return plain
  const columns = COLUMNS.filter(column => words.some(word => word[column] !== undefined && word[column] !== null))
  const rows = words.map(word => columns.map(column => cellOf(word[column])))
  return stringify([columns, ...rows], { quoted_match: /[\r\n]|^\s|\s$/ }).replace(/\n$/, '')
}

/** Marks that a reader would take for HTML are written as entities. */
function cellOf(value: string | number | null | undefined): string {
  const text = String(value ?? '')
  return isMarkedUp(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('[', '&#91;').replaceAll('{', '&#123;')
    : text
}

/** Why a word cannot be drawn, or a style is not there; null: nothing is wrong. @param drawable characters that are known to have outlines */
export async function flawOf(
  { word, style }: SetWord,
  styles: ReadonlySet<string>,
  choice: { font: string | null; fallback: boolean },
  drawable: Set<string>,
): Promise<Phrase | null> {
  if (style !== undefined && !styles.has(style)) return phrase('styleUnknown', { style })
  try {
    const fresh = clustersOf(checkWord(word)).filter(cluster => !drawable.has(cluster))
    if (fresh.length > 0) await facesFor(fresh.join(''), { ...choice, weight: 400 })
    for (const cluster of fresh) drawable.add(cluster)
    return null
  } catch (error) {
    if (error instanceof StudioError) return withoutStop(error.report())
    throw error
  }
}

const withoutStop = ({ message, key, values }: Phrase): Phrase => ({ message: message.replace(/\.$/, ''), key, values })
