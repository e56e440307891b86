/** Order of mixed directions: Unicode Standard Annex #9. */
import bidiFactory from 'bidi-js'

const bidi = bidiFactory()

/** Right to left beyond the first plane: Unicode's defaults for unassigned code points there, DerivedBidiClass.txt. */
const FAR_RIGHT_TO_LEFT =
  /[\u{10800}-\u{10cff}\u{10d40}-\u{10ebf}\u{10f00}-\u{10f2f}\u{10f70}-\u{10fff}\u{1e800}-\u{1ec6f}\u{1ecc0}-\u{1ecff}\u{1ed50}-\u{1edff}\u{1ef00}-\u{1efff}]/u
const FAR_ARABIC =
  /[\u{10d00}-\u{10d3f}\u{10ec0}-\u{10eff}\u{10f30}-\u{10f6f}\u{1ec70}-\u{1ecbf}\u{1ed00}-\u{1ed4f}\u{1ee00}-\u{1eeff}]/u

/** A character of the first plane that runs as one beyond it does: the library knows the first plane only. */
function standIn(char: string): string {
  if (/\p{Mn}/u.test(char)) return '\u0300'
  if (/\p{Nd}/u.test(char) && FAR_ARABIC.test(char)) return '\u0661'
  if (FAR_ARABIC.test(char)) return '\u0627'
  if (FAR_RIGHT_TO_LEFT.test(char)) return '\u05d0'
  if (/[\u{1d7ce}-\u{1d7ff}\u{1fbf0}-\u{1fbf9}]/u.test(char)) return '0'
  if (/\p{Default_Ignorable_Code_Point}/u.test(char)) return '\u200b'
  return /\p{S}/u.test(char) ? '\u2605' : 'a'
}

/**
 * Embedding level of every UTF-16 unit of a paragraph: odd runs right to left. The paragraph's own direction is that of
 * its first strong letter.
 */
export function embeddingLevels(paragraph: string): { levels: Uint8Array; base: number } {
  const near = paragraph.replace(/[\u{10000}-\u{10ffff}]/gu, char => standIn(char).repeat(2))
  const { levels, paragraphs } = bidi.getEmbeddingLevels(near)
  return { levels, base: paragraphs[0]?.level ?? 0 }
}

/** Items in logical order → in visual order, left to right (rule L2). */
export function visualOrder<T extends { level: number }>(items: readonly T[]): T[] {
  const ordered = [...items]
  const levels = ordered.map(({ level }) => level)
  const odd = levels.filter(level => level % 2)
  for (let level = Math.max(...levels); level >= Math.min(...odd); level--)
    for (let start = 0; start < ordered.length; start++) {
      if (ordered[start].level < level) continue
      let end = start
      while (end + 1 < ordered.length && ordered[end + 1].level >= level) end++
      ordered.splice(start, end - start + 1, ...ordered.slice(start, end + 1).reverse())
      start = end
    }
  return ordered
}
