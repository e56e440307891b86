/** The host's side of the inference process: starts it, sends it one job at a time, and replaces it when it dies. */
import { availableParallelism } from 'node:os'
import type { CallOptions } from '../../channel/channel.ts'
import { Channel } from '../../channel/channel.ts'
import { startChild } from '../../channel/endpoint.ts'
import { machineMemory, weightsBudget } from '../../engine/memory.ts'
import { fault } from '../../faults/fault.ts'
import type { PipelineEvent } from '../../pipeline/multi-controlnet-pipeline.ts'
import type { InferenceCalls, InferenceSettings, PaintReply, PaintRequest, PrepareRequest } from './protocol.ts'

/** CPU, one thread a core, and weights up to 60 % of the machine's memory kept between pictures. */
export const DEFAULT_SETTINGS: InferenceSettings = {
  load: { provider: 'cpu', threads: availableParallelism() },
  retention: { budgetBytes: weightsBudget(machineMemory()) },
}

/** A cancelled job may finish its step within this time; then the process is ended. */
const DRAIN_MS = 4000
/**
 * A process without a message and without processor time for so long hangs, for example on a drive that does not
 * respond.
 */
const SILENCE_MS = 120_000

export interface ClientOptions {
  settings?: InferenceSettings
  /** The process's stderr, which has ONNX Runtime's messages too. Default: this process's stderr. */
  log?: 'inherit' | 'ignore'
  /** The process is ended after so many milliseconds without a sign of life while it paints. */
  silenceMs?: number
}

export interface JobOptions {
  onEvent?: (event: PipelineEvent) => void
  signal?: AbortSignal
}

export class InferenceClient {
  readonly #settings: InferenceSettings
  readonly #log: 'inherit' | 'ignore'
  readonly #silenceMs: number
  #channel: Channel<InferenceCalls> | null = null
  /** Tail of the job chain: settles when the process is idle, also after a cancelled job has drained. */
  #idle: Promise<void> = Promise.resolve()

  constructor({ settings = DEFAULT_SETTINGS, log = 'inherit', silenceMs = SILENCE_MS }: ClientOptions = {}) {
    this.#settings = settings
    this.#log = log
    this.#silenceMs = silenceMs
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.#channel?.pid
  }

  /**
   * Runs a job after those before it.
   * @throws StudioError what the pipeline says; 'cancelled' at once when the signal aborts; 'inference-crashed' when the
   * process dies or hangs. The next job gets a new process.
   */
  run(job: PaintRequest, options: JobOptions = {}): Promise<PaintReply> {
    return this.#inTurn('paint', job, options)
  }

  /** Starts the process, if it is not running, so that it is there when the first job comes. */
  start(): void {
    this.#open()
  }

  /**
   * Opens the model, reads the prompts and loads the networks of a job that will come, while its control pictures are
   * drawn. Never fails: what is wrong is said by the job itself.
   */
  async prepare(preparation: PrepareRequest, { signal }: Pick<JobOptions, 'signal'> = {}): Promise<void> {
    await this.#inTurn('prepare', preparation, signal ? { signal } : {}).catch(() => undefined)
  }

  /** Releases every session that is kept; the process stays. */
  async release(): Promise<void> {
    if (this.pid !== undefined) await this.#inTurn('release', null)
  }

  /** Ends the process; running jobs fail. Settles when it is gone, and its memory given back. */
  async stop(): Promise<void> {
    const channel = this.#channel
    this.#channel = null
    await channel?.kill()
  }

  #inTurn<K extends keyof InferenceCalls & string>(
    name: K,
    request: InferenceCalls[K]['request'],
    { signal, ...options }: CallOptions<InferenceCalls[K]['event']> = {},
  ): Promise<InferenceCalls[K]['reply']> {
    const { promise, resolve, reject } = Promise.withResolvers<InferenceCalls[K]['reply']>()
    const onAbort = () => reject(fault('cancelled'))
    if (signal?.aborted) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#idle = this.#idle.then(() => {
      signal?.removeEventListener('abort', onAbort)
      if (signal?.aborted) return
      const { reply, settled } = this.#open().call(name, request, { signal, ...options })
      reply.then(resolve, reject)
      return settled
    })
    return promise
  }

  #open(): Channel<InferenceCalls> {
    if (this.#channel && !this.#channel.ended) return this.#channel
    const script = new URL('./process.ts', import.meta.url)
    return (this.#channel = new Channel(startChild(script, [JSON.stringify(this.#settings)], this.#log), {
      died: ({ how }) => fault('inferenceEnded', { how }),
      drainMs: DRAIN_MS,
      silenceMs: this.#silenceMs,
    }))
  }
}
