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

/** What a picture shows, for those who do not see it: "学习, xué xí, study, comic". */
export const altOf = ({
  word,
  reading,
  meaning,
  style,
}: Pick<Card, 'word' | 'reading' | 'meaning' | 'style'>): string =>
  [word, reading, meaning, style].filter(Boolean).join(', ')
