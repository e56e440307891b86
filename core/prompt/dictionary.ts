/** What a word means and how it is read: CC-CEDICT for Chinese, JMdict for Japanese (see NOTICES.md). */
import { foldForLookup } from '../text/fold.ts'
import { type Chinese, loadChinese, surpriseOf } from './chinese.ts'
import { bestMeaning, type DictionaryEntry, entriesOf, preferredSense } from './entries.ts'
import { joinDottedNames, looksTransliterated } from './foreign-names.ts'
import { japaneseEntries } from './japanese.ts'
import { functionOf, isConnecting, type Role } from './particles.ts'
import { commonReading } from './pinyin.ts'
import { preferenceOf } from './preferences.ts'
import { segmentText } from './segment.ts'

export type { DictionaryEntry } from './entries.ts'

export const DICTIONARY_LANGUAGES = ['zh', 'ja'] as const
/** Languages that there is a dictionary of. */
export type DictionaryLanguage = (typeof DICTIONARY_LANGUAGES)[number]

export interface Segment {
  text: string
  /** With tone marks; null for what is no Chinese. */
  pinyin: string | null
  /** Particles and measure words are read as such and add nothing to the meaning. */
  role: Role | 'name'
  /** Empty for what the dictionary lacks. */
  entries: DictionaryEntry[]
}

export type Lookup =
  | {
      /** "dictionary": the word is a headword. "segments": it was cut, and entries is empty. */
      basis: 'dictionary' | 'segments'
      language: DictionaryLanguage
      /** The word without spaces, as it was looked up. */
      word: string
      /** How it is read, a space between syllables, with tone marks; of a Japanese word its kana. */
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
      /**
       * "script": of a language without a dictionary. "unknown": Chinese or Japanese, and the dictionary has no part of it.
       * "name": written as foreign names are in Chinese, and not in the dictionary.
       */
      reason: 'script' | 'unknown' | 'name'
      /** With tone marks, where there are Chinese characters. */
      pinyin: string | null
      /** One sentence for the reader. */
      message: string
    }

const HAN = /\p{Script=Han}/u
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u
/** Bopomofo and hangul between the characters: the text is neither Chinese nor Japanese. */
const OTHER = /[\p{Script=Bopomofo}\p{Script=Hangul}]/u
/** More words than these make no picture. */
const MAX_MEANINGS = 8

/**
 * Looks a word up: with kana in it as Japanese, otherwise as Chinese, traditional or simplified, and as Japanese where
 * Chinese has no such headword. The first call of a process reads the dictionary.
 * @param language asks that language's dictionary first for a word in Chinese characters
 * @throws StudioError internal: a dictionary's file is damaged
 */
export async function lookUp(
  word: string,
  { language }: { language?: DictionaryLanguage | undefined } = {},
): Promise<Lookup> {
  const clean = lookupForm(word)
  if (KANA.test(clean)) return (await inJapanese(clean)) ?? unknown(word, null)
  if (!HAN.test(clean) || OTHER.test(clean)) return otherScript(word)
  if (language === 'ja') {
    const japanese = await inJapanese(clean)
    if (japanese) return japanese
  }
  const chinese = await loadChinese()
  const entries = await entriesOf(chinese, clean)
  if (entries.length > 0) return headword(clean, entries, 'zh')
  return (await inJapanese(clean, { common: true })) ?? bySegments(chinese, word, clean)
}

/** What the dictionary says of a word in its own words: the chosen sense, or the first of a word that only does grammar. */
export function glossOf(lookup: Lookup): string | null {
  if (lookup.basis === 'none') return null
  const { entries, chosen, word, language } = lookup
  if (chosen) return entries[chosen.entry].senses[chosen.sense]
  if (lookup.basis === 'segments') return lookup.meaning
  const preferred = preferredSense(entries, language === 'zh' ? preferenceOf(word)?.sense : undefined)
  return entries[0].senses[Math.max(0, preferred)]
}

/** Folded, and no space between Han characters (a word may be laid out on several lines). */
const lookupForm = (word: string): string =>
  foldForLookup(word).replace(/(?<=[\p{Script=Han}·])\s+(?=[\p{Script=Han}·])/gu, '')

async function inJapanese(clean: string, { common = false } = {}): Promise<Lookup | null> {
  // 一条 and 三番 are counts in Chinese, whatever Japanese has made of them.
  if (common && /^[一二三四五六七八九十百千万两]/.test(clean)) return null
  const entries = await japaneseEntries(clean, { common })
  return entries.length > 0 ? headword(clean, entries, 'ja') : null
}

function headword(word: string, entries: DictionaryEntry[], language: DictionaryLanguage): Lookup {
  const best = bestMeaning(entries, language === 'zh' ? preferenceOf(word)?.sense : undefined)
  const chosen = best && { entry: best.entry, sense: best.sense }
  const { pinyin } = entries[best?.entry ?? 0]
  return { basis: 'dictionary', language, word, pinyin, entries, meaning: best?.text ?? null, chosen }
}

const quoted = (word: string): string => `“${word.replace(/\s+/g, ' ').trim()}”`

const otherScript = (word: string): Lookup => ({
  basis: 'none',
  reason: 'script',
  pinyin: null,
  message: `There is no dictionary for ${quoted(word)}: type its meaning once, and the studio remembers it.`,
})

const unknown = (word: string, pinyin: string | null): Lookup => ({
  basis: 'none',
  reason: 'unknown',
  pinyin,
  message: `The dictionary has no entry for ${quoted(word)}.`,
})

async function bySegments(chinese: Chinese, word: string, clean: string): Promise<Lookup> {
  const { cedict } = chinese
  const words = segmentText(clean, part => surpriseOf(chinese, part))
  const isKnownName = (part: string) => cedict.find(part).some(({ pinyin }) => /^\p{Lu}/u.test(pinyin))
  const parts = looksTransliterated(words, isKnownName)
    ? [{ text: clean, isName: true }]
    : joinDottedNames(words, part => surpriseOf(chinese, part))
  const known = await Promise.all(
    parts.map(async ({ text, isName }) => ({
      ...{ text, isName, entries: isName || !HAN.test(text) ? [] : await entriesOf(chinese, text) },
    })),
  )
  // Readings in context are known of simplified characters only.
  const simplified = known.map(({ text, entries }) => (entries.length > 0 ? entries[0].simplified : text))
  const readings = await readingsInContext(simplified)
  const segments = known.map(({ text, isName, entries }, at): Segment => {
    if (isName) return { text, entries, role: 'name', pinyin: readings[at].join(' ') }
    const { role, pinyin } = functionOf(known, at)
    return { text, entries, role, pinyin: pinyin ?? readingOf(text, entries, readings[at]) }
  })
  const pinyin = segments.map(({ pinyin, text }) => pinyin ?? text).join(' ')
  if (segments.every(({ entries }) => entries.length === 0)) {
    if (!segments.some(({ role }) => role === 'name')) return unknown(word, pinyin)
    const message = `${quoted(word)} reads like a foreign name, and the dictionary has no entry for it.`
    return { basis: 'none', reason: 'name', pinyin, message }
  }
  return {
    basis: 'segments',
    language: 'zh',
    word: clean,
    pinyin,
    entries: [],
    segments,
    meaning: joined(segments),
    chosen: null,
  }
}

/** Of each part the readings of its characters, the whole text considered; null for what is no Han character. */
async function readingsInContext(parts: readonly string[]): Promise<string[][]> {
  const all = await commonReading(parts.join(''))
  let from = 0
  return parts.map(part => {
    const characters = [...part]
    const readings = all.slice(from, from + characters.length)
    from += characters.length
    return readings.map((reading, at) => reading ?? characters[at])
  })
}

/** A word's own reading; of a character that has several the one that its sentence asks for. */
function readingOf(text: string, entries: readonly DictionaryEntry[], inContext: readonly string[]): string | null {
  if (!HAN.test(text)) return null
  if (entries.length === 0) return inContext.join(' ')
  const isSingle = [...text].length === 1
  const fits = isSingle && entries.some(({ pinyin }) => pinyin === inContext[0])
  return fits ? inContext[0] : entries[bestMeaning(entries, preferenceOf(text)?.sense)?.entry ?? 0].pinyin
}

/** "learning, Chinese language": the segments' meanings in order, each once; words of other scripts as they are. */
function joined(segments: readonly Segment[]): string | null {
  const meanings = segments.map(({ text, entries, role, pinyin }) => {
    if (role === 'particle' || role === 'measure' || isConnecting(text)) return null
    if (role === 'name') return null
    if (entries.length > 0) {
      const read = entries.filter(entry => entry.pinyin === pinyin)
      return bestMeaning(read.length > 0 ? read : entries, preferenceOf(text)?.sense)?.text ?? null
    }
    return /[\p{L}\p{N}]/u.test(text) && !HAN.test(text) ? text : null
  })
  const distinct = [...new Set(meanings.filter(meaning => meaning !== null))]
  return distinct.length > 0 ? distinct.slice(0, MAX_MEANINGS).join(', ') : null
}
