/** Handlers of the studio's jobs. */
import { memoryWishes, type Request, requestSchema } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { sha256 } from '../files/hashes.ts'
import type { Library } from '../library/library.ts'
import type { GeneratedPicture, PictureMaker } from '../library/maker.ts'
import type { SetInput } from '../sets/definition.ts'
import type { SetOptions } from '../sets/make-pictures.ts'
import { makeSet, type SetReport } from '../sets/make-set.ts'
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
    /**
     * Pictures are made one by one, or as many as are painted together, so that a crash costs no more; those in the library are
     * not made again. While the next are painted, the last ones are scored, encoded and saved.
     */
    picture: async ({ job, signal, onProgress }) => {
      const { request: written, base, requestId, memory = {} } = parse(pictureJobSchema, job.payload, phrase('theJob'))
      const complete = requestSchema.safeParse(written)
      const request: Request = complete.success ? complete.data : await maker.complete(written, base)
      const { seed, count: images } = request
      const wishes = memoryWishes(memory)
      const batch = (await maker.batchOf?.(request, wishes)) ?? 1
      const ids: string[] = []
      let share = 0
      const report: typeof onProgress = (progress, reached = share) => {
        share = Math.max(share, reached)
        onProgress(progress, share)
      }
      const keyOf = (image: number) => `${job.id}:${image}`
      const save = async (made: readonly GeneratedPicture[], first: number) => {
        for (const [i, picture] of made.entries()) {
          ids.push((await library.add(picture, { base, job: keyOf(first + i) })).id)
          report({ kind: 'saved', pictures: [...ids] }, ids.length / images)
        }
      }
      let saved: Promise<void> = Promise.resolve()
      try {
        for (let image = 0; image < images; ) {
          const known = library.index.ofJob(keyOf(image))
          if (known) {
            await saved
            ids.push(known)
            image++
            continue
          }
          const first = image
          let count = 1
          while (count < batch && first + count < images && !library.index.ofJob(keyOf(first + count))) count++
          const made = await maker.generate(
            { ...request, seed: seed + first, count },
            {
              base,
              signal,
              requestId,
              ...wishes,
              onProgress: progress => {
                const step = progress.kind === 'step'
                if (step && progress.step === 1) library.expect()
                const within = step ? (progress.step / progress.steps) * count : 0
                report({ ...progress, image: first + (step ? progress.image : 0), images }, (first + within) / images)
              },
            },
          )
          // Only one step ahead: what cannot be saved ends the job before more is painted.
          await saved
          saved = save(made, first)
          saved.catch(() => undefined)
          image = first + count
        }
        await saved
      } finally {
        // Nothing is written any more once the job has ended.
        await saved.catch(() => undefined)
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
        onRate: (model, rate) => library.index.speeds.note(model, rate),
        onProgress: progress => onProgress(progress, (progress.done + progress.failed) / Math.max(1, progress.total)),
      }
      if (same === undefined) return makeSet(set, folder, { ...how, maker })
      if (!farm) throw fault('farmUnset')
      return farm(set, folder, same, how)
    },
  }
}
