/** Handlers of the studio's jobs. */
import { memoryWishes, type Request, requestSchema } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { sha256 } from '../files/hashes.ts'
import type { Library } from '../library/library.ts'
import type { PictureMaker } from '../library/maker.ts'
import type { SetInput } from '../sets/definition.ts'
import { makeSet, type SetOptions, type SetReport } from '../sets/make-set.ts'
import type { JobHandlers } from './job.ts'
import { pictureJobSchema, type StudioJobs, setJobSchema } from './studio-jobs.ts'

/** Id of a set's album: a set that goes on in its folder goes on in its album. */
export const albumOfSet = (folder: string): string => sha256(folder).slice(0, 16)

export interface HandlerParts {
  maker: PictureMaker
  library: Library
  maps?: SetOptions['maps']
  /** Makes a set on the studio's farm. */
  farm?: (set: SetInput, folder: string, same: Sameness, options: Omit<SetOptions, 'maker'>) => Promise<SetReport>
}

/** Handlers for `new Queue(file, jobHandlers(…))`. */
export function jobHandlers({ maker, library, maps, farm }: HandlerParts): JobHandlers<StudioJobs> {
  return {
    /** Pictures are made one by one, so that a crash costs one at most; those in the library are not made again. */
    picture: async ({ job, signal, onProgress }) => {
      const { request: written, base, requestId, memory = {} } = parse(pictureJobSchema, job.payload, phrase('theJob'))
      const complete = requestSchema.safeParse(written)
      const request: Request = complete.success ? complete.data : await maker.complete(written, base)
      const { seed, count: images } = request
      const ids: string[] = []
      for (let image = 0; image < images; image++) {
        const key = `${job.id}:${image}`
        const known = library.index.ofJob(key)
        if (known) {
          ids.push(known)
          continue
        }
        const [made] = await maker.generate(
          { ...request, seed: seed + image, count: 1 },
          {
            base,
            signal,
            requestId,
            ...memoryWishes(memory),
            onProgress: progress => {
              if (progress.kind === 'step' && progress.step === 1) library.expect()
              const within = progress.kind === 'step' ? progress.step / progress.steps : 0
              onProgress({ ...progress, image, images }, (image + within) / images)
            },
          },
        )
        ids.push((await library.add(made, { base, job: key })).id)
        onProgress({ kind: 'saved', pictures: ids }, (image + 1) / images)
      }
      return { pictures: ids }
    },
    set: async ({ job, signal, onProgress }) => {
      const {
        set,
        base,
        folder,
        only,
        overwrite = false,
        farm: same,
      } = parse(setJobSchema, job.payload, phrase('theJob'))
      const album = { id: albumOfSet(folder), name: set.name }
      const how: Omit<SetOptions, 'maker'> = {
        base,
        only,
        overwrite,
        signal,
        ...(maps && { maps }),
        // Each is kept in the library too, where it can be rated, compared and taken up again: the set's album.
        onKept: async (picture, { key }) => {
          await library.add(picture, { base, set: album, job: `${album.id}:${key}` })
        },
        onRate: (model, rate) => library.index.noteRate(model, rate),
        onProgress: progress => onProgress(progress, (progress.done + progress.failed) / Math.max(1, progress.total)),
      }
      if (same === undefined) return makeSet(set, folder, { ...how, maker })
      if (!farm) throw fault('farmUnset')
      return farm(set, folder, same, how)
    },
  }
}
