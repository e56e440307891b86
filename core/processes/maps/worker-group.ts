import { Channel } from '../../channel/channel.ts'
import { startThread } from '../../channel/endpoint.ts'
import type { ConditioningMap } from '../../conditioning/types.ts'
import { fault } from '../../faults/fault.ts'
import type { MapCalls, MapJob, MapJobResult } from './job.ts'

export interface RunOptions {
  /** Aborting rejects at once; the worker stops before its next map. */
  signal?: AbortSignal
  /** Queued before all waiting jobs. */
  urgent?: boolean
  onMap?: (map: ConditioningMap) => void
}

interface Task {
  job: MapJob
  options: RunOptions
  resolve(result: MapJobResult): void
  reject(error: unknown): void
}

/**
 * A word of 64 characters at 4096² in every method takes less than a minute; a thread that takes this long is ended.
 */
const DEADLINE_MS = 300_000

/** A pool of up to `size` worker threads with one queue; threads start when there is work. */
export class WorkerGroup {
  readonly #size: number
  readonly #heapMb: number | undefined
  /** Threads that run a job. */
  readonly #busy = new Set<Channel<MapCalls>>()
  readonly #idle: Channel<MapCalls>[] = []
  readonly #queue: Task[] = []
  /** What each thread did last. */
  readonly #last = new WeakMap<Channel<MapCalls>, string>()

  constructor(size: number, heapMb?: number) {
    this.#size = size
    this.#heapMb = heapMb
  }

  run(job: MapJob, options: RunOptions): Promise<MapJobResult> {
    const { signal } = options
    if (signal?.aborted) return Promise.reject(fault('cancelled'))
    const { promise, resolve, reject } = Promise.withResolvers<MapJobResult>()
    const task: Task = { job, options, resolve, reject }
    const onAbort = () => {
      const waiting = this.#queue.indexOf(task)
      if (waiting >= 0) this.#queue.splice(waiting, 1)
      reject(fault('cancelled'))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    if (options.urgent) this.#queue.unshift(task)
    else this.#queue.push(task)
    this.#next()
    return promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  /** Ends the threads; running and waiting jobs fail as cancelled. */
  async close(): Promise<void> {
    for (const task of this.#queue.splice(0)) task.reject(fault('cancelled'))
    await Promise.all([...this.#busy, ...this.#idle.splice(0)].map(thread => thread.kill(fault('cancelled'))))
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const thread = this.#takeIdle(this.#queue[0]) ?? (this.#busy.size < this.#size ? this.#start() : null)
      if (!thread) return
      void this.#work(thread, this.#queue.shift()!)
    }
  }

  /**
   * A thread that did the like before, else any: each compiles for itself what it runs often, so that the two halves of a
   * preview keep to their threads. Changing them took up to twice as long until both had compiled both.
   */
  #takeIdle({ job }: Task): Channel<MapCalls> | undefined {
    const same = this.#idle.findLastIndex(thread => this.#last.get(thread) === kindOf(job))
    // At -1, where there is none, the last.
    return this.#idle.splice(same, 1)[0]
  }

  async #work(thread: Channel<MapCalls>, { job, options, resolve, reject }: Task): Promise<void> {
    const { signal, onMap } = options
    const maps: ConditioningMap[] = []
    const onEvent = (map: ConditioningMap) => {
      maps.push(map)
      onMap?.(map)
    }
    this.#busy.add(thread)
    this.#last.set(thread, kindOf(job))
    const { reply, settled } = thread.call('make', job, { signal, onEvent, deadlineMs: DEADLINE_MS })
    reply.then(glyph => resolve({ glyph, maps }), reject)
    // After an abort the thread is free only when its map is finished.
    await settled
    this.#busy.delete(thread)
    // If the thread died, its own job has failed and the next one starts a new thread.
    if (!thread.ended) this.#idle.push(thread)
    this.#next()
  }

  #start(): Channel<MapCalls> {
    return new Channel(startThread(new URL('./worker.ts', import.meta.url), this.#heapMb), {
      died: ({ how, outOfMemory }) => (outOfMemory ? fault('mapOutOfMemory') : fault('mapWorkerEnded', { how })),
    })
  }
}

const kindOf = ({ maps }: MapJob): string => maps.map(({ map, method }) => `${map}.${method}`).join()
