/** What a delimited text says of itself: CSV, TSV and their kin as spreadsheets and Anki write them. */
import { phrase } from '../faults/fault.ts'
import type { LineNote } from './rows.ts'

export type { LineNote } from './rows.ts'

/** What a file says of itself in its first lines. */
export interface Preamble {
  /** The rest, with those lines blank, so that line numbers stay. */
  text: string
  delimiter: string | null
  /** Anki's "#columns:": names of the columns. */
  names: string[] | null
  /** Columns, from 0, that hold no field of a note: Anki's tags, decks, note types, ids. */
  aside: Map<number, string>
  /** It has Anki's header lines. */
  anki: boolean
  notes: LineNote[]
}

const ANKI_SEPARATORS: Readonly<Record<string, string>> = {
  ...{ comma: ',', semicolon: ';', tab: '\t', space: ' ', pipe: '|', colon: ':' },
  ...{ ',': ',', ';': ';', '\t': '\t', '|': '|', ':': ':' },
}
const ANKI_LINE =
  /^#(separator|html|tags|columns|notetype|deck|guid|if matches|(?:notetype|deck|tags|guid) column):(.*)$/i

/** Excel's "sep=;" and the header lines of Anki's text export (docs.ankiweb.net, "Text files", "File headers"). */
export function readPreamble(content: string): Preamble {
  const lines = content.replace(/^\ufeff/, '').split(/(?<=\r\n|\n|\r(?!\n))/)
  const found: Preamble = { text: '', delimiter: null, names: null, aside: new Map(), anki: false, notes: [] }
  let at = 0
  const sep = /^"?sep=(.)"?\s*$/i.exec(
    lines[0]?.trimEnd() === 'sep=' ? 'sep=\t' : (lines[0] ?? '').replace(/(?<![\r\n])[\r\n]+$/, ''),
  )
  if (sep) {
    found.delimiter = sep[1]
    at = 1
  }
  for (; at < lines.length; at++) {
    const [, key, value] = ANKI_LINE.exec(lines[at].replace(/(?<![\r\n])[\r\n]+$/, '')) ?? []
    if (key === undefined) break
    found.anki = true
    const name = key.toLowerCase()
    if (name === 'separator') found.delimiter = ANKI_SEPARATORS[value.trim().toLowerCase() || value] ?? found.delimiter
    else if (name === 'columns') found.names = value.split(found.delimiter ?? '\t')
    else if (name.endsWith(' column')) found.aside.set(Number(value) - 1, name.replace(' column', ''))
  }
  found.text = `${'\n'.repeat(at)}${lines.slice(at).join('')}`
  for (const [column, name] of found.aside)
    found.notes.push({ line: 0, ...phrase('columnOfAnki', { at: column + 1, name }) })
  return found
}

/** The delimiters that the first line outside of quotes has, the most frequent first; "," where it has none. */
export function delimitersOf(content: string): string[] {
  const [first] = content
    .replace(/^\ufeff/, '')
    .trimStart()
    .split(/[\r\n]/, 1)
  const bare = first.replace(/"(?:[^"]|"")*"/g, '')
  const counts = [',', ';', '\t', '|', '，', '；'].map(mark => ({ mark, count: bare.split(mark).length - 1 }))
  const present = counts.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)
  return present.length > 0 ? present.map(({ mark }) => mark) : [',']
}
