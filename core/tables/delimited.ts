/** What a delimited text says of itself: CSV, TSV and their kin as spreadsheets and Anki write them. */
import { phrase } from '../faults/fault.ts'
import { LINE_END, type LineNote } from './rows.ts'

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

/** A map, since "constructor" is a property of every object. */
const ANKI_SEPARATORS = new Map(
  Object.entries({
    ...{ comma: ',', semicolon: ';', tab: '\t', space: ' ', pipe: '|', colon: ':' },
    ...{ ',': ',', ';': ';', '\t': '\t', '|': '|', ':': ':' },
  }),
)
const ANKI_LINE =
  /^#(separator|html|tags|columns|notetype|deck|guid|if matches|(?:notetype|deck|tags|guid) column):(.*)$/i

/** Excel's "sep=;" and the header lines of Anki's text export (docs.ankiweb.net, "Text files", "File headers"). */
export function readPreamble(content: string): Preamble {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: DOS ends a text file with it
  const lines = content.replace(/^\ufeff|\x1a$/g, '').split(/(?<=\r\n|\n|\r(?!\n))/)
  const found: Preamble = { text: '', delimiter: null, names: null, aside: new Map(), anki: false, notes: [] }
  let at = 0
  const sep = sepOf(lines[0] ?? '')
  if (sep) {
    found.delimiter = sep
    at = 1
  }
  for (; at < lines.length; at++) {
    const [, key, value] = ANKI_LINE.exec(lines[at].replace(/(?<![\r\n])[\r\n]+$/, '')) ?? []
    if (key === undefined) break
    found.anki = true
    const name = key.toLowerCase()
    if (name === 'separator')
      found.delimiter = ANKI_SEPARATORS.get(value.trim().toLowerCase() || value) ?? found.delimiter
    else if (name === 'columns') found.names = value.split(found.delimiter ?? '\t')
    else if (name.endsWith(' column') && Number(value) >= 1)
      found.aside.set(Number(value) - 1, name.replace(' column', ''))
  }
  found.text = `${'\n'.repeat(at)}${lines.slice(at).join('')}`
  for (const [column, name] of found.aside)
    found.notes.push({ line: 0, ...phrase('columnOfAnki', { at: column + 1, name }) })
  return found
}

/** What Excel's first line "sep=;" names, in quotes or not; some programs fill the line up with empty cells: "sep=;;;". */
function sepOf(line: string): string | null {
  const [, mark, rest] = /^"?sep=(.)([^\r\n]{0,200})/i.exec(line.trimEnd() === 'sep=' ? 'sep=\t' : line) ?? []
  return mark !== undefined && [...rest.trimEnd()].every(each => each === mark || each === '"') ? mark : null
}

/** The delimiters that the first line outside of quotes has, the most frequent first; "," where it has none. */
export function delimitersOf(content: string): string[] {
  const [first] = content
    .replace(/^\ufeff/, '')
    .trimStart()
    .split(LINE_END, 1)
  const bare = first.replace(/"(?:[^"]|"")*"/g, '')
  const counts = [',', ';', '\t', '|', '，', '；'].map(mark => ({ mark, count: bare.split(mark).length - 1 }))
  const present = counts.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)
  return present.length > 0 ? present.map(({ mark }) => mark) : [',']
}
