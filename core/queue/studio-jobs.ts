/** The studio's two kinds of jobs: pictures for the library, and image sets. */
import { z } from 'zod'
import type { Progress } from '../contract/progress.ts'
import { memorySchema, requestInputSchema } from '../contract/request.ts'
import { SAMENESS } from '../contract/vocabulary.ts'
import { setSchema } from '../sets/definition.ts'
import type { SetProgress } from '../sets/make-pictures.ts'
import type { SetReport } from '../sets/make-set.ts'
import type { Job, JobOf, NewJob } from './job.ts'
import type { Queue } from './queue.ts'

/** The request is complete where it was queued by this version; an older one may have left fields out. */
export const pictureJobSchema = z.object({
  request: requestInputSchema,
  base: z.string(),
  /** Of the call that asked for it. */
  requestId: z.string().max(100).optional(),
  /** How memory is used for it, where that was said. */
  memory: memorySchema.partial().optional(),
})
export const setJobSchema = z.object({
  set: setSchema,
  base: z.string(),
  folder: z.string(),
  /** The user has said that whatever lies in the folder may go. */
  overwrite: z.boolean().optional(),
  only: z.enum(['all', 'failed']).default('all'),
  /** Painted by the machines of the studio's farm. */
  farm: z.enum(SAMENESS).optional(),
})

/** The pipeline's progress, with the picture's number of the job; or the library ids of the pictures made so far. */
export type PictureProgress =
  | (Progress & { image: number; images: number })
  | { kind: 'saved'; pictures: readonly string[] }

export interface StudioJobs {
  picture: {
    payload: z.input<typeof pictureJobSchema>
    progress: PictureProgress
    result: { pictures: readonly string[] }
  }
  set: { payload: z.input<typeof setJobSchema>; progress: SetProgress; result: SetReport }
}
/** What lists show of a set: everything but its words, which may be 20,000. */
export function briefOf({ kind, payload }: NewJob<StudioJobs>): object | null {
  return kind === 'set' ? { ...payload, set: { ...payload.set, words: [] } } : null
}

export type StudioJob = Job<StudioJobs>
export type PictureJob = JobOf<StudioJobs, 'picture'>
export type SetJob = JobOf<StudioJobs, 'set'>
export type StudioQueue = Queue<StudioJobs>
