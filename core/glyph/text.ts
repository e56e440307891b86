import { LIMITS } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Grapheme clusters of a text: what a reader counts as characters. */
export const clustersOf = (text: string): string[] => Array.from(graphemes.segment(text), ({ segment }) => segment)

/** Characters that are invisible by design: joiners, variation selectors, direction marks. */
const IGNORABLE = /^\p{Default_Ignorable_Code_Point}$/u

export const isIgnorable = (char: string): boolean => IGNORABLE.test(char)

const IDEOGRAPHIC =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef\u30fc]/u

/** Set in a square: Han, kana, bopomofo and their punctuation. */
export const isIdeographic = (cluster: string): boolean => IDEOGRAPHIC.test(cluster)

export const isSpace = (cluster: string): boolean => /^\s+$/u.test(cluster)

/**
 * The word as it is drawn: line ends as "\n", no space around it, and nothing else changed. It is not normalised: that
 * would draw another form of some ideographs than was typed.
 * @throws StudioError bad-word: nothing to draw, more than 64 characters, control characters, half a surrogate pair
 */
export function checkWord(word: string): string {
  if (!word.isWellFormed()) throw fault('wordHoldsHalfCharacter')
  const clean = word.replace(/\r\n?/g, '\n').trim()
  if ([...clean].every(c => c === '\n' || isSpace(c) || IGNORABLE.test(c))) throw fault('wordIsEmpty')
  const control = /[\p{Cc}\u2028\u2029]/u.exec(clean.replaceAll('\n', ''))
  if (control) {
    const code = control[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
    throw fault('wordHoldsControlCharacter', { code })
  }
  const count = clustersOf(clean).filter(cluster => cluster !== '\n').length
  if (count > LIMITS.word) throw fault('wordTooLong', { count, most: LIMITS.word })
  return clean
}
