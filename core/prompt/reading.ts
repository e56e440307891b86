/** How a word is read: one answer for the screen, prompts, file names and lists. */
import { LRUCache } from 'lru-cache'
import { lookUp } from './dictionary.ts'

/** A set of 20,000 words is planned again at each change of it. */
const known = new LRUCache<string, { reading: string | null }>({ max: 50_000 })

/** "xué xí" for 学习, kana for a Japanese word, null for a word of another script. */
export async function readingOf(word: string): Promise<string | null> {
  const found = known.get(word)
  if (found) return found.reading
  const { pinyin: reading } = await lookUp(word)
  known.set(word, { reading })
  return reading
}

/** A reading as sets have it in their tables and names of files: in lower case, syllables joined. */
export const joinedReading = (reading: string): string => reading.toLowerCase().replaceAll(' ', '')
