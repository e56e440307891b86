/** What the studio knows of a word, for someone who asks without painting it. */
import { type DictionaryLanguage, glossOf } from './dictionary.ts'
import { type Knowledge, type Meaning, meaningOf } from './prompt-builder.ts'

export interface WordExplanation {
  word: string
  /** Of the dictionary that knows it; null: none does. */
  language: DictionaryLanguage | null
  /** Pinyin with tone marks, or kana; null for other scripts. */
  reading: string | null
  /** In the words of who says it; null: nobody does. */
  meaning: string | null
  /** Who says so. */
  source: Meaning['source']
  /** All that the dictionary says, the likeliest entry first. */
  senses: string[]
  entries: { traditional: string; simplified: string; reading: string; senses: string[] }[]
  /** Of a text that is no headword: its words, as they are read and what each does. */
  segments: { text: string; reading: string | null; role: string }[]
  /** What stands for the meaning in a prompt. */
  prompt: string
  /** Why there is no meaning. */
  message: string | null
}

/** @throws StudioError bad-word: an empty word; bad-request: a damaged glossary */
export async function explainWord(word: string, knowledge: Knowledge = {}): Promise<WordExplanation> {
  const input = { word, translation: null, prompt: null, negativePrompt: null }
  const { text, source, pinyin, lookup } = await meaningOf(input, knowledge)
  const found = lookup && lookup.basis !== 'none' ? lookup : null
  const entries = found?.entries ?? []
  const meaning = source === 'glossary' ? text : found && glossOf(found)
  return {
    ...{ word, language: found?.language ?? null, reading: pinyin },
    meaning,
    // A word that only does grammar has a meaning and paints nothing.
    source: source === 'none' && meaning !== null ? 'dictionary' : source,
    senses: entries.flatMap(({ senses }) => senses),
    entries: entries.map(({ traditional, simplified, pinyin: reading, senses }) => ({
      ...{ traditional, simplified, reading, senses },
    })),
    segments: (found?.segments ?? []).map(({ text, pinyin: reading, role }) => ({ text, reading, role })),
    prompt: text,
    message: lookup?.basis === 'none' && source === 'none' ? lookup.message : null,
  }
}
