/**
 * Judges pictures in a child process: the host never computes, and ONNX Runtime, which the reader runs in, aborts a whole
 * process when a thread is ended within a run. The child is started by the first picture and ended when it has been idle.
 */
import { Channel } from '../channel/channel.ts'
import { startChild } from '../channel/endpoint.ts'
import type { Composition } from '../contract/composition.ts'
import type { Layout } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import type { Composed } from '../glyph/types.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { Judgement, Subject } from './judge.ts'
import type { PictureSubject } from './judge-composition.ts'

export type { Judgement, Subject }

export interface LegibilityCalls {
  judge: { request: { picture: Rgb; subject: PictureSubject }; event: never; reply: Judgement }
}

/** A picture takes less than a second; the child is ended when one takes so long. */
const DEADLINE_MS = 120_000
/** The child ends after so long without a picture: the reader takes 150 MB. */
const IDLE_MS = 60_000

let child: Channel<LegibilityCalls> | null = null
let idle: NodeJS.Timeout | undefined
let waiting = 0

/**
 * judge() in the child that all callers share.
 * @throws StudioError as judge() does; 'internal' where the child died (the next call starts another)
 */
export async function judgeInWorker(picture: Rgb, subject: PictureSubject): Promise<Judgement> {
  clearTimeout(idle)
  waiting++
  try {
    return await openChild().call('judge', { picture, subject }, { deadlineMs: DEADLINE_MS }).reply
  } finally {
    waiting--
    if (waiting === 0) idle = setTimeout(endReading, IDLE_MS).unref()
  }
}

/** Starts the child while a picture is being painted, so that its score does not wait for it. */
export function startScoring(): void {
  openChild()
}

function openChild(): Channel<LegibilityCalls> {
  if (child && !child.ended) return child
  return (child = new Channel(startChild(new URL('./reading-process.ts', import.meta.url), []), {
    died: ({ how }) => fault('scoreThreadEnded', { how }),
  }))
}

/** The child's process id, undefined where none runs. */
export const readingProcessId = (): number | undefined => child?.pid

/** Ends the child; what it was doing fails as cancelled. */
function endReading(): void {
  void child?.kill(fault('cancelled'))
  child = null
}

/**
 * What is to be said of a picture of the studio: with the mask where maps were drawn, else with the request's word as it
 * would be drawn; null without either. A picture is never lost because it could not be judged: then it is null too.
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
}): Promise<Judgement | null> {
  if (composition)
    return judgeInWorker(image, { word, layout, mask: null, composition, composed: drawn?.composed ?? null }).catch(
      () => null,
    )
  if (word === null && !mask) return null
  return judgeInWorker(image, { word, layout, mask }).catch(() => null)
}
