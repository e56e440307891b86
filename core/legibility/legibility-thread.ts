/** The worker thread of legibility-worker.ts. */
import { answer } from '../channel/answer.ts'
import { reportOf } from '../faults/fault.ts'
import { drawWord, maskOf } from '../glyph/draw.ts'
import { legibility } from './legibility.ts'
import type { LegibilityCalls } from './legibility-worker.ts'

answer<LegibilityCalls>(
  {
    score: async ({ picture, glyph }) => {
      const { width, height } = picture
      const mask = 'word' in glyph ? maskOf(await drawWord(glyph.word, glyph.layout, width, height)) : glyph
      return legibility(picture, mask)
    },
  },
  { report: error => reportOf(error, 'scoreFailed') },
)
