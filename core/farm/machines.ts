/** What a worker tells of itself, every few seconds, and what it is told. */
import { z } from 'zod'
import { fingerprintSchema } from '../processes/painting/fingerprint.ts'
import { reportSchema } from './report.ts'

export const WORKER_STATES = ['working', 'idle', 'paused', 'draining'] as const

export const workerSchema = z.object({
  zihuaWorker: z.literal(1),
  id: z.string().regex(/^[a-z0-9]{12}$/),
  /** The machine's name, to show. */
  name: z.string().max(120),
  made: fingerprintSchema,
  /** Pictures at once, at most. */
  lanes: z.int().min(1),
  memoryGiB: z.number(),
  /** Hashes of the weights that it has. */
  models: z.array(z.string()).max(5000),
  state: z.enum(WORKER_STATES),
  doing: z.array(z.object({ set: z.string(), word: z.string().max(200), step: z.int(), steps: z.int() })).max(64),
  /** Pictures since it was started. */
  done: z.int(),
  failed: z.int(),
  /** Pictures an hour; null: not known yet. */
  rate: z.number().nullable(),
  /** What keeps it from working. */
  problems: z.array(reportSchema).max(20),
  /** Its clock, milliseconds since 1970. */
  time: z.number(),
})
export type WorkerState = z.infer<typeof workerSchema>

/** What a worker is to do. */
export const controlSchema = z.object({ order: z.enum(['run', 'pause', 'drain']) })
export type Order = z.infer<typeof controlSchema>['order']

/** Over this many minutes a clock is worth a word. */
export const CLOCK_MINUTES = 2

/** How far a worker's clock is from this machine's, whole minutes. The message's own way takes seconds at most. */
export const minutesOff = ({ time }: WorkerState, now = Date.now()): number => Math.round((time - now) / 60_000) || 0

/** Pictures an hour over the last ten minutes. */
export class Rate {
  readonly #ends: number[] = []
  readonly #now: () => number
  readonly #begun: number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#begun = now()
  }

  note(): void {
    this.#ends.push(this.#now())
  }

  get value(): number | null {
    const now = this.#now()
    const window = Math.min(600_000, now - this.#begun)
    while (this.#ends.length > 0 && this.#ends[0]! < now - 600_000) this.#ends.shift()
    return this.#ends.length === 0 || window <= 0 ? null : (this.#ends.length / window) * 3600_000
  }
}
