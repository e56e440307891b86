/** Follows the queue: turns its events into the renderer's, with estimates of the remaining time. */

import type { Progress } from '../contract/progress.ts'
import { requestSchema } from '../contract/request.ts'
import { reportOf } from '../faults/fault.ts'
import { expectedTime } from '../library/expected-time.ts'
import type { Library } from '../library/library.ts'
import { albumOfSet } from '../queue/handlers.ts'
import type { QueueEvent } from '../queue/job.ts'
import type { PictureProgress, StudioJob, StudioJobs, StudioQueue } from '../queue/studio-jobs.ts'
import type { Job } from './api/queue.ts'
import type { StudioEvent } from './api/studio.ts'
import type { Blobs } from './blobs.ts'
import { viewOfMade } from './set-watch.ts'
import { picturesDone, picturesOf, stepsDone, viewOfJob, viewOfPicture } from './views.ts'

/** A preview has one pixel for each latent; enlarged smoothly by this factor no grid is visible. */
const PREVIEW_SCALE = 4

/** Jobs that are forgotten in one transaction. */
const CLEARED_AT_ONCE = 1000

interface Running {
  id: string
  progress: { done: number; total: number }
  /** The job with its latest progress; the queue's own record of it is up to a second old. */
  job: StudioJob
  /** When the first step of this run was reported, and how many were done then. */
  since: { time: number; done: number } | null
  secondsLeft: number | null
}

type ProgressOf<Kind> = Extract<QueueEvent<StudioJobs>, { kind: 'progress'; of: Kind }>

export interface JobWatchParts {
  queue: StudioQueue
  library: Library
  blobs: Blobs
  publish: (event: StudioEvent) => void
}

export class JobWatch {
  readonly #parts: JobWatchParts
  #running: Running | null = null
  /** While a preview is being encoded the next ones are skipped, so that none pile up. */
  #encoding = false
  /** Jobs that the user removed while they ran: taken off the list when they end. */
  readonly #removed = new Set<string>()

  constructor(parts: JobWatchParts) {
    this.#parts = parts
    parts.queue.subscribe(event => {
      // A UI error must not fail the job.
      try {
        this.#onQueueEvent(event)
      } catch (error) {
        this.#publishProblem(error)
      }
    })
  }

  view(job: StudioJob): Job {
    const { library } = this.#parts
    const running = this.#running?.id === job.id ? this.#running : null
    const live = running && { ...running.progress, secondsLeft: running.secondsLeft }
    const pictures = picturesOf(job, key => library.index.ofJob(key))
    const view = viewOfJob(
      running ? running.job : job,
      live,
      pictures,
      job.kind === 'set' && job.state !== 'waiting'
        ? library.index.families.newestOfSet(albumOfSet(job.payload.folder))
        : undefined,
    )
    if (job.state === 'waiting') view.progress.secondsLeft = this.#expected(job)
    return view
  }

  /** Takes a job off the list: at once, or when it has been stopped. */
  remove(id: string): void {
    const { queue } = this.#parts
    const job = queue.get(id)
    if (job?.state === 'running') this.#removed.add(id)
    queue.cancel(id)
    if (job && job.state !== 'running') queue.forget([id])
  }

  /** Takes everything that is over off the list. @returns how many jobs that were */
  clear(): number {
    const { queue } = this.#parts
    let removed = 0
    for (;;) {
      const ids = queue.history({ limit: CLEARED_AT_ONCE }).jobs.map(({ id }) => id)
      if (ids.length === 0) return removed
      queue.forget(ids)
      removed += ids.length
    }
  }

  #onQueueEvent(event: QueueEvent<StudioJobs>): void {
    if (event.kind === 'removed') {
      const [first, ...others] = event.ids
      if (others.length > 0) this.#parts.publish({ kind: 'jobs-removed', ids: event.ids })
      else if (first !== undefined) this.#parts.publish({ kind: 'job-removed', id: first })
    }
    if (event.kind === 'paused') this.#parts.publish(event)
    if (event.kind === 'trouble' && event.error) this.#parts.publish({ kind: 'problem', error: event.error.report() })
    if (event.kind === 'changed') this.#changed(event.job)
    const running = this.#running
    if (event.kind !== 'progress' || running?.id !== event.job.id) return
    if (event.of === 'set') this.#setProgress(running, event)
    else this.#pictureProgress(running, event)
  }

  #changed(job: StudioJob): void {
    if (job.state === 'running') {
      const { progress } = viewOfJob(job, null, [])
      this.#running = { id: job.id, progress, job, since: null, secondsLeft: null }
    } else if (this.#running?.id === job.id) this.#running = null
    const over = job.state !== 'running' && job.state !== 'waiting'
    if (over && this.#removed.delete(job.id)) this.#parts.queue.forget([job.id])
    else this.#parts.publish({ kind: 'job', job: this.view(job) })
  }

  #setProgress(running: Running, { job, progress }: ProgressOf<'set'>): void {
    running.progress = picturesDone(progress)
    running.job = { ...job, progress }
    running.secondsLeft = seconds(progress.timeLeft)
    const { made, failure } = progress
    if (made) this.#parts.publish({ kind: 'set-picture', jobId: job.id, picture: viewOfMade(job.id, made) })
    if (failure) this.#parts.publish({ kind: 'set-failure', jobId: job.id, failure })
    this.#parts.publish({ kind: 'job', job: this.view(job) })
    if (progress.progress) this.#preview(job.id, progress.progress)
  }

  #pictureProgress(running: Running, { job, progress }: ProgressOf<'picture'>): void {
    const done = stepsDone(progress)
    if (done) {
      running.progress = done
      running.job = { ...job, progress }
      running.since ??= { time: performance.now(), done: done.done }
      running.secondsLeft = secondsLeft(running)
    }
    if (progress.kind === 'saved') this.#publishSaved(progress)
    this.#parts.publish({ kind: 'job', job: this.view(job) })
    if (progress.kind !== 'saved') this.#preview(job.id, progress)
  }

  #publishSaved({ pictures }: PictureProgress & { kind: 'saved' }): void {
    const id = pictures.at(-1)
    if (id) this.#parts.publish({ kind: 'picture', picture: viewOfPicture(this.#parts.library.get(id)) })
  }

  #preview(jobId: string, progress: Progress): void {
    if (progress.kind !== 'step' || !progress.preview) return
    this.#encode(jobId, progress, progress.preview).catch(error => this.#publishProblem(error))
  }

  async #encode(jobId: string, step: Progress & { kind: 'step' }, preview: NonNullable<typeof step.preview>) {
    if (this.#encoding) return
    this.#encoding = true
    try {
      const url = await this.#parts.blobs.put({ ...preview, channels: 3 }, PREVIEW_SCALE)
      const { step: number, steps, image, images } = step
      if (this.#running?.id === jobId)
        this.#parts.publish({ kind: 'preview', jobId, url, step: number, steps, image, images })
    } finally {
      this.#encoding = false
    }
  }

  #publishProblem(error: unknown): void {
    this.#parts.publish({ kind: 'problem', error: reportOf(error, 'unexpectedInPage') })
  }

  /** Seconds for a waiting job, by the time of this model's last pictures; null where there are none. */
  #expected(job: StudioJob): number | null {
    const { cost } = job
    const written = job.kind === 'picture' ? requestSchema.safeParse(job.payload.request) : null
    if (written?.success && written.data.upscale) {
      return seconds(expectedTime(written.data, this.#parts.library.index.speeds.timed(written.data.model)))
    }
    const { model } = (job.kind === 'set' ? job.payload.set.request : job.payload.request) ?? {}
    const rate = model === undefined ? null : this.#parts.library.index.speeds.rate(model)
    return rate === null ? null : seconds(rate * cost)
  }
}

const seconds = (milliseconds: number | null) => (milliseconds === null ? null : Math.ceil(milliseconds / 1000))

/** The remaining time in proportion to this run's progress; null until two steps are reported. */
function secondsLeft({ progress, since }: Running): number | null {
  const done = since ? progress.done - since.done : 0
  if (!since || done < 1) return null
  return seconds(((performance.now() - since.time) / done) * (progress.total - progress.done))
}
