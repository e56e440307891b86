/** Runs jobs one after the other: what is begun is finished, begun again after a crash, or cancelled by its user. */

import { randomUUID } from 'node:crypto'
import { StudioError } from '../contract/request.ts'
import { fault, reportOf } from '../faults/fault.ts'
import { TimeLeft } from '../library/time-left.ts'
import { type Job, type NewJob, QueueStore } from './queue-store.ts'

export interface JobContext {
  job: Job
  signal: AbortSignal
  /** Tells how far it is; `share` 0..1 counts for the time left. */
  onProgress: (progress: unknown, share?: number) => void
}

/** Runs a kind of job. It must bear being begun again after a crash. */
export type JobHandler = (context: JobContext) => Promise<unknown>

export type QueueEvent =
  | { kind: 'changed'; job: Job }
  | { kind: 'progress'; job: Job; progress: unknown; timeLeft: number | null }
  | { kind: 'removed'; ids: readonly string[] }
  | { kind: 'paused'; paused: boolean }

/** How often this host says that it lives. */
const BEAT_MS = 3000
/** Progress is written to disk no more often than this; listeners hear of every event. */
const SAVE_PROGRESS_MS = 1000
/** A job that was begun so often without an end takes its host with it, and is not begun again by itself. */
const MOST_TRIES = 3

export class Queue {
  readonly #store: QueueStore
  readonly #handlers: Readonly<Record<string, JobHandler>>
  readonly #givesWay: ReadonlySet<string>
  readonly #listeners = new Set<(event: QueueEvent) => void>()
  readonly #time = new TimeLeft()
  #running: {
    id: string
    kind: string
    abort: AbortController
    ended: Promise<void>
    share: number
    by: 'user' | 'host'
  } | null = null
  #beat: NodeJS.Timeout | null = null

  /**
   * @param file where the jobs are kept
   * @param givesWay kinds that go on where they were stopped: a pause stops them at once
   * @throws StudioError
   */
  constructor(file: string, handlers: Readonly<Record<string, JobHandler>>, givesWay: readonly string[] = []) {
    this.#store = new QueueStore(file, randomUUID())
    this.#handlers = handlers
    this.#givesWay = new Set(givesWay)
  }

  /** Takes up what an earlier host has left, and goes on until close(). */
  start(): void {
    if (this.#beat) return
    this.#store.beat(Date.now())
    this.#beat = setInterval(() => {
      // Jobs of a host that has died meanwhile, or that another host has added.
      this.#store.beat(Date.now())
      this.#next()
    }, BEAT_MS)
    // The queue alone is no reason for a program to go on.
    this.#beat.unref()
    this.#next()
  }

  /** Stops; the running job goes back to the queue and is begun again by the next start. */
  async close(): Promise<void> {
    if (this.#beat) clearInterval(this.#beat)
    this.#beat = null
    if (this.#running) {
      this.#running.by = 'host'
      this.#running.abort.abort()
      await this.#running.ended
    }
    this.#store.close()
  }

  /** @returns a function that ends the listening */
  subscribe(listener: (event: QueueEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @throws StudioError 'bad-request' for a kind that has no handler */
  add(job: NewJob): Job {
    if (!Object.hasOwn(this.#handlers, job.kind))
      throw new StudioError(
        'bad-request',
        `There is no job of the kind "${job.kind}".`,
        `Kinds: ${Object.keys(this.#handlers).join(', ')}.`,
      )
    const added = this.#store.add(randomUUID(), job)
    this.#tell({ kind: 'changed', job: added })
    this.#next()
    return added
  }

  list(): Job[] {
    return this.#store.list()
  }

  get(id: string): Job | null {
    return this.#store.get(id)
  }

  get paused(): boolean {
    return this.#store.paused
  }

  /** No job is begun while paused; the running one ends, or goes back to its place if its kind gives way. */
  setPaused(paused: boolean): void {
    this.#store.paused = paused
    const running = this.#running
    if (paused && running && !running.abort.signal.aborted && this.#givesWay.has(running.kind)) {
      running.by = 'host'
      running.abort.abort()
    }
    this.#tell({ kind: 'paused', paused })
    this.#next()
  }

  /** Cancels a job that waits or runs here. */
  cancel(id: string): void {
    if (this.#running?.id === id) {
      this.#running.by = 'user'
      this.#running.abort.abort()
    } else if (this.#store.cancelWaiting(id)) this.#changed(id)
  }

  /** Begins a job again that failed or was cancelled; with another payload, also one that is done. */
  retry(id: string, payload?: unknown): void {
    if (this.#store.retry(id, payload)) this.#changed(id)
    this.#next()
  }

  /** Higher is sooner. */
  setPriority(id: string, priority: number): void {
    this.#store.setPriority(id, priority)
    this.#changed(id)
  }

  /** Puts a job right before another one, or at the end. */
  move(id: string, before: string | null): void {
    this.#store.move(id, before)
    this.#changed(id)
  }

  /** Takes jobs that are over off the list; their pictures stay. */
  forget(ids: readonly string[]): void {
    this.#store.forget(ids)
    this.#tell({ kind: 'removed', ids })
  }

  /** Milliseconds until the queue is empty; null while nothing was measured yet. */
  timeLeft(): number | null {
    const cost = this.#store
      .list()
      .reduce(
        (sum, job) =>
          sum +
          (job.state === 'waiting'
            ? job.cost
            : job.id === this.#running?.id
              ? job.cost * (1 - this.#running.share)
              : 0),
        0,
      )
    return this.#time.for(cost)
  }

  /** Resolves when nothing runs and nothing may be begun. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running.ended
  }

  integrity(): string {
    return this.#store.integrity()
  }

  #next(): void {
    if (this.#running || !this.#beat || this.#store.paused) return
    const job = this.#store.claim()
    if (!job) return
    const abort = new AbortController()
    const { id, kind } = job
    const running = { id, kind, abort, ended: Promise.resolve(), share: 0, by: 'user' as 'user' | 'host' }
    this.#running = running
    running.ended = this.#run(job, abort.signal).finally(() => {
      this.#running = null
      this.#next()
    })
  }

  async #run(job: Job, signal: AbortSignal): Promise<void> {
    this.#tell({ kind: 'changed', job })
    if (job.tries > MOST_TRIES) {
      const error = fault('studioEnded', { times: MOST_TRIES }).report()
      this.#store.finish(job.id, 'failed', { error })
      this.#changed(job.id)
      return
    }
    const start = performance.now()
    let saved = 0
    let last: unknown
    const onProgress = (progress: unknown, share?: number) => {
      // What is finished while it is being stopped counts, and is written down when it has stopped.
      last = progress
      // What a cancelled job still has to say comes too late: it may have ended, and the queue may be closed.
      if (signal.aborted || this.#running?.id !== job.id) return
      if (share !== undefined) {
        // Whoever gets on does not fail for ever, however often its host is ended.
        if (share > this.#running.share) this.#store.forgive(job.id)
        this.#running.share = share
      }
      if (performance.now() - saved > SAVE_PROGRESS_MS) {
        saved = performance.now()
        this.#store.setProgress(job.id, progress)
      }
      this.#tell({ kind: 'progress', job, progress, timeLeft: this.timeLeft() })
    }
    try {
      const handler = this.#handlers[job.kind]
      if (!handler) throw fault('jobKindUnknown', { kind: job.kind })
      const result = await handler({ job, signal, onProgress })
      this.#time.note(job.cost, performance.now() - start)
      if (last !== undefined) this.#store.setProgress(job.id, last)
      this.#store.finish(job.id, 'done', { result })
    } catch (error) {
      if (last !== undefined) this.#store.setProgress(job.id, last)
      this.#settle(job, signal, error)
    }
    this.#changed(job.id)
  }

  #settle(job: Job, signal: AbortSignal, error: unknown): void {
    if (signal.aborted && this.#running?.by === 'host') this.#store.finish(job.id, 'waiting')
    else if (signal.aborted) this.#store.finish(job.id, 'cancelled')
    else this.#store.finish(job.id, 'failed', { error: reportOf(error) })
  }

  #changed(id: string): void {
    const job = this.#store.get(id)
    if (job) this.#tell({ kind: 'changed', job })
  }

  #tell(event: QueueEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
