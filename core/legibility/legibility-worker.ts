/** Scores pictures in a worker thread: the host never computes. */
import { Channel } from '../channel/channel.ts'
import { startThread } from '../channel/endpoint.ts'
import type { Composition } from '../contract/composition.ts'
import type { Layout } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import type { Composed } from '../glyph/types.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { LegibilityScore } from './legibility.ts'

export type { LegibilityScore }

/** A word to be drawn for the comparison. */
export interface WrittenWord {
  word: string
  layout: Layout
  composition?: Composition | null | undefined
}

/** What the score compares the picture with: the ink of a word, a composition that was drawn, or what is to be drawn. */
export type Written = Gray | Composed | WrittenWord

export interface LegibilityCalls {
  score: { request: { picture: Rgb; glyph: Written }; event: never; reply: LegibilityScore }
}

/** Scoring takes a fraction of a second; the thread is ended after this long. */
const DEADLINE_MS = 120_000

/** The thread that all callers share. */
let thread: Channel<LegibilityCalls> | null = null

/** Starts the thread while a picture is being painted, so that its score does not wait for it. */
export function startScoring(): void {
  openThread()
}

function openThread(): Channel<LegibilityCalls> {
  if (thread && !thread.ended) return thread
  return (thread = new Channel(startThread(new URL('./legibility-thread.ts', import.meta.url)), {
    died: ({ how }) => fault('scoreThreadEnded', { how }),
  }))
}

/**
 * legibility() in the shared thread.
 * @param glyph the mask, or the word to draw it from
 * @throws StudioError as legibility() and drawWord() do
 */
export function scoreInWorker(picture: Rgb, glyph: Written): Promise<LegibilityScore> {
  return openThread().call('score', { picture, glyph }, { deadlineMs: DEADLINE_MS }).reply
}

/**
 * Score of a picture: against the mask where maps were drawn, else against the request's word as it would be drawn;
 * null without a word.
 */
export async function scoreOfPicture({
  image,
  mask,
  word: drawn,
  request: { word, layout, composition },
}: {
  image: Rgb
  mask: Gray | null
  word?: { composed: Composed | null } | null
  request: { word: string | null; layout: Layout; composition?: Composition | null | undefined }
}): Promise<LegibilityScore | null> {
  if (drawn?.composed) return mask ? scoreInWorker(image, drawn.composed) : null
  if (mask) return scoreInWorker(image, mask)
  // A word that no font can draw has no score.
  return word ? scoreInWorker(image, { word, layout, composition }).catch(() => null) : null
}
