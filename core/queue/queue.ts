/** The job queue: runs jobs one after the other, and again those that a crash interrupted. */

import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { fault, reportOf } from '../faults/fault.ts'
import { troubleOf } from '../faults/sqlite.ts'
import type { StudioError } from '../faults/studio-error.ts'
import { TimeLeft } from '../library/time-left.ts'
import type { HistoryPage } from './history.ts'
import { ClockWatch } from './hosts.ts'
import type { Job, JobHandlers, JobKinds, JobState, NewJob, QueueEvent } from './job.ts'
import { type Brief, QueueStore } from './queue-store.ts'
import { saysFull, Unsaved } from './unsaved.ts'

/** A handler without its types: the job's kind decides all three, which the compiler cannot follow. */
type AnyHandler = (context: {
  job: { id: string }
  signal: AbortSignal
  onProgress: (progress: unknown, share?: number) => void
}) => Promise<unknown>

/** Interval of this host's heartbeat in the queue's file. */
const BEAT_MS = 3000
/** Progress is written to disk at most this often; listeners get every event. */
const SAVE_PROGRESS_MS = 1000
/** A job that was interrupted this often probably crashes its host, and is not started again automatically. */
const MOST_TRIES = 3
/** The oldest of what is over is forgotten once an hour, and at the start. */
const FORGET_BEATS = 1200

export interface QueueOptions<Kinds extends JobKinds<Kinds>> {
  /** Kinds of jobs that continue where they were stopped: a pause stops them at once. */
  resumable?: readonly (keyof Kinds & string)[]
  /** What lists show of a job's payload, where the whole is large. */
  brief?: Brief<Kinds>
}

export class Queue<Kinds extends JobKinds<Kinds>> {
  readonly #store: QueueStore<Kinds>
  readonly #handlers: JobHandlers<Kinds>
  readonly #resumable: ReadonlySet<string>
  readonly #listeners = new Set<(event: QueueEvent<Kinds>) => void>()
  readonly #time = new TimeLeft()
  #running: {
    id: string
    kind: string
    cost: number
    abort: AbortController
    ended: Promise<void>
    share: number
    by: 'user' | 'host'
  } | null = null
  #beat: NodeJS.Timeout | null = null
  #beats = 0
  readonly #clock = new ClockWatch()
  readonly #unsaved: Unsaved
  /** A pause that the database does not know yet. */
  #pausedHere: boolean | null = null

  /**
   * @param file where the jobs are kept
   * @throws StudioError
   */
  constructor(file: string, handlers: JobHandlers<Kinds>, { resumable = [], brief }: QueueOptions<Kinds> = {}) {
    this.#store = new QueueStore(file, randomUUID(), brief)
    this.#handlers = handlers
    this.#resumable = new Set(resumable)
    this.#unsaved = new Unsaved({
      folder: dirname(file),
      onTrouble: trouble => this.#troubled(trouble),
      onWritten: () => this.#next(),
    })
    if (this.#store.full) this.#unsaved.note(fault('databaseFull'))
  }

  /** The queue's file was damaged and is kept under this name; what could be read of it goes on. */
  get damaged(): string | null {
    return this.#store.damaged
  }

  /** Why nothing is started although nobody paused the queue: the disk is full, or its database is not to be had. */
  get trouble(): StudioError | null {
    return this.#unsaved.trouble
  }

  /** Starts running jobs, interrupted ones of earlier hosts included, until close(). */
  start(): void {
    if (this.#beat) return
    this.#onBeat()
    this.#beat = setInterval(() => this.#onBeat(), BEAT_MS)
    // The heartbeat alone must not keep the program alive.
    this.#beat.unref()
    this.#next()
  }

  /** There may be jobs of a host that has died, or that another host has added. Nothing here may end the host. */
  #onBeat(): void {
    const written = this.#unsaved.attempt(() => {
      const jumped = this.#clock.jumped()
      this.#store.beat(Date.now(), jumped)
      // A clock that is wrong for a while must not make the whole history old.
      if (jumped || this.#beats++ % FORGET_BEATS > 0) return
      const ids = this.#store.forgetOldest(Date.now())
      if (ids.length) this.#notify({ kind: 'removed', ids })
    })
    if (written) void this.#unsaved.recover().then(() => this.#next())
  }

  /** Stops. The running job goes back to the queue, and the next start() runs it again. */
  async close(): Promise<void> {
    if (this.#beat) clearInterval(this.#beat)
    this.#beat = null
    if (this.#running) {
      this.#running.by = 'host'
      this.#running.abort.abort()
      await this.#running.ended
    }
    this.#unsaved.close()
    this.#store.close()
  }

  /** @returns a function that unsubscribes */
  subscribe(listener: (event: QueueEvent<Kinds>) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @throws StudioError 'bad-request' for a kind that has no handler */
  add(job: NewJob<Kinds>): Job<Kinds> {
    if (!Object.hasOwn(this.#handlers, job.kind))
      throw fault('noSuchJobKind', { kind: job.kind, known: Object.keys(this.#handlers).join(', ') })
    const added = this.#store.add(randomUUID(), job)
    this.#notify({ kind: 'changed', job: added })
    this.#next()
    return added
  }

  list(): Job<Kinds>[] {
    return this.#store.list()
  }

  /** A page of what is over, the newest first. */
  history(page: { before?: number | undefined; limit: number }): HistoryPage<Kinds> {
    return this.#store.history(page)
  }

  /** How many jobs are in a state, without reading them. */
  count(state: JobState): number {
    return this.#store.count(state)
  }

  get(id: string): Job<Kinds> | null {
    return this.#store.get(id)
  }

  get paused(): boolean {
    return this.#pausedHere ?? (this.trouble !== null || this.#store.paused)
  }

  /**
   * While paused no job is started. The running one is finished, or stopped and put back in its place if its kind is
   * resumable.
   */
  setPaused(paused: boolean): void {
    if (!paused) this.#unsaved.dismiss()
    this.#pausedHere = paused
    this.#unsaved.save(() => {
      this.#store.paused = paused
      this.#pausedHere = null
    })
    const running = this.#running
    if (paused && running && !running.abort.signal.aborted && this.#resumable.has(running.kind)) {
      running.by = 'host'
      running.abort.abort()
    }
    this.#notify({ kind: 'paused', paused })
    this.#next()
  }

  /** Cancels a job that waits or runs here. */
  cancel(id: string): void {
    if (this.#running?.id === id) {
      this.#running.by = 'user'
      this.#running.abort.abort()
    } else if (this.#store.cancelWaiting(id)) this.#changed(id)
  }

  /** Queues a failed or cancelled job again; with another payload, also one that is done. */
  retry(id: string, payload?: Job<Kinds>['payload']): void {
    if (this.#store.retry(id, payload)) this.#changed(id)
    this.#next()
  }

  /** Puts a job right before another one, or at the end. */
  move(id: string, before: string | null): void {
    this.#store.move(id, before)
    this.#changed(id)
  }

  /** Removes finished jobs from the list; their pictures stay. */
  forget(ids: readonly string[]): void {
    this.#store.forget(ids)
    this.#notify({ kind: 'removed', ids })
  }

  /** Milliseconds until the queue is empty; null while nothing was measured yet. */
  timeLeft(): number | null {
    const running = this.#running ? this.#running.cost * (1 - this.#running.share) : 0
    const cost = this.#store.waitingCost() + running
    return this.#time.for(cost)
  }

  /** Resolves when no job runs. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running.ended
  }

  integrity(): string {
    return this.#store.integrity()
  }

  #next(): void {
    if (this.#running || !this.#beat || this.#unsaved.blocks) return
    let job: Job<Kinds> | null = null
    if (!this.#unsaved.attempt(() => (job = this.paused ? null : this.#store.claim()))) return
    const count = this.#store.takeRemoved()
    if (count > 0) this.#notify({ kind: 'trouble', error: fault('jobDamaged', { count }) })
    if (!job) return
    this.#begin(job)
  }

  #begin(job: Job<Kinds>): void {
    const abort = new AbortController()
    const { id, kind, cost } = job
    const running = { id, kind, cost, abort, ended: Promise.resolve(), share: 0, by: 'user' as 'user' | 'host' }
    this.#running = running
    running.ended = this.#run(job, abort.signal).finally(() => {
      this.#running = null
      this.#next()
    })
  }

  async #run(job: Job<Kinds>, signal: AbortSignal): Promise<void> {
    this.#notify({ kind: 'changed', job })
    if (job.tries > MOST_TRIES) {
      const error = fault('studioEnded', { times: MOST_TRIES }).report()
      this.#finish(job.id, 'failed', { error })
      return
    }
    const start = performance.now()
    let saved = 0
    let last: unknown
    const onProgress = (progress: unknown, share?: number) => {
      // Kept after an abort too: progress made while stopping is saved at the end.
      last = progress
      // After an abort the job may have ended and the queue may be closed: nothing more is reported.
      if (signal.aborted || this.#running?.id !== job.id) return
      if (share !== undefined) {
        // Progress resets the retry counter: a job that advances may be restarted however often its host ends.
        if (share > this.#running.share) this.#unsaved.attempt(() => this.#store.forgive(job.id))
        this.#running.share = share
      }
      if (performance.now() - saved > SAVE_PROGRESS_MS) {
        saved = performance.now()
        this.#unsaved.attempt(() => this.#store.setProgress(job.id, progress))
      }
      this.#notify({ kind: 'progress', of: job.kind, job, progress } as QueueEvent<Kinds>)
    }
    try {
      const handler = this.#handlers[job.kind] as AnyHandler | undefined
      if (!handler) throw fault('jobKindUnknown', { kind: job.kind })
      const result = await handler({ job, signal, onProgress })
      this.#time.note(job.cost, performance.now() - start)
      if (last !== undefined) this.#unsaved.attempt(() => this.#store.setProgress(job.id, last))
      this.#finish(job.id, 'done', { result })
    } catch (error) {
      if (last !== undefined) this.#unsaved.attempt(() => this.#store.setProgress(job.id, last))
      this.#settle(job, signal, error)
    }
  }

  #settle(job: Job<Kinds>, signal: AbortSignal, error: unknown): void {
    if (signal.aborted && this.#running?.by === 'host') this.#finish(job.id, 'waiting')
    else if (signal.aborted) this.#finish(job.id, 'cancelled')
    else if (saysFull(error)) {
      // The next job would fail in the same way: this one goes on when there is room.
      this.#unsaved.note(error)
      this.#finish(job.id, 'waiting')
    } else this.#finish(job.id, 'failed', { error: reportOf(error) })
  }

  /** The end of a job is written at once, or when it can be. */
  #finish(
    id: string,
    state: Parameters<QueueStore<Kinds>['finish']>[1],
    end: Parameters<QueueStore<Kinds>['finish']>[2] = {},
  ) {
    this.#unsaved.save(() => {
      this.#store.finish(id, state, end)
      this.#changed(id)
    })
  }

  #troubled(error: StudioError | null): void {
    this.#notify({ kind: 'trouble', error })
    // While there is trouble nothing is started: the same as a pause, for whoever looks.
    if (error !== null) {
      this.#notify({ kind: 'paused', paused: true })
      return
    }
    this.#unsaved.attempt(() => this.#notify({ kind: 'paused', paused: this.paused }))
    this.#next()
  }

  #changed(id: string): void {
    const job = this.#store.get(id)
    if (job) this.#notify({ kind: 'changed', job })
  }

  #notify(event: QueueEvent<Kinds>): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        // A listener that could not read the library's database misses the event; the job goes on.
        if (troubleOf(error) === null) throw error
      }
    }
  }
}
