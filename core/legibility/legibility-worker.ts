/** Scores pictures in a worker thread: the host never computes. */
import { Worker } from 'node:worker_threads'
import { type ErrorReport, type Layout, StudioError } from '../contract/request.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { LegibilityScore } from './legibility.ts'

export type { LegibilityScore }

/** A word that is drawn only to be compared. */
export interface WrittenWord {
  word: string
  layout: Layout
}

export interface Question {
  id: number
  picture: Rgb
  glyph: Gray | WrittenWord
}
export type Answer = { id: number; result: LegibilityScore } | { id: number; error: ErrorReport }
interface Waiting {
  resolve: (score: LegibilityScore) => void
  reject: (error: Error) => void
}

let worker: Worker | null = null
let nextId = 1
const waiting = new Map<number, Waiting>()

/**
 * legibility() in the thread that all callers share.
 * @param glyph the mask, or the word to draw it from
 * @throws StudioError as legibility() and drawWord() do
 */
export function scoreInWorker(picture: Rgb, glyph: Gray | WrittenWord): Promise<LegibilityScore> {
  const thread = (worker ??= start())
  const id = nextId++
  thread.ref()
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    thread.postMessage({ id, picture, glyph } satisfies Question)
  })
}

function start(): Worker {
  const thread = new Worker(new URL('./legibility-thread.ts', import.meta.url))
  thread.on('message', (answer: Answer) => {
    const caller = waiting.get(answer.id)
    waiting.delete(answer.id)
    // Idle, it must not keep the program from ending.
    if (waiting.size === 0) thread.unref()
    if ('result' in answer) caller?.resolve(answer.result)
    else caller?.reject(StudioError.from(answer.error))
  })
  thread.on('error', error => {
    worker = null
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  })
  return thread
}

/** Score of a picture with its request: of the mask where maps were drawn, else of the word as it would be; null without a word. */
export async function scoreOfPicture({
  image,
  mask,
  request: { word, layout },
}: {
  image: Rgb
  mask: Gray | null
  request: { word: string | null; layout: Layout }
}): Promise<LegibilityScore | null> {
  if (mask) return scoreInWorker(image, mask)
  // A word that no font draws was never to be read in the picture.
  return word ? scoreInWorker(image, { word, layout }).catch(() => null) : null
}
