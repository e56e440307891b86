/** Follows the queue: turns what its handlers tell into events for the renderer, and into honest times left. */

import type { Progress, RequestInput } from '../contract/request.ts'
import { reportOf } from '../faults/fault.ts'
import type { Library } from '../library/library.ts'
import type { Queue, QueueEvent } from '../queue/queue.ts'
import type { Job as QueuedJob } from '../queue/queue-store.ts'
import type { SetProgress } from '../sets/make-set.ts'
import type { Job, StudioEvent } from './api.ts'
import type { Blobs } from './blobs.ts'
import { viewOfMade } from './set-watch.ts'
import { picturesOf, progressOf, timeLeftOf, viewOfJob, viewOfPicture } from './views.ts'

/** A preview has one pixel a latent; this makes 512² of a draft's 128² without a visible grid. */
const PREVIEW_SCALE = 4

interface Running {
  id: string
  progress: { done: number; total: number }
  /** What its handler last told; the queue's own note of it is up to a second old. */
  told: unknown
  /** When the first step of this run was told, and how many were done then. */
  since: { time: number; done: number } | null
  secondsLeft: number | null
}

export interface JobWatchParts {
  queue: Queue
  library: Library
  blobs: Blobs
  tell: (event: StudioEvent) => void
}

export class JobWatch {
  readonly #parts: JobWatchParts
  #running: Running | null = null
  /** The last preview is still being encoded: the next ones are skipped, so that none queues up. */
  #encoding = false
  /** To be taken off the list as soon as they are over. */
  readonly #doomed = new Set<string>()

  constructor(parts: JobWatchParts) {
    this.#parts = parts
    parts.queue.subscribe(event => {
      // What is shown of a job must never end it.
      try {
        this.#hear(event)
      } catch (error) {
        this.#tellProblem(error)
      }
    })
  }

  view(job: QueuedJob): Job {
    const { library } = this.#parts
    const running = this.#running?.id === job.id ? this.#running : null
    const live = running && { ...running.progress, secondsLeft: running.secondsLeft }
    const view = viewOfJob(
      running ? { ...job, progress: running.told } : job,
      live,
      picturesOf(job, key => library.index.ofJob(key)),
    )
    if (job.state === 'waiting') view.progress.secondsLeft = this.#expected(job)
    return view
  }

  /** Takes a job off the list: at once, or when it has been stopped. */
  remove(id: string): void {
    const { queue } = this.#parts
    const job = queue.get(id)
    if (job?.state === 'running') this.#doomed.add(id)
    queue.cancel(id)
    if (job && job.state !== 'running') queue.forget([id])
  }

  #hear(event: QueueEvent): void {
    if (event.kind === 'removed') for (const id of event.ids) this.#parts.tell({ kind: 'job-removed', id })
    if (event.kind === 'paused') this.#parts.tell(event)
    if (event.kind === 'changed') this.#changed(event.job)
    if (event.kind === 'progress') this.#progress(event.job, event.progress)
  }

  #changed(job: QueuedJob): void {
    if (job.state === 'running') {
      const progress = progressOf(job.kind, job.progress) ?? viewOfJob(job, null, []).progress
      this.#running = { id: job.id, progress, told: job.progress, since: null, secondsLeft: null }
    } else if (this.#running?.id === job.id) this.#running = null
    const over = job.state !== 'running' && job.state !== 'waiting'
    if (over && this.#doomed.delete(job.id)) this.#parts.queue.forget([job.id])
    else this.#parts.tell({ kind: 'job', job: this.view(job) })
  }

  #progress(job: QueuedJob, told: unknown): void {
    const running = this.#running
    if (running?.id !== job.id) return
    const progress = progressOf(job.kind, told)
    if (progress) {
      running.progress = progress
      running.told = told
      running.since ??= { time: performance.now(), done: progress.done }
      running.secondsLeft = job.kind === 'set' ? seconds(timeLeftOf(told)) : secondsLeft(running)
    }
    if (job.kind === 'set') this.#tellSet(job.id, told as SetProgress)
    else this.#tellPictures(told)
    this.#parts.tell({ kind: 'job', job: this.view(job) })
    const inner = job.kind === 'set' ? (told as SetProgress).progress : (told as Progress)
    if (inner?.kind === 'step' && inner.preview)
      this.#preview(job.id, inner, inner.preview).catch(error => this.#tellProblem(error))
  }

  #tellPictures(told: unknown): void {
    const { kind, pictures } = told as { kind?: string; pictures?: string[] }
    const id = kind === 'saved' ? pictures?.at(-1) : undefined
    if (id) this.#parts.tell({ kind: 'picture', picture: viewOfPicture(this.#parts.library.get(id)) })
  }

  #tellSet(jobId: string, { made, failure }: SetProgress): void {
    if (made) this.#parts.tell({ kind: 'set-picture', jobId, picture: viewOfMade(jobId, made) })
    if (failure) this.#parts.tell({ kind: 'set-failure', jobId, failure })
  }

  async #preview(jobId: string, step: Progress & { kind: 'step' }, preview: NonNullable<typeof step.preview>) {
    if (this.#encoding) return
    this.#encoding = true
    try {
      const url = await this.#parts.blobs.put({ ...preview, channels: 3 }, PREVIEW_SCALE)
      const { step: number, steps, image, images } = step
      if (this.#running?.id === jobId)
        this.#parts.tell({ kind: 'preview', jobId, url, step: number, steps, image, images })
    } finally {
      this.#encoding = false
    }
  }

  #tellProblem(error: unknown): void {
    this.#parts.tell({ kind: 'problem', error: reportOf(error, 'unexpectedInPage') })
  }

  /** By what this model's last pictures took; null while it has made none. */
  #expected({ kind, payload, cost }: QueuedJob): number | null {
    type Payload = { request?: RequestInput; set?: { request?: RequestInput } }
    const { request, set } = payload as Payload
    const { model } = (kind === 'set' ? set?.request : request) ?? {}
    const rate = model === undefined ? null : this.#parts.library.index.rate(model)
    return rate === null ? null : seconds(rate * cost)
  }
}

const seconds = (milliseconds: number | null) => (milliseconds === null ? null : Math.ceil(milliseconds / 1000))

/** The rest in proportion to what this run has done; the first step has nothing to measure against. */
function secondsLeft({ progress, since }: Running): number | null {
  const done = since ? progress.done - since.done : 0
  if (!since || done < 1) return null
  return seconds(((performance.now() - since.time) / done) * (progress.total - progress.done))
}
