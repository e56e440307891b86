/** Where the order of CC-CEDICT's senses and readings is not the order of everyday use: data/preferences.tsv says it. */
import { readFileSync } from 'node:fs'

export interface Preference {
  /** With tone marks; undefined: whichever is the commonest. */
  pinyin: string | undefined
  /** Words that the chosen sense contains; undefined: the first that says something. */
  sense: string | undefined
}

let preferences: Map<string, Preference> | null = null

/** What is preferred for a word as it is looked up, simplified or traditional; undefined: nothing in particular. */
export function preferenceOf(word: string): Preference | undefined {
  preferences ??= new Map(
    readFileSync(new URL('./data/preferences.tsv', import.meta.url), 'utf8')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => {
        const [words, pinyin, sense] = line.split('\t')
        return { words, preference: { pinyin: pinyin || undefined, sense: sense || undefined } }
      })
      .flatMap(({ words, preference }) => words.split('|').map((word): [string, Preference] => [word, preference])),
  )
  return preferences.get(word)
}
