/** What a designer should know of a composition before a reader does. */
import { FINEST_STROKE } from '../contract/vocabulary.ts'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Composed } from '../glyph/types.ts'

/** Less than this share of a word may lie beneath a motif: an eye reads on. */
const MOST_HIDDEN = 0.01

/** Words that are crossed by other blocks, or whose strokes are too fine to be painted. */
export function noticesOf({ blocks }: Pick<Composed, 'blocks'>, { width, height }: { width: number; height: number }) {
  const nameOf = (index: number) => blocks.find(block => block.index === index)?.name || `${index + 1}`
  return blocks.flatMap(({ kind, name, hidden, hiddenBy, ink, strokeWidth }): Phrase[] => {
    if (kind !== 'word') return []
    const found: Phrase[] = []
    if (hidden > MOST_HIDDEN) {
      const percent = Math.max(1, Math.round(hidden * 100))
      found.push(phrase('wordIsCrossed', { word: name, by: hiddenBy.map(nameOf).join(', '), percent }))
    }
    if (ink > 0 && strokeWidth < FINEST_STROKE && Math.min(width, height) >= 256)
      found.push(phrase('strokesFine', { word: name, pixels: Math.round(strokeWidth * 10) / 10, least: FINEST_STROKE }))
    return found
  })
}
