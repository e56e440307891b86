/** Jobs and pictures as the renderer sees them. */

import type { RequestInput } from '../contract/request.ts'
import type { PictureDetails } from '../library/picture-index.ts'
import type { Job as QueuedJob } from '../queue/queue-store.ts'
import type { SetReport } from '../sets/make-set.ts'
import type { Job, Picture } from './api.ts'

/** What handlers tell of a job, as far as it is looked at here. */
interface Told {
  kind?: string
  image?: number
  images?: number
  step?: number
  steps?: number
  pictures?: string[]
  done?: number
  failed?: number
  total?: number
  timeLeft?: number | null
}

/** How far a job is by what its handler last told; null where that says nothing of it. */
export function progressOf(kind: string, told: unknown): { done: number; total: number } | null {
  const { image = 0, images = 1, step, steps, done, failed = 0, total } = (told ?? {}) as Told
  if (kind === 'set') return done === undefined || total === undefined ? null : { done: done + failed, total }
  return step === undefined || steps === undefined ? null : { done: image * steps + step, total: images * steps }
}

/** Milliseconds, as a set says it itself. */
export const timeLeftOf = (told: unknown): number | null => ((told ?? {}) as Told).timeLeft ?? null

/**
 * Ids that the job has put into the library: by its result, or by what the library knows of a job that goes on.
 * @param ofJob the picture of a key "<job>:<number>"
 */
export function picturesOf({ id, kind, result, payload }: QueuedJob, ofJob: (key: string) => string | null): string[] {
  if (kind !== 'picture') return []
  const { pictures } = (result ?? {}) as Told
  if (Array.isArray(pictures)) return pictures
  const { count = 1 } = (payload as { request: RequestInput }).request
  return Array.from({ length: count }, (_, i) => ofJob(`${id}:${i}`)).filter(found => found !== null)
}

/** @param live how far it is by this host's own knowledge, where it runs here */
export function viewOfJob(job: QueuedJob, live: Job['progress'] | null, pictures: readonly string[]): Job {
  const kept = live ?? { ...(progressOf(job.kind, job.progress) ?? expected(job)), secondsLeft: null }
  const { total = kept.total } = (job.result ?? {}) as Told
  const progress = job.state === 'done' ? { done: total, total, secondsLeft: 0 } : kept
  const { id, state, title, error } = job
  const set = job.kind === 'set' ? setOf(job) : null
  const kind = job.kind === 'set' ? 'set' : 'picture'
  return { id, kind, state, title, progress, error, pictures: [...pictures], set, createdAt: job.created }
}

/** By its result, or by what it last told. */
function setOf({ payload, progress, result }: QueuedJob): NonNullable<Job['set']> {
  const { folder } = payload as { folder: string }
  const { done = 0, failed = 0 } = (progress ?? {}) as Told
  const report = result as Pick<SetReport, 'made' | 'reused' | 'failures'> | null
  return report
    ? { folder, done: report.made + report.reused, failed: report.failures.length }
    : { folder, done, failed }
}

function expected({ kind, payload }: QueuedJob): { done: number; total: number } {
  if (kind === 'set') return { done: 0, total: 0 }
  const { steps = 0, count = 1 } = (payload as { request: RequestInput }).request
  return { done: 0, total: steps * count }
}

export function viewOfPicture(details: PictureDetails): Picture {
  const { id, width, height, word, style, seed, draft, rating, tags, notes, legibility, request, record } = details
  return {
    ...{ id, width, height, word, style, seed, draft, rating, tags, notes, legibility, request },
    url: `/pictures/${id}.png`,
    thumbnailUrl: `/thumbnails/${id}.webp`,
    createdAt: details.created,
    trashed: details.trashed !== null,
    prompt: record?.prompt ?? request.prompt ?? '',
    negativePrompt: record ? record.negativePrompt : request.negativePrompt,
  }
}
