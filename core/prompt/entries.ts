/** One headword's entries as a reader wants them: the likeliest first, with senses that stand by themselves. */
import type { Cedict, CedictEntry } from './cedict.ts'
import type { Chinese } from './chinese.ts'
import { isWeak, promptMeaning } from './meaning.ts'
import { commonReading, toneMarks } from './pinyin.ts'
import { preferenceOf } from './preferences.ts'
import { type Gloss, glossesOf, plainPinyin, type Reference } from './senses.ts'

export interface DictionaryEntry {
  traditional: string
  simplified: string
  /** With tone marks, a space between syllables. */
  pinyin: string
  /** At least one; several near-synonyms stand in one sense, between semicolons. */
  senses: string[]
  /** The phrase for a prompt that each sense gives, or null where it names nothing that could be painted. */
  meanings: (string | null)[]
}

/** A pointer that points to a pointer that points …: further than this it is a mistake of the dictionary. */
const MAX_STEPS = 4

interface Candidate extends DictionaryEntry {
  /** Smaller comes first. */
  rank: number[]
}

interface Sense {
  text: string
  meaning: string | null
}

/** Every entry under a headword, traditional or simplified; none where it is not in the dictionary. */
export async function entriesOf(chinese: Chinese, word: string): Promise<DictionaryEntry[]> {
  const { cedict } = chinese
  const found = cedict.find(word)
  const expected = await expectedReading(word, found)
  const candidates = found.map(entry => candidate(chinese, word, entry, expected))
  candidates.sort((a, b) => compare(a.rank, b.rank))
  const seen = new Set<string>()
  return candidates.filter(isNew).map(({ rank, ...entry }) => entry)

  /** A variant that only repeats the entry it points to says nothing more. */
  function isNew({ pinyin, senses }: Candidate): boolean {
    const key = JSON.stringify([pinyin.toLowerCase(), senses])
    return !seen.has(key) && Boolean(seen.add(key))
  }
}

/** An entry and a sense in it, by their places, and the phrase for a prompt. */
export interface Choice {
  text: string
  entry: number
  sense: number
}

/**
 * The best meaning: of the first entry that has one, its first plain sense, else any. Entries of other readings than the
 * first one's are other words: 的 is a particle and not a taxi.
 * @param wanted words of the sense that is preferred; where that one names nothing, nothing else does
 */
export function bestMeaning(entries: readonly DictionaryEntry[], wanted?: string): Choice | null {
  const preferred = preferredSense(entries, wanted)
  if (preferred !== -1) {
    const text = entries[0].meanings[preferred]
    return text === null ? null : { text, entry: 0, sense: preferred }
  }
  for (const [entry, { senses, meanings, pinyin }] of entries.entries()) {
    if (pinyin !== entries[0].pinyin) continue
    const usable = senses.map((_, sense) => sense).filter(sense => meanings[sense] !== null)
    const sense = usable.find(index => !isWeak(senses[index])) ?? usable[0]
    if (sense !== undefined) return { text: meanings[sense]!, entry, sense }
  }
  return null
}

/** Which of the first entry's senses has the words, or -1. */
export const preferredSense = (entries: readonly DictionaryEntry[], wanted: string | undefined): number =>
  wanted ? (entries[0]?.senses.findIndex(sense => sense.includes(wanted)) ?? -1) : -1

/**
 * The reading that a word has unless something says otherwise, in lower case and without spaces; null where its entries
 * leave no choice. Of two readings the one with a light syllable is the everyday word: dōngxi is a thing, dōngxī east and
 * west.
 */
async function expectedReading(word: string, found: readonly CedictEntry[]): Promise<string | null> {
  const preferred = preferenceOf(word)?.pinyin
  if (preferred) return compact(preferred)
  const readings = new Set(found.filter(entry => !isName(entry)).map(({ pinyin }) => pinyin.toLowerCase()))
  if (readings.size < 2) return null
  const light = [...readings].filter(pinyin => / .*(?<!r)5/.test(pinyin))
  if (light.length === 1) return compact(toneMarks(light[0]))
  return (await commonReading(word)).join('')
}

const compact = (pinyin: string): string => pinyin.replaceAll(' ', '').toLowerCase()

function candidate(
  { cedict, frequencies }: Chinese,
  word: string,
  entry: CedictEntry,
  expected: string | null,
): Candidate {
  const senses = sensesOf(cedict, entry, 0)
  const pinyin = toneMarks(entry.pinyin)
  const meant = senses.some(({ meaning }) => meaning !== null)
  const first = senses.find(({ meaning }) => meaning !== null)
  const erhua = / r5$/.test(entry.pinyin) // 花儿 is the flower first, spoken with r; pinyin-pro always reads ér
  const points = !erhua && glossesOf(entry).glosses[0]?.reference != null
  const isExpected = expected === null || erhua || compact(pinyin) === expected
  const wanted = preferenceOf(word)
  const isWanted = (text: string) => wanted?.sense !== undefined && text.includes(wanted.sense)
  return {
    traditional: entry.traditional,
    simplified: entry.simplified,
    pinyin,
    senses: senses.map(({ text }) => text),
    meanings: senses.map(({ meaning }) => meaning),
    // As preferred, not a surname, in the commonest reading, not a mere variant, said with an r, in the form that most
    // words use, saying something, and in plain use.
    rank: [
      wanted?.pinyin !== undefined && isExpected && (!wanted.sense || senses.some(({ text }) => isWanted(text))),
      !isName(entry),
      isExpected,
      senses.some(({ text }) => isWanted(text)),
      !points,
      erhua,
      frequencies.weightOf(entry),
      meant,
      first !== undefined && !isWeak(first.text),
    ].map(x => -x),
  }
}

const isName = ({ pinyin }: CedictEntry): boolean => /^\p{Lu}/u.test(pinyin)

function sensesOf(cedict: Cedict, entry: CedictEntry, step: number): Sense[] {
  const { glosses, counted } = glossesOf(entry)
  const plain = glosses.filter(({ reference }) => reference === null)
  const senses = glosses.flatMap(gloss => {
    const followed = gloss.reference && (gloss.follows === 'full' || plain.length === 0)
    const others = followed ? referredTo(cedict, gloss, step) : []
    if (others.length > 0) return others
    return [{ text: gloss.text, meaning: gloss.reference ? null : promptMeaning(gloss.text, counted) }]
  })
  const seen = new Set<string>()
  return senses.filter(({ text }) => !seen.has(text) && Boolean(seen.add(text)))
}

/** The senses of what a pointer points to; for a hint the pointer itself stays readable before them. */
function referredTo(cedict: Cedict, { reference, follows, text }: Gloss, step: number): Sense[] {
  if (step >= MAX_STEPS) return []
  const senses = targets(cedict, reference!).flatMap(entry => sensesOf(cedict, entry, step + 1))
  return follows === 'hint' && senses.length > 0 ? [{ text, meaning: null }, ...senses] : senses
}

function targets(cedict: Cedict, { traditional, simplified, pinyin }: Reference): CedictEntry[] {
  const written = cedict.find(traditional).filter(entry => entry.simplified === simplified)
  if (pinyin === null) return written
  const alike = written.filter(entry => plainPinyin(entry.pinyin) === plainPinyin(pinyin))
  const exact = alike.filter(entry => isName(entry) === /^\p{Lu}/u.test(pinyin))
  if (exact.length > 0) return exact
  return alike.length > 0 ? alike : written.filter(entry => !isName(entry))
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, at) => value !== b[at])
  return i === -1 ? 0 : a[i] - b[i]
}
