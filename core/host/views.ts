/** Jobs and pictures as the renderer sees them. */

import type { PictureDetails } from '../library/picture-index.ts'
import type { PictureJob, SetJob, StudioJob } from '../queue/studio-jobs.ts'
import type { SetProgress } from '../sets/make-set.ts'
import type { Job, Picture } from './api.ts'

type Done = Pick<Job['progress'], 'done' | 'total'>

/** How many steps are done by what a job of pictures reported last; null where that says nothing of it. */
export function stepsDone(progress: PictureJob['progress']): Done | null {
  if (progress?.kind !== 'step') return null
  const { image, images, step, steps } = progress
  return { done: image * steps + step, total: images * steps }
}

/** How many pictures of a set are done or given up by what it reported last. */
export const picturesDone = ({ done, failed, total }: Pick<SetProgress, 'done' | 'failed' | 'total'>): Done => ({
  done: done + failed,
  total,
})

/**
 * Ids that the job has put into the library: by its result, or by what the library knows of a job that goes on.
 * @param ofJob the picture of a key "<job>:<number>"
 */
export function picturesOf(job: StudioJob, ofJob: (key: string) => string | null): string[] {
  if (job.kind !== 'picture') return []
  if (job.result) return [...job.result.pictures]
  const { count = 1 } = job.payload.request
  return Array.from({ length: count }, (_, i) => ofJob(`${job.id}:${i}`)).filter(found => found !== null)
}

/** @param live how far it is by this host's own knowledge, where it runs here */
export function viewOfJob(job: StudioJob, live: Job['progress'] | null, pictures: readonly string[]): Job {
  const kept = live ?? { ...(job.kind === 'set' ? setDone(job) : pictureDone(job)), secondsLeft: null }
  const total = job.kind === 'set' && job.result ? job.result.total : kept.total
  const progress = job.state === 'done' ? { done: total, total, secondsLeft: 0 } : kept
  const { id, kind, state, title, error } = job
  const set = job.kind === 'set' ? setOf(job) : null
  return { id, kind, state, title, progress, error, pictures: [...pictures], set, createdAt: job.created }
}

/** By its result, or by what it reported last. */
function setOf({ payload: { folder }, progress, result }: SetJob): NonNullable<Job['set']> {
  return result
    ? { folder, done: result.made + result.reused, failed: result.failures.length }
    : { folder, done: progress?.done ?? 0, failed: progress?.failed ?? 0 }
}

const setDone = ({ progress }: SetJob): Done => (progress ? picturesDone(progress) : { done: 0, total: 0 })

function pictureDone({ progress, payload }: PictureJob): Done {
  const { steps = 0, count = 1 } = payload.request
  return stepsDone(progress) ?? { done: 0, total: steps * count }
}

export function viewOfPicture(details: PictureDetails): Picture {
  const { id, width, height, word, style, seed, draft, rating, tags, notes, legibility, request, record } = details
  return {
    id,
    width,
    height,
    word,
    style,
    seed,
    draft,
    rating,
    tags,
    notes,
    legibility,
    request,
    url: `/pictures/${id}.png`,
    thumbnailUrl: `/thumbnails/${id}.webp`,
    createdAt: details.created,
    trashed: details.trashed !== null,
    prompt: record?.prompt ?? request.prompt ?? '',
    negativePrompt: record ? record.negativePrompt : request.negativePrompt,
  }
}
