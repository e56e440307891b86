/** Jobs and pictures in the renderer's types. */

import { DEFAULT_STYLE } from '../contract/vocabulary.ts'
import type { PictureDetails } from '../library/picture-index.ts'
import type { PictureJob, SetJob, StudioJob } from '../queue/studio-jobs.ts'
import type { SetProgress } from '../sets/make-pictures.ts'
import type { Picture } from './api/library.ts'
import type { Job } from './api/queue.ts'

type Done = Pick<Job['progress'], 'done' | 'total'>

/** Steps done, by a picture job's latest progress; null where that has no step. */
export function stepsDone(progress: PictureJob['progress']): Done | null {
  if (progress?.kind !== 'step') return null
  const { image, images, step, steps } = progress
  return { done: image * steps + step, total: images * steps }
}

/** Pictures of a set that are done or failed, by its latest progress. */
export const picturesDone = ({ done, failed, total }: Pick<SetProgress, 'done' | 'failed' | 'total'>): Done => ({
  done: done + failed,
  total,
})

/**
 * Library ids of a job's pictures: from its result, or from the library while the job is not finished.
 * @param ofJob the picture of a key "<job>:<number>"
 */
export function picturesOf(job: StudioJob, ofJob: (key: string) => string | null): string[] {
  if (job.kind !== 'picture') return []
  if (job.result) return [...job.result.pictures]
  const { count = 1 } = job.payload.request
  return Array.from({ length: count }, (_, i) => ofJob(`${job.id}:${i}`)).filter(found => found !== null)
}

/**
 * @param live progress as this host knows it, where the job runs here
 * @param newest library id of the newest picture, also of a set's
 */
export function viewOfJob(
  job: StudioJob,
  live: Job['progress'] | null,
  pictures: readonly string[],
  newest: string | null = pictures.at(-1) ?? null,
): Job {
  const kept = live ?? { ...(job.kind === 'set' ? setDone(job) : pictureDone(job)), secondsLeft: null }
  const total = job.kind === 'set' && job.result ? job.result.total : kept.total
  const progress = job.state === 'done' ? { done: total, total, secondsLeft: 0 } : kept
  const { id, kind, state, title, error } = job
  const set = job.kind === 'set' ? setOf(job) : null
  const count = job.kind === 'set' ? total : (job.payload.request.count ?? 1)
  return {
    ...{ id, kind, state, title, progress, error, set, count },
    pictures: [...pictures],
    styles: stylesOf(job),
    thumbnailUrl: newest === null ? null : `/thumbnails/${newest}.webp`,
    createdAt: job.created,
  }
}

function stylesOf(job: StudioJob): string[] {
  const [styles, style] =
    job.kind === 'set'
      ? [job.payload.set.styles ?? [], job.payload.set.request?.style]
      : [[], job.payload.request.style]
  return styles.length > 0 ? [...styles] : [style ?? DEFAULT_STYLE]
}

/** From the result, or the latest progress. */
function setOf({ payload: { folder, farm }, progress, result }: SetJob): NonNullable<Job['set']> {
  const about = { folder, onFarm: farm !== undefined }
  return result
    ? { ...about, done: result.made + result.reused, failed: result.failures.length }
    : { ...about, done: progress?.done ?? 0, failed: progress?.failed ?? 0 }
}

const setDone = ({ progress }: SetJob): Done => (progress ? picturesDone(progress) : { done: 0, total: 0 })

function pictureDone({ progress, payload }: PictureJob): Done {
  const { steps = 0, count = 1 } = payload.request
  return stepsDone(progress) ?? { done: 0, total: steps * count }
}

export function viewOfPicture(details: PictureDetails): Picture {
  const { id, width, height, word, style, seed, draft, rating, tags, notes, legibility, request, record, albums, set } =
    details
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
    albums,
    set,
    judgement: record?.judgement ?? null,
    request,
    url: `/pictures/${id}.png`,
    thumbnailUrl: `/thumbnails/${id}.webp`,
    createdAt: details.created,
    trashed: details.trashed !== null,
    prompt: record?.prompt ?? request.prompt ?? '',
    negativePrompt: record ? record.negativePrompt : request.negativePrompt,
  }
}
