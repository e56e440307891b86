/** The two kinds of jobs: pictures for the library, and image sets. */
import { z } from 'zod'
import { parse, requestInputSchema } from '../contract/request.ts'
import { phrase } from '../faults/fault.ts'
import type { Library } from '../library/library.ts'
import type { PictureMaker } from '../library/maker.ts'
import { setSchema } from '../sets/definition.ts'
import { makeSet, type SetOptions } from '../sets/make-set.ts'
import type { JobHandler } from './queue.ts'

export const pictureJobSchema = z.object({ request: requestInputSchema, base: z.string() })
export const setJobSchema = z.object({
  set: setSchema,
  base: z.string(),
  folder: z.string(),
  only: z.enum(['all', 'failed']).default('all'),
})

export interface HandlerParts {
  maker: PictureMaker
  library: Library
  maps?: SetOptions['maps']
}

/** Handlers for `new Queue(file, jobHandlers(…))`: kinds "picture" and "set". */
export function jobHandlers({ maker, library, maps }: HandlerParts): Record<'picture' | 'set', JobHandler> {
  return {
    /** Pictures of a count are made one by one, so that a crash costs one at most; what the library has is not made again. */
    picture: async ({ job, signal, onProgress }) => {
      const { request, base } = parse(pictureJobSchema, job.payload, phrase('theJob'))
      const { request: complete } = await maker.complete(request, base)
      const ids: string[] = []
      for (let i = 0; i < complete.count; i++) {
        const key = `${job.id}:${i}`
        const known = library.index.ofJob(key)
        if (known) {
          ids.push(known)
          continue
        }
        const [made] = await maker.generate(
          { ...request, seed: complete.seed + i, count: 1 },
          {
            ...{ base, signal },
            onProgress: progress => {
              const within = progress.kind === 'step' ? progress.step / progress.steps : 0
              onProgress({ ...progress, image: i, images: complete.count }, (i + within) / complete.count)
            },
          },
        )
        ids.push((await library.add(made, { base, job: key })).id)
        onProgress({ kind: 'saved', pictures: ids }, (i + 1) / complete.count)
      }
      return { pictures: ids }
    },
    set: async ({ job, signal, onProgress }) => {
      const { set, base, folder, only } = parse(setJobSchema, job.payload, phrase('theJob'))
      return makeSet(set, folder, {
        ...{ maker, base, only, signal },
        ...(maps ? { maps } : {}),
        onRate: (model, rate) => library.index.noteRate(model, rate),
        onProgress: progress => onProgress(progress, (progress.done + progress.failed) / Math.max(1, progress.total)),
      })
    },
  }
}
