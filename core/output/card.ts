/** What decks, printed cards and alt texts say of a word. */
import { glossOf, lookUp } from '../prompt/dictionary.ts'

/** One word on a card: what decks, printed cards and alt texts say of it. */
export interface Card {
  word: string
  /** "xué xí"; null: none is known. */
  reading: string | null
  meaning: string | null
  /** Paths of its pictures, the best first. */
  pictures: readonly string[]
  /** Its maps as PNG, in the order of the desk. */
  maps: readonly { name: string; png: Uint8Array }[]
  style: string
}

/** A card shows so many pictures of its word at most. */
export const MOST_PICTURES = 4

/** What a card says of a word: its reading, and its meaning as given or else as the dictionary has it. */
export async function aboutWord(word: string, translation: string | null): Promise<Pick<Card, 'reading' | 'meaning'>> {
  const found = await lookUp(word)
  return { reading: found?.pinyin ?? null, meaning: translation ?? (found && glossOf(found)) }
}

/** What a picture shows, for those who do not see it: "学习, xué xí, study, comic". */
export const altOf = ({
  word,
  reading,
  meaning,
  style,
}: Pick<Card, 'word' | 'reading' | 'meaning' | 'style'>): string =>
  [word, reading, meaning, style].filter(Boolean).join(', ')
