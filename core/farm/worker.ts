/** A worker: takes tasks from a farm as fast as its machine paints them, and opens no port. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Progress } from '../contract/progress.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { AssetsHere } from './assets-here.ts'
import { isGone } from './connection.ts'
import { doTask } from './do-task.ts'
import { follow } from './follow.ts'
import { controlSchema, type Order, Rate, type WorkerState } from './machines.ts'
import { HEARTBEAT_MS, keys } from './names.ts'
import type { Painter } from './painter.ts'
import type { Maker } from './result.ts'
import { entryValue, type FarmStore, type TaskMessage } from './store.ts'
import type { Kind, Task } from './task.ts'
import type { WeightsHere } from './weights-here.ts'
import { BESIDE, type JoinedKind, WorkerKinds } from './worker-kinds.ts'

/** How long the server lets a request for a task wait, milliseconds: with one kind of tasks, with several. */
const PULL_MS = { one: 3000, several: 1000 }
const PAUSE_MS = 500
/** Giving back waits no longer for a server that is away: it gives the tasks to others by itself. */
const GIVE_BACK_MS = 2000
/** What kept a worker from a set is looked at again every so many heartbeats. */
const RETRY_BEATS = 6

export interface WorkerOptions {
  /** Stable for a data folder. */
  id: string
  /** The machine's name, to show. */
  name: string
  store: FarmStore
  painter: Painter
  weights: Pick<WeightsHere, 'has' | 'hashes' | 'scan'>
  /** Where the files of tasks are kept. */
  assetsFolder: string
  memoryGiB: number
  ackWaitMs?: number
  /** Fetches weights that a kind needs; true: some have come. */
  fetchModels?: ((kind: Kind, signal: AbortSignal) => Promise<boolean>) | undefined
  onEvent?: (event: WorkerEvent) => void
}

export type WorkerEvent =
  | { kind: 'joined'; set: string }
  | { kind: 'problem'; problem: ErrorReport }
  | { kind: 'began' | 'ended'; task: Task; end?: string }
  | { kind: 'progress'; task: Task; progress: Progress }
  | { kind: 'ordered'; order: Order }

export class FarmWorker {
  readonly #options: WorkerOptions
  readonly #assets: AssetsHere
  readonly #maker: Maker
  /** Takes no more tasks. */
  readonly #stop = new AbortController()
  /** Gives back what is in hand. */
  readonly #giveBack = new AbortController()
  readonly #kinds: WorkerKinds
  readonly #doing = new Map<string, WorkerState['doing'][number]>()
  readonly #problems = new Map<string, ErrorReport>()
  readonly #rate = new Rate()
  readonly #count = { done: 0, failed: 0 }
  #inHand = 0
  #order: Order = 'run'
  /** Resolves when anything has changed that a waiting slot should know. */
  #change = Promise.withResolvers<void>()

  constructor(options: WorkerOptions) {
    const { id, store, painter, weights, fetchModels, name, assetsFolder } = options
    this.#options = options
    this.#assets = new AssetsHere(assetsFolder)
    this.#maker = { worker: name, made: painter.made }
    this.#kinds = new WorkerKinds({
      ...{ id, store, painter, weights, fetchModels, assets: this.#assets, maker: this.#maker },
      signal: this.#stop.signal,
      onJoined: kind => this.#tell({ kind: 'joined', set: kind.name }),
      onProblem: (kind, problem) => (problem ? this.#problem(kind, problem) : this.#problems.delete(kind)),
      onChange: () => this.#changed(),
    })
  }

  /** Works until stop(), or until it is drained. */
  async run(): Promise<void> {
    const { store, painter, weights } = this.#options
    await store.ensure()
    await this.#assets.tidy()
    const off = store.onReconnect(() => this.#kinds.rejoinAll())
    const following = [this.#announceOften(), this.#followOrders()]
    await weights.scan()
    following.push(this.#kinds.follow())
    const slots = Array.from({ length: painter.lanes + BESIDE }, () => this.#slot())
    await Promise.all(slots)
    off()
    this.#stop.abort()
    await Promise.allSettled(following)
    await store.workers.delete(this.#options.id).catch(() => {})
  }

  /** Takes no more tasks, and ends when those in hand are done. */
  drain(): void {
    this.#stop.abort()
    this.#changed()
  }

  /** Gives back what is in hand, and ends. */
  stop(): void {
    this.drain()
    this.#giveBack.abort()
    setTimeout(() => this.#options.store.abandon(), GIVE_BACK_MS).unref()
  }

  get state(): WorkerState {
    const { id, name, painter, weights, memoryGiB } = this.#options
    const state = this.#stop.signal.aborted
      ? 'draining'
      : this.#order === 'pause'
        ? 'paused'
        : this.#doing.size > 0
          ? 'working'
          : 'idle'
    return {
      ...{ zihuaWorker: 1, id, name, made: painter.made, lanes: painter.lanes, memoryGiB, state },
      models: weights.hashes.slice(0, 5000),
      doing: [...this.#doing.values()],
      ...this.#count,
      rate: this.#rate.value,
      problems: [...new Map([...this.#problems.values()].map(each => [each.message, each])).values()].slice(-20),
      time: Date.now(),
    }
  }

  async #slot(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const joined = this.#order === 'run' ? this.#kinds.joined : []
      const most = Math.max(0, ...joined.map(({ most }) => most))
      if (this.#inHand >= most) {
        await this.#change.promise
        continue
      }
      this.#inHand++
      try {
        const taken = await this.#take(joined)
        if (taken) await this.#do(taken)
      } finally {
        this.#inHand--
        this.#changed()
      }
    }
  }

  /** The next task of any kind; null where there is none now. The kind that was painted last comes first: its model is loaded. */
  async #take(joined: readonly JoinedKind[]): Promise<TaskMessage | null> {
    for (const each of joined) {
      try {
        const expires = joined.length > 1 ? PULL_MS.several : PULL_MS.one
        const message = await each.consumer.next({ expires })
        if (!message) continue
        if (this.#stop.signal.aborted || this.#order !== 'run') {
          message.nak()
          return null
        }
        this.#kinds.used(each.kind)
        return message
      } catch (error) {
        // The server has forgotten the consumer, or is away.
        if (isGone(error)) this.#kinds.rejoin(each.kind)
        await wait(PAUSE_MS, undefined, { signal: this.#stop.signal }).catch(() => {})
      }
    }
    return null
  }

  async #do(message: TaskMessage): Promise<void> {
    const { store, painter, ackWaitMs } = this.#options
    let key = ''
    const end = await doTask(message, {
      ...{ store, painter, assets: this.#assets, maker: this.#maker, signal: this.#giveBack.signal, ackWaitMs },
      onProgress: (task, progress) => {
        const { set, id, request } = task
        if (!key) this.#tell({ kind: 'began', task })
        key = id
        const step = progress.kind === 'step' ? progress.step : (this.#doing.get(id)?.step ?? 0)
        this.#doing.set(id, { set, word: request.word ?? '', step, steps: request.steps })
        this.#tell({ kind: 'progress', task, progress })
      },
      onProblem: problem => this.#problem('task', problem),
    })
    this.#doing.delete(key)
    if (end === 'painted') {
      this.#count.done++
      this.#rate.note()
      this.#problems.delete('task')
    } else if (end === 'failed') this.#count.failed++
    else if (end === 'back' && !this.#stop.signal.aborted) await this.#kinds.lookAgain()
  }

  #followOrders(): Promise<void> {
    const { store, id } = this.#options
    return follow({
      ...{ store, bucket: () => store.shared, filter: keys.control(id), signal: this.#stop.signal },
      onEntry: entry => {
        const order = entryValue(entry, controlSchema)?.order ?? 'run'
        if (order === this.#order) return
        this.#order = order
        this.#tell({ kind: 'ordered', order })
        if (order === 'drain') {
          // Said once: the next start works again.
          void store.shared.delete(keys.control(id)).catch(() => {})
          this.drain()
        }
        this.#changed()
      },
    })
  }

  /** Lets the others know that this worker lives, and what it does. */
  async #announceOften(): Promise<void> {
    const { store, id } = this.#options
    for (let beat = 1; !this.#ended; beat++) {
      if (beat % RETRY_BEATS === 0) await this.#kinds.retry()
      // Not persist(): what is told later is told anew.
      await store.workers.put(id, JSON.stringify(this.state)).catch(() => {})
      await wait(HEARTBEAT_MS, undefined, { signal: this.#stop.signal }).catch(() => wait(PAUSE_MS))
    }
  }

  get #ended(): boolean {
    return this.#stop.signal.aborted && this.#inHand === 0
  }

  #problem(place: string, problem: ErrorReport): void {
    this.#problems.set(place, problem)
    this.#tell({ kind: 'problem', problem })
  }

  #changed(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }

  #tell(event: WorkerEvent): void {
    this.#options.onEvent?.(event)
  }
}
