/** The kinds of a set's tasks: told to the workers, each with a test picture by which those that join are judged. */
import { hostname } from 'node:os'
import type { Request } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault, reasonOf } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { sha256 } from '../files/hashes.ts'
import type { AIImageGenerator } from '../generate/ai-image-generator.ts'
import { legibilityOf } from '../library/maker.ts'
import { ENGINE, type Fingerprint } from '../processes/painting/fingerprint.ts'
import { judgeCanary } from './canary.ts'
import type { DescribedTask } from './describe-task.ts'
import { keys, objects } from './names.ts'
import { type Painted, packPicture, readResult } from './result.ts'
import type { SetBucket } from './set-bucket.ts'
import type { FarmStore } from './store.ts'
import type { Kind, Task } from './task.ts'

/** Names of test pictures that are remembered; who is not among them reminds the producer again. */
const MOST_EARLY = 1000

/** The kind that a worker's test picture is of, by the object's name; null: it is none. */
const kindOf = (name: string): string | null =>
  /^canary-([0-9a-f]{16})-[a-z0-9]{12}-[0-9a-f]{16}$/.exec(name)?.[1] ?? null

export interface KindsParts {
  store: FarmStore
  set: string
  name: string
  generator: Pick<AIImageGenerator, 'generate'>
  made: Fingerprint
  same: Sameness
  shares: boolean
  /** false: workers need not show what they can. */
  canary: boolean
  bucket: SetBucket
  upload: (described: DescribedTask) => Promise<void>
  onProblem: (problem: ErrorReport) => void
}

export class KindsOfSet {
  readonly #parts: KindsParts
  readonly #known = new Map<string, Promise<void>>()
  readonly #canaries = new Map<string, Painted>()
  /** Workers' test pictures that are being judged: they are reminded of. */
  readonly #judging = new Set<string>()
  /** Workers' test pictures that came before the producer's own. */
  readonly #early = new Set<string>()
  /** Told to the workers; the test picture may still be painted. */
  readonly inUse = new Map<string, Kind>()

  constructor(parts: KindsParts) {
    this.#parts = parts
  }

  /** Makes a kind known, and paints its test picture, before its first task. */
  tell(described: DescribedTask, request: Request, base: string): Promise<void> {
    const { kind } = described.task
    const known = this.#known.get(kind)
    if (known) return known
    const making = this.#make(described, request, base)
    this.#known.set(kind, making)
    making.catch(() => this.#known.delete(kind))
    return making
  }

  /** After a server has lost its disk. */
  async tellAgain(): Promise<void> {
    for (const kind of this.inUse.values()) await this.#put(kind)
  }

  async #make(described: DescribedTask, request: Request, base: string): Promise<void> {
    const { set, name, same, made, shares, canary, upload } = this.#parts
    const { task } = described
    const kind: Kind = {
      ...{ zihuaKind: 1, set, kind: task.kind, name, engine: ENGINE, same, made, shares },
      ...{ weights: task.weights, canary: canary ? task : null },
    }
    if (canary) await upload(described)
    this.inUse.set(task.kind, kind)
    await this.#put(kind)
    if (!canary) return
    // Workers load their models and paint the test picture at the same time.
    this.#canaries.set(task.kind, await this.#paint(task, request, base))
    for (const name of this.#early) if (kindOf(name) === task.kind) void this.judge(name).catch(() => {})
  }

  #put(kind: Kind): Promise<void> {
    return this.#parts.store.write(keys.kind(kind.set, kind.kind), kind)
  }

  /**
   * The producer's own test picture, kept on the farm so that a restart need not paint it again. It is a picture of the set: its
   * task is done with it.
   */
  async #paint(task: Task, request: Request, base: string): Promise<Painted> {
    const { generator, bucket, made } = this.#parts
    const name = `${objects.canary(task.kind)}-${task.id}`
    const kept = await bucket.fetch(name).catch(() => null)
    const read = kept && (await readResult(kept, task).catch(() => null))
    if (read && 'picture' in read.outcome) return read.outcome.picture
    const [picture] = await generator.generate({ ...request, count: 1 }, { base, together: true })
    const { request: _, files: __, trace: ___, ...about } = picture
    const painted = { ...about, legibility: await legibilityOf(picture) }
    const bytes = await packPicture(task.id, { worker: hostname(), made: painted.made ?? made }, painted)
    await bucket.put(name, bytes)
    if (!(await bucket.has(task.id))) await bucket.put(task.id, bytes)
    return painted
  }

  /** Compares a worker's test picture, and says whether it may join. @param name of the object that it stored */
  async judge(name: string): Promise<void> {
    const kind = kindOf(name)
    const task = kind && this.inUse.get(kind)?.canary
    if (!task || this.#judging.has(name)) return
    const ours = this.#canaries.get(kind)
    if (!ours) {
      if (this.#early.size < MOST_EARLY) this.#early.add(name)
      return
    }
    this.#early.delete(name)
    this.#judging.add(name)
    try {
      await this.#answer(name, { kind, worker: name.slice(`canary-${kind}-`.length), ours, task })
    } finally {
      this.#judging.delete(name)
    }
  }

  async #answer(
    name: string,
    { kind, worker, ours, task }: { kind: string; worker: string; ours: Painted; task: Task },
  ): Promise<void> {
    const { store, set, same, bucket, onProblem } = this.#parts
    const key = keys.admission(set, kind, worker)
    const bytes = await bucket.fetch(name)
    if (!bytes) return
    const refusal = await readResult(bytes, task)
      .then(theirs => judgeCanary(ours, theirs, same))
      .catch(error => fault('farmResultWrong', { worker, reason: reasonOf(error) }))
    if (refusal) onProblem(refusal.report())
    await store.write(key, { admitted: refusal === null, refusal: refusal?.report() ?? null, of: sha256(bytes) })
  }
}
