/** Japanese words: JMdict, as build/dictionary/japanese.ts lays it out, a line an entry and the commonest first. */
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import type { DictionaryEntry } from './entries.ts'
import { HeadwordIndex } from './headword-index.ts'
import { promptMeaning } from './meaning.ts'

const FILE = new URL('./data/jmdict.tsv.br', import.meta.url)
const NEWLINE = 0x0a
const TAB = 0x09
const SEMICOLON = 0x3b
/** Headwords of the file, written and spoken forms together, with room to spare. */
const HEADWORDS = 500_000

interface JapaneseDictionary {
  bytes: Buffer
  index: HeadwordIndex
}

let loading: Promise<JapaneseDictionary> | null = null

/** Read once a process, when a Japanese word is first looked up. */
function load(): Promise<JapaneseDictionary> {
  loading ??= readFile(FILE)
    .then(packed => promisify(brotliDecompress)(packed))
    .then(bytes => {
      const index = new HeadwordIndex(bytes, HEADWORDS)
      for (let line = 0; line < bytes.length; line = endOf(bytes, line, NEWLINE) + 1)
        for (const [start, end] of formsAt(bytes, line)) index.add(start, end, line)
      return { bytes, index }
    })
  return loading
}

/** Where the forms in the first two fields of a line begin and end. */
function* formsAt(bytes: Buffer, line: number): Generator<[number, number]> {
  let start = line
  for (let at = line, fields = 0; fields < 2; at++) {
    if (bytes[at] !== TAB && bytes[at] !== SEMICOLON) continue
    if (at > start) yield [start, at]
    start = at + 1
    if (bytes[at] === TAB) fields++
  }
}

function endOf(bytes: Buffer, from: number, mark: number): number {
  const end = bytes.indexOf(mark, from)
  return end === -1 ? bytes.length : end
}

/**
 * Entries under a written or spoken form. Of words that share one the file's order decides, but what is usually written so
 * comes first.
 * @param common only words that Japanese word lists or newspapers mark as common
 */
export async function japaneseEntries(word: string, { common = false } = {}): Promise<DictionaryEntry[]> {
  const { bytes, index } = await load()
  const wanted = Buffer.from(word)
  const lines: number[] = []
  for (const line of index.candidates(wanted))
    for (const [start, end] of formsAt(bytes, line))
      if (wanted.compare(bytes, start, end) === 0) {
        lines.push(line)
        break
      }
  const entries = lines
    .toSorted((a, b) => a - b)
    .map(line => {
      const [written, spoken, flags, senses] = bytes.toString('utf8', line, endOf(bytes, line, NEWLINE)).split('\t')
      return { written: written.split(';').filter(Boolean), spoken: spoken.split(';'), flags, senses }
    })
    .filter(({ flags }) => !common || flags.includes('c'))
  const isUsual = ({ written, flags }: (typeof entries)[number]) =>
    written.includes(word) || written.length === 0 || flags.includes('k')
  const usual = entries.toSorted((a, b) => Number(isUsual(b)) - Number(isUsual(a)))
  return usual.map(({ written, spoken, senses }) => {
    const told = senses.split('/')
    return {
      traditional: written[0] ?? spoken[0],
      simplified: written[0] ?? spoken[0],
      pinyin: spoken.includes(word) ? word : spoken[0],
      senses: told,
      meanings: told.map(sense => (sense.startsWith('(particle)') ? null : promptMeaning(sense))),
    }
  })
}
