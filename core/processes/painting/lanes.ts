/** Lanes: several inference processes that work side by side. A free lane takes the next job. */

import { fault } from '../../faults/fault.ts'
import type { InferenceClient, JobOptions } from './client.ts'
import type { PaintReply, PaintRequest } from './protocol.ts'

/** The processes end after this long without a job: their memory is worth more than the second that a start takes. */
const IDLE_MS = 5000

/** Hands a free lane to a waiting job. */
type Waiter = (lane: InferenceClient) => void

export class Lanes {
  readonly clients: readonly InferenceClient[]
  readonly #idle: InferenceClient[]
  /** Jobs that wait for a lane, in their order. */
  readonly #waiting: Waiter[] = []
  readonly #idleMs: number
  #end: NodeJS.Timeout | undefined

  constructor(count: number, open: () => InferenceClient, idleMs = IDLE_MS) {
    this.clients = Array.from({ length: count }, open)
    this.#idle = [...this.clients]
    this.#idleMs = idleMs
  }

  /** Lanes without a job. */
  get idle(): number {
    return this.#idle.length
  }

  /** As InferenceClient.run, in the first free lane. */
  async run(job: PaintRequest, options: JobOptions): Promise<PaintReply> {
    clearTimeout(this.#end)
    const lane = this.#idle.shift() ?? (await this.#nextFree(options.signal))
    try {
      return await lane.run(job, options)
    } finally {
      this.#free(lane)
    }
  }

  /** Ends the processes; running jobs fail. Settles when they are gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#end)
    await Promise.all(this.clients.map(client => client.stop()))
  }

  #nextFree(signal: AbortSignal | undefined): Promise<InferenceClient> {
    const { promise, resolve, reject } = Promise.withResolvers<InferenceClient>()
    const leave = () => {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      reject(fault('cancelled'))
    }
    const waiter: Waiter = lane => {
      signal?.removeEventListener('abort', leave)
      resolve(lane)
    }
    if (signal?.aborted) return Promise.reject(fault('cancelled'))
    signal?.addEventListener('abort', leave, { once: true })
    this.#waiting.push(waiter)
    return promise
  }

  #free(lane: InferenceClient): void {
    const next = this.#waiting.shift()
    if (next) {
      next(lane)
      return
    }
    this.#idle.push(lane)
    if (this.#idle.length === this.clients.length) this.#end = setTimeout(() => void this.stop(), this.#idleMs).unref()
  }
}
