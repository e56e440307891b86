/** What the queue has done since this host began: counts, times, memory. Read by health, metrics and the status page. */
import { readFile } from 'node:fs/promises'
import type { Library } from '../library/library.ts'
import type { PictureDetails } from '../library/picture-index.ts'
import type { QueueEvent } from '../queue/job.ts'
import type { StudioJob, StudioJobs, StudioQueue } from '../queue/studio-jobs.ts'

/** Durations that mean and p95 are taken of, by model and size: the newest. */
const REMEMBERED = 200
/** The memory curve: a sample each five seconds, for an hour. */
const SAMPLE_MS = 5000
const SAMPLES = 720

/** Of pictures made with one model in one size. */
export interface Durations {
  model: string
  /** "1024x1024" */
  size: string
  count: number
  meanMs: number
  p95Ms: number
}

export interface MemorySample {
  /** ISO 8601, UTC. */
  time: string
  /** Resident bytes of this process. */
  host: number
  /** Of all inference processes together; null where the system does not tell. */
  inference: number | null
}

/** A picture that a job has just made. */
export interface MadePictureEvent {
  picture: PictureDetails
  /** From the job's begin, or the picture before it, to the saved file, milliseconds. */
  ms: number
  requestId: string | undefined
}

export interface StatisticsParts {
  queue: StudioQueue
  library: Library
  /** Ids of the inference processes that run. */
  pids: () => readonly number[]
}

export class Statistics {
  readonly #parts: StatisticsParts
  readonly #durations = new Map<string, { model: string; size: string; count: number; last: number[] }>()
  readonly #onMade = new Set<(event: MadePictureEvent) => void>()
  readonly #onFailed = new Set<(job: StudioJob) => void>()
  readonly #memory: MemorySample[] = []
  readonly #sampling: NodeJS.Timeout
  /** When the picture that is being made was begun. */
  #since = 0
  #saved = 0
  generations = 0
  failures = 0
  /** The model of the picture made last, and whose process it was made in: while that lives, the model may be in memory. */
  #last: { model: string; pids: readonly number[] } | null = null

  constructor(parts: StatisticsParts) {
    this.#parts = parts
    parts.queue.subscribe(event => this.#follow(event))
    this.#sampling = setInterval(() => void this.#sample(), SAMPLE_MS)
    this.#sampling.unref()
  }

  close(): void {
    clearInterval(this.#sampling)
  }

  /** @param listener hears of every picture that a job of this host makes for the library */
  onMade(listener: (event: MadePictureEvent) => void): void {
    this.#onMade.add(listener)
  }

  /** @param listener hears of every job that fails */
  onFailed(listener: (job: StudioJob) => void): void {
    this.#onFailed.add(listener)
  }

  /** By model and size, the busiest first. */
  durations(): Durations[] {
    return [...this.#durations.values()]
      .map(({ last, ...about }) => ({ ...about, meanMs: mean(last), p95Ms: percentile(last, 0.95) }))
      .toSorted((a, b) => b.count - a.count)
  }

  /** Ids or paths of models whose networks may still be in an inference process. */
  modelsInMemory(): string[] {
    const pids = this.#parts.pids()
    return this.#last?.pids.some(pid => pids.includes(pid)) ? [this.#last.model] : []
  }

  /** The last hour, the oldest first. */
  memoryCurve(): readonly MemorySample[] {
    return this.#memory
  }

  async memoryNow(): Promise<MemorySample> {
    const sizes = await Promise.all(this.#parts.pids().map(residentBytes))
    const known = sizes.filter(size => size !== null)
    const inference = known.length === sizes.length ? known.reduce((sum, size) => sum + size, 0) : null
    return { time: new Date().toISOString(), host: process.memoryUsage.rss(), inference }
  }

  #follow(event: QueueEvent<StudioJobs>): void {
    if (event.kind === 'changed') this.#changed(event.job)
    if (event.kind !== 'progress') return
    if (event.of === 'set') {
      if (event.progress.made) this.generations++
    } else if (event.progress.kind === 'saved') this.#made(event.progress.pictures, event.job.payload.requestId)
  }

  #changed(job: StudioJob): void {
    if (job.state === 'running') {
      this.#since = performance.now()
      this.#saved = 0
    }
    if (job.state !== 'failed') return
    this.failures++
    for (const listener of this.#onFailed) listener(job)
  }

  #made(ids: readonly string[], requestId: string | undefined): void {
    const now = performance.now()
    const [ms, id] = [now - this.#since, ids.at(-1)]
    // A job that was begun again reports what was there already with its first new picture.
    if (ids.length <= this.#saved || id === undefined) return
    this.#saved = ids.length
    this.#since = now
    this.generations++
    const picture = this.#parts.library.get(id)
    const { model, width, height } = picture
    const size = `${width}x${height}`
    const key = `${model} ${size}`
    const known = this.#durations.get(key) ?? { model, size, count: 0, last: [] }
    this.#durations.set(key, { ...known, count: known.count + 1, last: [...known.last, ms].slice(-REMEMBERED) })
    this.#last = { model, pids: [...this.#parts.pids()] }
    for (const listener of this.#onMade) listener({ picture, ms, requestId })
  }

  async #sample(): Promise<void> {
    this.#memory.push(await this.memoryNow())
    if (this.#memory.length > SAMPLES) this.#memory.shift()
  }
}

const mean = (values: readonly number[]) => Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)

/** The smallest value that `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)])
}

/** Resident memory of another process; null where the system does not tell (only Linux has /proc). */
async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const match = /^VmRSS:\s+(\d+) kB/m.exec(status)
  return match ? Number(match[1]) * 1024 : null
}
