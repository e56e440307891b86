/** What a Chinese word means and how it is read: CC-CEDICT (see NOTICES.md), tone marks, words it lacks cut into words it has. */
import { type Cedict, loadCedict } from './cedict.ts'
import { bestMeaning, type DictionaryEntry, entriesOf } from './entries.ts'
import { commonReading } from './pinyin.ts'
import { segmentText } from './segment.ts'

export type { DictionaryEntry } from './entries.ts'

export interface Segment {
  text: string
  /** With tone marks; null for what is no Chinese. */
  pinyin: string | null
  /** Empty for what the dictionary lacks. */
  entries: DictionaryEntry[]
}

export type Lookup =
  | {
      /** "dictionary": the word is a headword. "segments": it was cut, and entries is empty. */
      basis: 'dictionary' | 'segments'
      /** The word without spaces, as it was looked up. */
      word: string
      pinyin: string
      /** The likeliest first; a reading that is a surname last. */
      entries: DictionaryEntry[]
      /** Only with the basis "segments", in the word's order. */
      segments?: Segment[]
      /** The phrase for a prompt, or null where no sense names something. */
      meaning: string | null
      /** Where the meaning stands: entries[entry].senses[sense]; null where it was put together from segments. */
      chosen: { entry: number; sense: number } | null
    }
  | {
      basis: 'none'
      /** "script": not Chinese, so not looked up. "unknown": Chinese, and the dictionary has no part of it. */
      reason: 'script' | 'unknown'
      /** One sentence for the reader. */
      message: string
    }

const HAN = /\p{Script=Han}/u
/** Kana, bopomofo and hangul between the characters: the text is not Chinese, or not only. */
const NOT_CHINESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}]/u
/** More words than these make no picture. */
const MAX_MEANINGS = 8

/**
 * Looks a word up, traditional or simplified. The first call of a process reads the dictionary.
 * @throws StudioError internal: the dictionary's file is damaged
 */
export async function lookUp(word: string): Promise<Lookup> {
  const clean = lookupForm(word)
  if (!HAN.test(clean)) return notChinese(word)
  const cedict = await loadCedict()
  const entries = await entriesOf(cedict, clean)
  if (entries.length > 0) {
    const best = bestMeaning(entries)
    const chosen = best && { entry: best.entry, sense: best.sense }
    const { pinyin } = entries[best?.entry ?? 0]
    return { basis: 'dictionary', word: clean, pinyin, entries, meaning: best?.text ?? null, chosen }
  }
  return NOT_CHINESE.test(clean) ? notChinese(word) : bySegments(cedict, word, clean)
}

/** NFC, no invisible characters, no space between Han characters (a word may be laid out on several lines). */
function lookupForm(word: string): string {
  return word
    .normalize('NFC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '')
    .trim()
}

const quoted = (word: string): string => `“${word.replace(/\s+/g, ' ').trim()}”`

const notChinese = (word: string): Lookup => ({
  basis: 'none',
  reason: 'script',
  message: `${quoted(word)} is not written in Chinese, and the dictionary knows only Chinese.`,
})

async function bySegments(cedict: Cedict, word: string, clean: string): Promise<Lookup> {
  const segments = await Promise.all(segmentText(clean, part => cedict.has(part)).map(part => segmentOf(cedict, part)))
  if (segments.every(({ entries }) => entries.length === 0)) {
    return { basis: 'none', reason: 'unknown', message: `The dictionary has no entry for ${quoted(word)}.` }
  }
  const pinyin = segments.map(({ pinyin, text }) => pinyin ?? text).join(' ')
  return { basis: 'segments', word: clean, pinyin, entries: [], segments, meaning: joined(segments), chosen: null }
}

async function segmentOf(cedict: Cedict, text: string): Promise<Segment> {
  const entries = HAN.test(text) ? await entriesOf(cedict, text) : []
  if (entries.length > 0) return { text, entries, pinyin: entries[bestMeaning(entries)?.entry ?? 0].pinyin }
  const reading = HAN.test(text) ? (await commonReading(text))[0] : null
  return { text, entries, pinyin: reading }
}

/** "learning, Chinese language": the segments' meanings in order, each once; words of other scripts as they are. */
function joined(segments: readonly Segment[]): string | null {
  const meanings = segments.map(({ text, entries }) => {
    if (entries.length > 0) return bestMeaning(entries)?.text ?? null
    return /[\p{L}\p{N}]/u.test(text) && !HAN.test(text) ? text : null
  })
  const distinct = [...new Set(meanings.filter(meaning => meaning !== null))]
  return distinct.length > 0 ? distinct.slice(0, MAX_MEANINGS).join(', ') : null
}
