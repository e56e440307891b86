/** Readings with tone marks. Rules: Hanyu Pinyin (GB/T 16159). */

const MARKS = ['', '\u0304', '\u0301', '\u030c', '\u0300', '']

/** "lu:4 se4" → "lǜ sè": numbered syllables as CC-CEDICT writes them; tone 5 has no mark; other text stays as it is. */
export function toneMarks(numbered: string): string {
  return numbered.split(' ').map(syllable).join(' ')
}

function syllable(text: string): string {
  const [, letters, tone] = /^(\p{L}[\p{L}:]*)([1-5])$/u.exec(text) ?? []
  if (!letters) return text
  const bare = letters.replace(/[uv]:?/gi, u => (/[v:]/i.test(u) ? (/^[UV]/.test(u) ? 'Ü' : 'ü') : u))
  const at = markedLetter(bare)
  return (bare.slice(0, at + 1) + MARKS[Number(tone)] + bare.slice(at + 1)).normalize('NFC')
}

/** The letter that carries the mark: a or e, the o of ou, otherwise the last vowel; without a vowel ("ng") the first. */
function markedLetter(letters: string): number {
  const open = letters.search(/[ae]|ou/i)
  if (open !== -1) return open
  return Math.max(0, ...Array.from(letters.matchAll(/[iouü]/gi), ({ index }) => index))
}

/**
 * The commonest reading of each character, the word's context considered, one a character; null for what is no Han
 * character. pinyin-pro takes a quarter of a second to load, so it is asked only where CC-CEDICT leaves a choice.
 */
export async function commonReading(word: string): Promise<(string | null)[]> {
  const { pinyin } = await import('pinyin-pro')
  const readings = pinyin(word, { type: 'all', toneSandhi: false })
  return readings.map(({ isZh, pinyin: reading }) => (isZh && reading ? reading : null))
}
