/** What is going on at a farm: its workers and sets, followed or asked for once. */
import { fault } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { follow } from './follow.ts'
import { CLOCK_MINUTES, controlSchema, minutesOff, type Order, type WorkerState, workerSchema } from './machines.ts'
import { HEARTBEAT_TTL_MS, keys } from './names.ts'
import { entryValue, type FarmStore } from './store.ts'
import { type Kind, type SetState, setStateSchema } from './task.ts'

export interface FarmStatus {
  /** The server. */
  url: string
  workers: WorkerState[]
  sets: SetState[]
  /** Of all workers; null: not known yet. */
  picturesAnHour: number | null
  /** Until every set is done, milliseconds; null: not known yet. */
  timeLeft: number | null
}

/** Everything once. */
export async function readStatus(store: FarmStore): Promise<FarmStatus> {
  const workers = await store.entries('workers')
  const sets = await store.entries('shared', 'set.>')
  return summary(
    store.connection.url,
    workers.flatMap(entry => entryValue(entry, workerSchema) ?? []),
    sets.flatMap(entry => entryValue(entry, setStateSchema) ?? []),
  )
}

export function summary(url: string, workers: readonly WorkerState[], sets: readonly SetState[]): FarmStatus {
  const rates = workers.flatMap(({ rate }) => rate ?? [])
  const left = sets.flatMap(({ timeLeft }) => timeLeft ?? [])
  return {
    url,
    workers: workers.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    sets: [...sets],
    picturesAnHour: rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) : null,
    timeLeft: left.length > 0 && left.length === sets.length ? Math.max(...left) : null,
  }
}

/** Tells a worker, by its name or id, to pause, to go on, or to finish and end. @throws StudioError farmNoSuchWorker */
export async function order(store: FarmStore, worker: string, order: Order): Promise<WorkerState> {
  const { workers } = await readStatus(store)
  const found = workers.filter(({ id, name }) => id === worker || name === worker)
  if (found.length !== 1) {
    const known = workers.map(({ id, name }) => `${name} (${id})`).join(', ')
    throw fault('farmNoSuchWorker', { worker, known: known || '–' })
  }
  await store.write(keys.control(found[0]!.id), controlSchema.parse({ order }))
  return found[0]!
}

/** Follows the workers of a farm. */
export class WorkersView {
  readonly #store: FarmStore
  readonly #end = new AbortController()
  readonly #seen = new Map<string, { worker: WorkerState; at: number; minutes: number }>()

  constructor(store: FarmStore) {
    this.#store = store
    void follow({
      ...{ store, bucket: () => store.workers, filter: '>', signal: this.#end.signal },
      onEntry: entry => {
        const worker = entryValue(entry, workerSchema)
        if (!worker) this.#seen.delete(entry.key)
        else if (entry.key === worker.id) {
          this.#seen.set(worker.id, { worker, at: performance.now(), minutes: minutesOff(worker) })
        }
      },
    })
  }

  /** Those that were heard of lately; by this machine's clock alone. */
  get workers(): WorkerState[] {
    const old = performance.now() - HEARTBEAT_TTL_MS
    for (const [id, { at }] of this.#seen) if (at < old) this.#seen.delete(id)
    return [...this.#seen.values()].map(({ worker }) => worker)
  }

  /** Pictures at once of those that work. */
  get lanes(): number {
    const busy = this.workers.filter(({ state }) => state === 'working')
    return busy.reduce((sum, { lanes }) => sum + lanes, 0)
  }

  /** What is worth knowing about them, for the kinds of a set. */
  problems(kinds: Iterable<Kind>): ErrorReport[] {
    const { workers } = this
    const problems: ErrorReport[] = []
    if (workers.length === 0) problems.push(fault('farmNobodyThere', { url: this.#store.connection.url }).report())
    const all = new Set(workers.flatMap(({ models }) => models))
    const lacking = [...kinds].flatMap(({ weights }) => weights).filter(({ sha256 }) => !all.has(sha256))
    const names = new Set(lacking.map(({ name, sha256 }) => `${name} (${sha256.slice(0, 12)})`))
    // A worker that has just started is still reading its models.
    const told = workers.length > 0 && workers.every(({ models }) => models.length > 0)
    if (told && names.size > 0) {
      problems.push(fault('farmNobodyHasModel', { models: [...names].join(', ') }).report())
    }
    for (const { worker, minutes } of this.#seen.values()) {
      if (Math.abs(minutes) < CLOCK_MINUTES) continue
      problems.push(fault('farmClockOff', { worker: worker.name, minutes: Math.abs(minutes) }).report())
    }
    return problems
  }

  close(): void {
    this.#end.abort()
  }
}
