/** Inference processes side by side: each takes the next job when it is free. */

import { fault } from '../../faults/fault.ts'
import type { PipelineJob, PipelineResult } from '../../pipeline/job.ts'
import type { InferenceClient, JobOptions } from './client.ts'

/** With nothing to do for this long the processes end: the memory is worth more elsewhere than the second to start again. */
const IDLE_MS = 5000

type Turn = (lane: InferenceClient) => void

export class Lanes {
  readonly clients: readonly InferenceClient[]
  readonly #idle: InferenceClient[]
  /** Jobs that wait for a lane, in their order. */
  readonly #waiting: Turn[] = []
  readonly #idleMs: number
  #end: NodeJS.Timeout | undefined

  constructor(count: number, open: () => InferenceClient, idleMs = IDLE_MS) {
    this.clients = Array.from({ length: count }, open)
    this.#idle = [...this.clients]
    this.#idleMs = idleMs
  }

  /** As InferenceClient.run, in the lane that is free first. */
  async run(job: PipelineJob, options: JobOptions): Promise<PipelineResult> {
    clearTimeout(this.#end)
    const lane = this.#idle.shift() ?? (await this.#turn(options.signal))
    try {
      return await lane.run(job, options)
    } finally {
      this.#free(lane)
    }
  }

  /** Ends the processes; running jobs fail. */
  stop(): void {
    clearTimeout(this.#end)
    for (const client of this.clients) client.stop()
  }

  #turn(signal: AbortSignal | undefined): Promise<InferenceClient> {
    const { promise, resolve, reject } = Promise.withResolvers<InferenceClient>()
    const leave = () => {
      this.#waiting.splice(this.#waiting.indexOf(turn), 1)
      reject(fault('cancelled'))
    }
    const turn: Turn = lane => {
      signal?.removeEventListener('abort', leave)
      resolve(lane)
    }
    if (signal?.aborted) return Promise.reject(fault('cancelled'))
    signal?.addEventListener('abort', leave, { once: true })
    this.#waiting.push(turn)
    return promise
  }

  #free(lane: InferenceClient): void {
    const next = this.#waiting.shift()
    if (next) {
      next(lane)
      return
    }
    this.#idle.push(lane)
    if (this.#idle.length === this.clients.length) this.#end = setTimeout(() => this.stop(), this.#idleMs).unref()
  }
}
