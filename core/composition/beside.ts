/** One large motif beside a lone word, as an emblem has it: what is meant can be seen from afar. */
import type { Block, Transform } from '../contract/composition.ts'
import { inkBoxOf } from '../glyph/ink-box.ts'
import type { Gray } from '../raster/raster.ts'

/** Width and height of the canvas in shares of its shorter side; so are all lengths here. */
export interface CanvasSize {
  width: number
  height: number
}

export interface Emblem {
  /** Where the word moves. */
  word: Transform
  /** Middle and longer side of the motif. */
  motif: { x: number; y: number; size: number }
}

const EDGE = 0.05
const GAP = 0.035
/** Of the length that both share, what the word may take. */
const WORD_SHARE = 0.53
/** Beyond this a motif would outshine its word. */
const LARGEST = 0.6

/** The only word among the blocks, where nothing else stands. */
export const loneWord = (blocks: readonly Block[]): Extract<Block, { kind: 'word' }> | null =>
  blocks.length === 1 && blocks[0].kind === 'word' ? blocks[0] : null

/**
 * Above each other or side by side, whichever leaves both larger.
 * @param word how it stands now
 * @param ink of it, as a mask on any canvas of that shape
 */
export function emblem(word: Transform, ink: Gray, canvas: CanvasSize): Emblem | null {
  const pixels = inkBoxOf(ink)
  if (!pixels) return null
  const unit = Math.min(ink.width, ink.height)
  const box = {
    ...{ x: pixels.x / unit, y: pixels.y / unit },
    ...{ width: pixels.width / unit, height: pixels.height / unit },
  }
  const stacked = shares([canvas.height, canvas.width], [box.height, box.width])
  const inRow = shares([canvas.width, canvas.height], [box.width, box.height])
  const isStacked = stacked.factor * stacked.motif >= inRow.factor * inRow.motif
  const { factor, motif, begin } = isStacked ? stacked : inRow
  const along = (isStacked ? box.height : box.width) * factor
  const [wordAt, motifAt] = [begin + along / 2, begin + along + GAP + motif / 2]
  const [x, y] = isStacked ? [canvas.width / 2, wordAt] : [wordAt, canvas.height / 2]
  // Scaled about its own middle, which need not be that of its ink.
  const middle = [word.x * canvas.width, word.y * canvas.height]
  const off = [box.x + box.width / 2 - middle[0], box.y + box.height / 2 - middle[1]]
  return {
    word: {
      ...word,
      x: (x - off[0] * factor) / canvas.width,
      y: (y - off[1] * factor) / canvas.height,
      scale: [word.scale[0] * factor, word.scale[1] * factor],
    },
    motif: isStacked
      ? { x: canvas.width / 2, y: motifAt, size: motif }
      : { x: motifAt, y: canvas.height / 2, size: motif },
  }
}

/** @param canvas length that word and motif share, and length across it; @param word the same of its ink */
function shares([length, breadth]: [number, number], [along, across]: [number, number]) {
  const free = length - 2 * EDGE - GAP
  const factor = Math.min((breadth - 2 * EDGE) / across, (WORD_SHARE * free) / along)
  const motif = Math.min(breadth - 2 * EDGE, free - factor * along, LARGEST)
  return { factor, motif, begin: (length - factor * along - GAP - motif) / 2 }
}
