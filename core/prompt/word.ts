/** How a prompt speaks of a word whose meaning nobody knows. */

/** Marks that turn the writing direction: right in a text field, noise in a prompt. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** NFC, line breaks and runs of spaces as one space, no direction marks, no control characters. */
export const inOneLine = (text: string): string =>
  text
    .normalize('NFC')
    .replace(DIRECTION_MARKS, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()

/**
 * Latin words stand for themselves, since the text encoder reads many languages' words; others are named and quoted:
 * 'the word "Привет"', 'the words "…"', 'the letter "Ж"', 'the Chinese character "的"', 'the emoji 🐉'.
 */
export function descriptionOf(word: string): string {
  const visible = word.replace(/[\s\p{P}\p{M}]/gu, '')
  if (/\p{Extended_Pictographic}/u.test(visible) && !/[\p{L}]/u.test(visible)) return `the emoji ${word}`
  if (/^[\p{Script=Latin}\p{N}]*$/u.test(visible) && /\p{Script=Latin}{2}/u.test(visible)) return word
  const quoted = `"${word.replace(/"/g, '')}"`
  if (Array.from(graphemes.segment(word)).length === 1) return `the ${kindOf(word)} ${quoted}`
  return `the ${/\s/.test(word) ? 'words' : 'word'} ${quoted}`
}

/** Of somebody whom the dictionary does not know: the name, not what its syllables happen to mean. */
export const nameOf = (word: string): string => `the name "${word.replace(/"/g, '')}"`

function kindOf(character: string): string {
  if (/\p{Script=Han}/u.test(character)) return 'Chinese character'
  return /\p{L}/u.test(character) ? 'letter' : 'character'
}
