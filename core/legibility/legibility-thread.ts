/** The worker thread of legibility-worker.ts. */
import { answer } from '../channel/answer.ts'
import { drawComposition } from '../composition/draw.ts'
import { blocksMask, wordBlocks } from '../composition/word-mask.ts'
import { fault, reportOf } from '../faults/fault.ts'
import { drawWord, maskOf } from '../glyph/draw.ts'
import type { Composed } from '../glyph/types.ts'
import type { Rgb } from '../raster/raster.ts'
import { type LegibilityScore, legibility } from './legibility.ts'
import type { LegibilityCalls } from './legibility-worker.ts'

/** Each word block by itself: the composition reads as well as its worst word. */
function ofWords(picture: Rgb, composed: Composed): LegibilityScore {
  const { width, height } = picture
  const scored = wordBlocks(composed).map(at => ({
    name: composed.blocks[at].name,
    ...legibility(picture, blocksMask(composed, { width, height }, [at])),
  }))
  if (scored.length === 0) throw fault('maskBlank')
  const { score, parts } = scored.reduce((worst, next) => (next.score < worst.score ? next : worst))
  return scored.length === 1
    ? { score, parts }
    : { score, parts, words: scored.map(({ name, score }) => ({ name, score })) }
}

answer<LegibilityCalls>(
  {
    score: async ({ picture, glyph }) => {
      if ('data' in glyph) return legibility(picture, glyph)
      if ('owners' in glyph) return ofWords(picture, glyph)
      const { width, height } = picture
      const { composition, word, layout } = glyph
      if (!composition) return legibility(picture, maskOf(await drawWord(word, layout, width, height)))
      return ofWords(picture, (await drawComposition(composition, glyph, width, height)).composed!)
    },
  },
  { report: error => reportOf(error, 'scoreFailed') },
)
