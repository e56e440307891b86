/** What the Chinese part of the dictionary reads, loaded once a process. */
import { type Cedict, loadCedict } from './cedict.ts'
import { type Frequencies, loadFrequencies } from './frequencies.ts'

export interface Chinese {
  cedict: Cedict
  frequencies: Frequencies
}

/** @throws StudioError internal: a file of the installation is damaged */
export async function loadChinese(): Promise<Chinese> {
  const [cedict, frequencies] = await Promise.all([loadCedict(), loadFrequencies()])
  return { cedict, frequencies }
}

/** A headword of several characters that nobody counted is still a word: about one in a million. */
const UNCOUNTED = 20

/** Bits of surprise at a headword, simplified or traditional; null: it is none. */
export function surpriseOf({ cedict, frequencies }: Chinese, word: string): number | null {
  const counted = frequencies.surpriseOf(word)
  if (counted !== null) return counted
  if (!cedict.has(word)) return null
  return frequencies.surpriseOf(cedict.find(word)[0].simplified) ?? UNCOUNTED
}
