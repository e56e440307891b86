/** The host's side of the inference process: starts it, feeds it one job at a time, survives its death. */
import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Phrase, StudioError } from '../../contract/request.ts'
import { machineMemory, weightsBudget } from '../../engine/memory.ts'
import type { ProviderReport } from '../../engine/self-test.ts'
import { fault, phrase } from '../../faults/fault.ts'
import type { PipelineJob, PipelineResult } from '../../pipeline/job.ts'
import type { PipelineEvent } from '../../pipeline/multi-controlnet-pipeline.ts'
import type { FromInference, InferenceSettings, ToInference } from './protocol.ts'

/** CPU, one thread a core, and weights up to 60 % of the machine's memory kept between pictures. */
export const DEFAULT_SETTINGS: InferenceSettings = {
  load: { provider: 'cpu', threads: availableParallelism() },
  retention: { budgetBytes: weightsBudget(machineMemory()) },
}

/** A cancelled step may end by itself; after this long the process is killed instead. */
const DRAIN_MS = 4000

export interface ClientOptions {
  settings?: InferenceSettings
  /** How the process is started; Electron passes a utilityProcess in the shape of a child process. */
  start?: (settings: InferenceSettings) => ChildProcess
  /** Where the process's own words go, those of ONNX Runtime among them. Default: this one's standard error. */
  log?: 'inherit' | 'ignore'
}

export interface JobOptions {
  onEvent?: (event: PipelineEvent) => void
  signal?: AbortSignal
}

type Answer = (FromInference & { kind: 'done' })['result']

interface Pending {
  resolve: (result: Answer) => void
  reject: (error: StudioError) => void
  onEvent: (event: PipelineEvent) => void
}

export class InferenceClient {
  readonly #settings: InferenceSettings
  readonly #start: (settings: InferenceSettings) => ChildProcess
  #child: ChildProcess | null = null
  #pending = new Map<number, Pending>()
  #nextId = 1
  /** Ends when the process is free again: jobs wait for it, a cancelled one included. */
  #free: Promise<void> = Promise.resolve()

  constructor({ settings = DEFAULT_SETTINGS, log = 'inherit', start = forkProcess(log) }: ClientOptions = {}) {
    this.#settings = settings
    this.#start = start
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /**
   * Runs a job after those before it. Throws StudioError: what the pipeline says, 'cancelled' at once when the signal
   * aborts, 'inference-crashed' when the process dies; the next job gets a new process.
   */
  run(job: PipelineJob, { onEvent = () => {}, signal }: JobOptions = {}): Promise<PipelineResult> {
    const turn = this.#free
    const answer = turn.then(() => {
      signal?.throwIfAborted()
      const id = this.#nextId++
      // The step that runs out after a cancel is nobody's any more.
      const tell = (event: PipelineEvent) => signal?.aborted || onEvent(event)
      const done = this.#send({ kind: 'run', id, job }, id, tell) as Promise<PipelineResult>
      return { id, done }
    })
    const finished = answer.then(({ id, done }) => {
      const settled = done.then(noop, noop)
      return signal ? this.#drain(settled, id, signal) : settled
    })
    this.#free = finished.then(noop, noop)
    const result = answer.then(({ done }) => done)
    return signal ? Promise.race([result, aborted(signal)]).catch(asStudioError) : result.catch(asStudioError)
  }

  /** Gives back every session that is kept. */
  giveBack(): Promise<void> {
    if (!this.#child) return Promise.resolve()
    const id = this.#nextId++
    return this.#send({ kind: 'give-back', id }, id, noop).then(noop)
  }

  /** Tries every provider that this build has on a tiny network. */
  selfTest(): Promise<ProviderReport[]> {
    const id = this.#nextId++
    return this.#send({ kind: 'self-test', id }, id, noop) as Promise<ProviderReport[]>
  }

  /** Ends the process; running jobs fail. */
  stop(): void {
    this.#child?.kill('SIGKILL')
  }

  /** After an abort the process gets a moment to end its step, then is killed: the next job must not wait for a long one. */
  async #drain(settled: Promise<void>, id: number, signal: AbortSignal): Promise<void> {
    const child = this.#child
    await new Promise<void>(resolve => {
      let timer: NodeJS.Timeout | undefined
      const onAbort = () => {
        if (child?.connected) child.send({ kind: 'cancel', id } satisfies ToInference)
        timer = setTimeout(() => child?.kill('SIGKILL'), DRAIN_MS)
      }
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort, { once: true })
      settled.then(() => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        resolve()
      })
    })
  }

  #send(message: ToInference, id: number, onEvent: (event: PipelineEvent) => void): Promise<Answer> {
    const child = (this.#child ??= this.#open())
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onEvent })
      child.send(message, error => {
        if (error) this.#settle(id, pending => pending.reject(crashed(phrase('notReached'))))
      })
    })
  }

  #open(): ChildProcess {
    const child = this.#start(this.#settings)
    child.on('message', (message: FromInference) => {
      if (message.kind === 'event') this.#pending.get(message.id)?.onEvent(message.event)
      else if (message.kind === 'done') this.#settle(message.id, pending => pending.resolve(message.result))
      else this.#settle(message.id, pending => pending.reject(StudioError.from(message.error)))
    })
    const ended = (how: Phrase) => {
      if (this.#child === child) this.#child = null
      for (const id of [...this.#pending.keys()]) this.#settle(id, pending => pending.reject(crashed(how)))
    }
    child.on('error', error => ended(phrase('notStarted', { reason: error.message })))
    child.on('exit', (code, signal) =>
      ended(signal ? phrase('endedBySignal', { signal }) : phrase('endedWithCode', { code })),
    )
    return child
  }

  #settle(id: number, how: (pending: Pending) => void): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (pending) how(pending)
  }
}

const forkProcess =
  (log: 'inherit' | 'ignore') =>
  (settings: InferenceSettings): ChildProcess => {
    const entry = fileURLToPath(new URL('./process.ts', import.meta.url))
    // Advanced serialization carries typed arrays without turning them into text.
    return fork(entry, [JSON.stringify(settings)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', log, 'ipc'],
    })
  }

const noop = () => {}

const crashed = (how: Phrase): StudioError => fault('inferenceEnded', { how })

export function cancelled(): StudioError {
  return new StudioError('cancelled', 'The picture was cancelled.', 'Start it again when you like.')
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(cancelled())
    else signal.addEventListener('abort', () => reject(cancelled()), { once: true })
  })
}

function asStudioError(error: unknown): never {
  if (error instanceof StudioError) throw error
  throw (error as Error)?.name === 'AbortError' ? cancelled() : error
}
