/** The kinds of tasks on a farm as one worker sees them: those that it may paint, and those that it cannot, with the reason. */
import type { Consumer } from '@nats-io/jetstream'
import { reportOf } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { isGone } from './connection.ts'
import { follow } from './follow.ts'
import { type Joiner, obstacleTo, seekAdmission } from './join-kind.ts'
import { keys } from './names.ts'
import { entryValue } from './store.ts'
import { type Kind, kindSchema } from './task.ts'
import type { WeightsHere } from './weights-here.ts'

/** What only a new start of the worker can change. */
const LASTING = new Set(['farmCanaryDiffers', 'farmOtherVersion', 'farmOtherFingerprint'])

/** One task has its maps drawn while others are painted, and one is scored, packed and sent: no lane waits for either. */
export const BESIDE = 2

export interface JoinedKind {
  kind: Kind
  consumer: Consumer
  /** Tasks in hand at once: those that are painted, and BESIDE. */
  most: number
}

export interface WorkerKindsParts extends Joiner {
  weights: Pick<WeightsHere, 'has' | 'scan'>
  /** Fetches weights that a kind needs; true: some have come. */
  fetchModels?: ((kind: Kind, signal: AbortSignal) => Promise<boolean>) | undefined
  onJoined: (kind: Kind) => void
  /** @param problem null: there is none with this kind any more */
  onProblem: (kind: string, problem: ErrorReport | null) => void
  onChange: () => void
}

export class WorkerKinds {
  readonly #parts: WorkerKindsParts
  readonly #kinds = new Map<string, Kind>()
  readonly #joined = new Map<string, JoinedKind>()
  /** Kinds that are being joined (null), or that this worker cannot paint, with the reason. */
  readonly #apart = new Map<string, ErrorReport | null>()

  constructor(parts: WorkerKindsParts) {
    this.#parts = parts
  }

  /** Those that it paints; the one that was painted last comes first, as its model is loaded. */
  get joined(): JoinedKind[] {
    return [...this.#joined.values()]
  }

  /** Joins each kind that is told of, until the signal aborts. */
  follow(): Promise<void> {
    const { store, signal, onProblem } = this.#parts
    return follow({
      ...{ store, bucket: () => store.shared, filter: keys.kinds, signal },
      onEntry: entry => {
        const kind = entryValue(entry, kindSchema)
        const name = kind ? nameOf(kind) : entry.key.slice('kind.'.length)
        if (!kind) {
          for (const map of [this.#kinds, this.#joined, this.#apart]) map.delete(name)
          onProblem(name, null)
        } else if (JSON.stringify(kind) !== JSON.stringify(this.#kinds.get(name))) {
          this.#kinds.set(name, kind)
          this.rejoin(kind)
        }
      },
    })
  }

  /** A task of it has been taken. */
  used(kind: Kind): void {
    const name = nameOf(kind)
    const joined = this.#joined.get(name)
    if (!joined) return
    const rest = [...this.#joined].filter(([other]) => other !== name)
    this.#joined.clear()
    for (const [key, one] of [[name, joined] as const, ...rest]) this.#joined.set(key, one)
  }

  rejoin(kind: Kind): void {
    const { signal, onProblem, onChange } = this.#parts
    const name = nameOf(kind)
    this.#joined.delete(name)
    if (this.#apart.get(name) === null) return
    this.#apart.set(name, null)
    this.#join(kind)
      .catch(error => {
        if (signal.aborted) return
        this.#apart.set(name, reportOf(error))
        // The set was over before the worker could join it: whatever is looked for is gone, and that is no problem.
        if (!isGone(error)) onProblem(name, reportOf(error))
      })
      .finally(onChange)
  }

  /** A server that has lost its disk has lost its consumers too. */
  rejoinAll(): void {
    for (const { kind } of this.joined) this.rejoin(kind)
  }

  /** After a task that could not be done: perhaps a model has changed. */
  async lookAgain(): Promise<void> {
    await this.#parts.weights.scan().catch(() => {})
    for (const { kind } of this.joined) if (obstacleTo(kind, this.#parts)) this.rejoin(kind)
  }

  /** What kept the worker from a kind may have gone. */
  async retry(): Promise<void> {
    if (this.#apart.size === 0) return
    await this.#parts.weights.scan().catch(() => {})
    for (const [name, why] of this.#apart) {
      const kind = this.#kinds.get(name)
      if (kind && why && !LASTING.has(why.key ?? '')) this.rejoin(kind)
    }
  }

  async #join(kind: Kind): Promise<void> {
    const { store, painter, weights, fetchModels, signal, onProblem, onJoined } = this.#parts
    const name = nameOf(kind)
    let obstacle = obstacleTo(kind, this.#parts)
    if (obstacle?.key === 'farmLacksModel' && kind.shares && (await fetchModels?.(kind, signal))) {
      await weights.scan()
      obstacle = obstacleTo(kind, this.#parts)
    }
    obstacle ??= await seekAdmission(kind, this.#parts)
    if (obstacle) throw obstacle
    const consumer = await store.consumer(kind.set, kind.kind)
    const lanes = kind.canary ? await painter.lanesFor(kind.canary) : painter.lanes
    this.#apart.delete(name)
    onProblem(name, null)
    // The set may be over by now.
    if (!this.#kinds.has(name)) return
    this.#joined.set(name, { kind, consumer, most: lanes + BESIDE })
    onJoined(kind)
  }
}

const nameOf = ({ set, kind }: Pick<Kind, 'set' | 'kind'>) => `${set}.${kind}`
