/** The thread behind legibility-worker.ts. */
import { parentPort } from 'node:worker_threads'
import { reportOf } from '../faults/fault.ts'
import { drawWord, maskOf } from '../glyph/draw.ts'
import { legibility } from './legibility.ts'
import type { Answer, Question } from './legibility-worker.ts'

parentPort?.on('message', async (question: Question) => parentPort?.postMessage(await answer(question)))

async function answer({ id, picture, glyph }: Question): Promise<Answer> {
  try {
    const { width, height } = picture
    const mask = 'word' in glyph ? maskOf(await drawWord(glyph.word, glyph.layout, width, height)) : glyph
    return { id, result: legibility(picture, mask) }
  } catch (error) {
    return { id, error: reportOf(error, 'scoreFailed') }
  }
}
