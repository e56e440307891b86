import type { MapJob, MapJobResult } from './job.ts'
import { type RunOptions, WorkerGroup } from './worker-group.ts'

export interface PoolOptions {
  /** Threads for all methods but the AI ones; default 2. */
  workers?: number
  /** Limit of each thread's JavaScript heap in MiB, default Node's own. */
  heapMb?: number
}

/**
 * Makes maps in worker threads, so that the host never stalls. Jobs with an AI method go to a thread of their own,
 * which
 * waits for the AI child process: a preview never queues behind a network.
 */
export class MapPool {
  readonly #threads: WorkerGroup
  readonly #ai: WorkerGroup

  constructor({ workers = 2, heapMb }: PoolOptions = {}) {
    this.#threads = new WorkerGroup(workers, heapMb)
    this.#ai = new WorkerGroup(1, heapMb)
  }

  /**
   * Draws a word (or takes a glyph or a picture) and makes its maps.
   * @throws StudioError as makeMaps, drawWord and glyphFromPicture do; cancelled; out-of-memory; internal
   */
  run(job: MapJob, options: RunOptions = {}): Promise<MapJobResult> {
    const group = job.maps.some(({ method }) => method.startsWith('ai_')) ? this.#ai : this.#threads
    return group.run(job, options)
  }

  /** Ends all threads, and with them the AI child process; running jobs fail as cancelled. */
  async close(): Promise<void> {
    await Promise.all([this.#threads.close(), this.#ai.close()])
  }
}
