import { Worker } from 'node:worker_threads'
import { cancelled } from '../../conditioning/errors.ts'
import type { ConditioningMap } from '../../conditioning/types.ts'
import { StudioError } from '../../contract/request.ts'
import { fault } from '../../faults/fault.ts'
import type { FromWorker, MapJob, MapJobResult, ToWorker } from './job.ts'

export interface RunOptions {
  /** Ends the job: at once for the caller; the worker stops before its next map. */
  signal?: AbortSignal
  /** Goes before the jobs that wait. */
  urgent?: boolean
  onMap?: (map: ConditioningMap) => void
}

interface Task {
  id: number
  job: MapJob
  maps: ConditioningMap[]
  options: RunOptions
  resolve(result: MapJobResult): void
  reject(error: unknown): void
}

interface Slot {
  worker: Worker
  task: Task | null
}

/** Up to `size` worker threads, started when there is work, with one queue. */
export class WorkerGroup {
  readonly #size: number
  readonly #heapMb: number | undefined
  readonly #slots: Slot[] = []
  readonly #queue: Task[] = []
  #last = 0

  constructor(size: number, heapMb?: number) {
    this.#size = size
    this.#heapMb = heapMb
  }

  run(job: MapJob, options: RunOptions): Promise<MapJobResult> {
    const { signal } = options
    if (signal?.aborted) return Promise.reject(cancelled())
    return new Promise<MapJobResult>((resolve, reject) => {
      const task: Task = { id: ++this.#last, job, maps: [], options, resolve, reject }
      signal?.addEventListener('abort', () => this.#cancel(task), { once: true })
      if (options.urgent) this.#queue.unshift(task)
      else this.#queue.push(task)
      this.#next()
    })
  }

  /** Ends the threads; what runs or waits is cancelled. */
  async close(): Promise<void> {
    const slots = this.#slots.splice(0)
    for (const task of this.#queue.splice(0)) task.reject(cancelled())
    for (const { task } of slots) task?.reject(cancelled())
    await Promise.all(slots.map(({ worker }) => worker.terminate()))
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const slot = this.#slots.find(({ task }) => task === null) ?? this.#start()
      if (!slot) return
      const task = this.#queue.shift()!
      slot.task = task
      slot.worker.ref()
      try {
        slot.worker.postMessage({ kind: 'job', id: task.id, job: task.job } satisfies ToWorker)
      } catch (error) {
        this.#finish(slot, () => task.reject(error))
      }
    }
  }

  #start(): Slot | null {
    if (this.#slots.length >= this.#size) return null
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      ...(this.#heapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: this.#heapMb } }),
    })
    const slot: Slot = { worker, task: null }
    this.#slots.push(slot)
    worker.on('message', (message: FromWorker) => this.#receive(slot, message))
    worker.on('error', error => this.#lost(slot, error))
    worker.on('exit', code => this.#lost(slot, new Error(`exit code ${code}`)))
    return slot
  }

  #receive(slot: Slot, message: FromWorker): void {
    const { task } = slot
    if (task?.id !== message.id) return
    switch (message.kind) {
      case 'map':
        task.maps.push(message.map)
        if (!task.options.signal?.aborted) task.options.onMap?.(message.map)
        return
      case 'done':
        this.#finish(slot, () => task.resolve({ glyph: message.glyph, maps: task.maps }))
        return
      case 'failed':
        this.#finish(slot, () => task.reject(StudioError.from(message.error)))
    }
  }

  #finish(slot: Slot, settle: () => void): void {
    slot.task = null
    // An idle thread does not keep its process alive.
    slot.worker.unref()
    settle()
    this.#next()
  }

  /** A thread that died takes its own job with it, nothing else; the next job gets a new thread. */
  #lost(slot: Slot, error: Error & { code?: string }): void {
    const index = this.#slots.indexOf(slot)
    if (index < 0) return
    this.#slots.splice(index, 1)
    slot.task?.reject(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? fault('mapOutOfMemory')
        : fault('mapWorkerEnded', { reason: error.message }),
    )
    this.#next()
  }

  #cancel(task: Task): void {
    task.reject(cancelled())
    const waiting = this.#queue.indexOf(task)
    if (waiting >= 0) this.#queue.splice(waiting, 1)
    const slot = this.#slots.find(({ task: running }) => running === task)
    slot?.worker.postMessage({ kind: 'cancel', id: task.id } satisfies ToWorker)
  }
}
