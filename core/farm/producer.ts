/**
 * The producer: the studio that owns a set. To makeSet() it is a maker of pictures like any other; each picture is a task on
 * the farm, and its result is taken off when the set's journal has it.
 */

import type { Request } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { reportOf } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import type { HashCache } from '../files/hashes.ts'
import type { AIImageGenerator, GeneratedPicture, GenerateOptions } from '../generate/ai-image-generator.ts'
import type { PictureMaker } from '../library/maker.ts'
import type { Fingerprint } from '../processes/painting/fingerprint.ts'
import { sentenceFor } from './connection.ts'
import { type DescribedTask, describeTask, RecentWeights } from './describe-task.ts'
import { endSet } from './end-set.ts'
import { KindsOfSet } from './kinds-of-set.ts'
import { canarySubject, doneSubject } from './names.ts'
import { LOOK_MS, Publisher } from './publisher.ts'
import { receive, WrongResult, wrongResult } from './receive.ts'
import { SetBucket } from './set-bucket.ts'
import { Slots } from './slots.ts'
import { FarmStore } from './store.ts'
import type { Kind, Task } from './task.ts'

/** Tasks that are handed out ahead of what is painted: enough that no worker waits, few enough that memory stays flat. */
export const DEFAULT_AHEAD = 256
/** Results in memory between the farm and the set's folder. */
const RESULTS_AT_ONCE = 6
/** Tasks that are described at the same time: the first ones are handed out while the others wait. */
const DESCRIBED_AT_ONCE = 8
/** Results that are taken off again because they are wrong. */
const MOST_WRONG = 5
/** The end of a set waits no longer for a server that is away. */
const CLOSE_MS = 20_000

export interface ProducerOptions {
  store: FarmStore
  /** Identifies the set on the farm: stable for its folder. */
  set: string
  name: string
  generator: Pick<AIImageGenerator, 'describe' | 'complete' | 'generate'>
  made: Fingerprint
  hashes: HashCache
  same: Sameness
  /** Where the networks that maps are made with lie; default: models/ in the data folder. */
  modelsFolder?: string | undefined
  /** Puts the files of models on the farm for workers that want them. */
  shares?: boolean
  /** false: workers need not show what they can (benchmarks with painters of another kind). */
  canary?: boolean
  ahead?: number
  /** Several pictures are made of one request, so that results are held longer: their number has no limit then. */
  holdsResults?: boolean
  onProblem?: (problem: ErrorReport) => void
  /** How many pictures all workers paint at once, as far as is known. */
  lanes?: () => number
}

export class FarmProducer implements PictureMaker {
  readonly ahead: number
  readonly #options: ProducerOptions
  readonly #bucket: SetBucket
  readonly #publisher: Publisher
  readonly #kinds: KindsOfSet
  readonly #slots: Slots
  readonly #describing = new Slots(DESCRIBED_AT_ONCE)
  readonly #recent = new RecentWeights()
  /** Which task a picture came from, until it is released. */
  readonly #tasks = new WeakMap<GeneratedPicture, Task>()
  /** How many pictures of the set are made by the same task. */
  readonly #users = new Map<string, number>()
  readonly #end = new AbortController()

  constructor(options: ProducerOptions) {
    const { store, set, name, generator, made, same, shares = false, canary = true } = options
    this.#options = options
    this.ahead = options.ahead ?? DEFAULT_AHEAD
    this.#slots = new Slots(options.holdsResults ? Number.POSITIVE_INFINITY : RESULTS_AT_ONCE)
    this.#bucket = new SetBucket(store, set)
    this.#publisher = new Publisher({ store, set, bucket: this.#bucket, restore: () => this.#restore() })
    this.#kinds = new KindsOfSet({
      ...{ store, set, name, generator, made, same, shares, canary, bucket: this.#bucket },
      upload: described => this.#publisher.upload(described),
      onProblem: problem => this.#problem(problem),
    })
  }

  /** Pictures that are painted at the same time, for estimates. */
  get atOnce(): number {
    return Math.max(1, this.#options.lanes?.() ?? 1)
  }

  get handedOut(): number {
    return this.#publisher.outstanding.size
  }

  /** What decides who may paint the pictures so far. */
  get kindsInUse(): ReadonlyMap<string, Kind> {
    return this.#kinds.inUse
  }

  /** Listens; makes what lacks on the server. */
  async open(): Promise<void> {
    const { store, set } = this.#options
    await store.ensure()
    await this.#bucket.create()
    const { nc } = store.connection
    const { outstanding } = this.#publisher
    const tellIfFails = (doing: Promise<void>) => void doing.catch(error => this.#problem(reportOf(error)))
    const done = nc.subscribe(doneSubject(set), { callback: (_, message) => outstanding.look(message.string()) })
    const canary = nc.subscribe(canarySubject(set), {
      callback: (_, message) => tellIfFails(this.#kinds.judge(message.string())),
    })
    const off = store.onReconnect(() => tellIfFails(this.#restore()))
    const looking = setInterval(() => outstanding.lookAtSome(), LOOK_MS)
    this.#end.signal.addEventListener('abort', () => {
      done.unsubscribe()
      canary.unsubscribe()
      clearInterval(looking)
      off()
    })
  }

  complete(input: unknown, base: string): Promise<Request> {
    return this.#options.generator.complete(input, base)
  }

  /** One picture, painted by whichever worker is free. Throws StudioError. */
  async generate(
    request: Request,
    { base, signal, onProgress = () => {} }: GenerateOptions,
  ): Promise<GeneratedPicture[]> {
    const described = await this.#describe(request, base, signal)
    const { task } = described
    onProgress({ kind: 'stage', stage: 'maps' })
    this.#users.set(task.id, (this.#users.get(task.id) ?? 0) + 1)
    try {
      for (let wrong = 0; ; ) {
        await this.#publisher.publish(task)
        const picture = await this.#result(request, described, signal)
        if (picture instanceof WrongResult) {
          if (++wrong > MOST_WRONG) throw picture.report
          continue
        }
        this.#tasks.set(picture, task)
        return [picture]
      }
    } catch (error) {
      this.#leave(task.id)
      throw error
    }
  }

  /** The task of a picture, with everything on the farm that it needs. */
  async #describe(request: Request, base: string, signal?: AbortSignal): Promise<DescribedTask> {
    await this.#describing.take(signal)
    try {
      const described = await describeTask(request, { ...this.#options, recent: this.#recent, base })
      this.#publisher.checkSize(described.task)
      await this.#kinds.tell(described, request, base)
      await this.#publisher.upload(described)
      return described
    } finally {
      this.#describing.free()
    }
  }

  /** The picture is in the set's folder and journal: its result goes. */
  async release(picture: GeneratedPicture): Promise<void> {
    const task = this.#tasks.get(picture)
    if (!task) return
    this.#tasks.delete(picture)
    this.#slots.free()
    if (this.#leave(task.id)) await this.#bucket.remove(task.id)
  }

  /** @returns whether nobody else waits for the task's result */
  #leave(id: string): boolean {
    const left = (this.#users.get(id) ?? 1) - 1
    if (left > 0) this.#users.set(id, left)
    else this.#users.delete(id)
    return left <= 0
  }

  /** Ends. The farm keeps what is painted of an unfinished set, for the next run, and forgets all of a complete one. */
  async close(complete: boolean): Promise<void> {
    this.#end.abort()
    const { store, set, onProblem } = this.#options
    const { connection } = store
    const stop = new AbortController()
    const late = setTimeout(() => stop.abort(), CLOSE_MS)
    const kinds = [...this.#kinds.inUse.keys()]
    await endSet(new FarmStore(connection, { signal: stop.signal }), set, kinds, complete)
      // What stays behind goes when its time on the server is up.
      .catch(error => onProblem?.(reportOf(sentenceFor(error, connection.url))))
      .finally(() => clearTimeout(late))
  }

  /** Waits for the result of a task that was handed out. @throws StudioError: why no worker could paint it */
  async #result(
    request: Request,
    described: DescribedTask,
    signal?: AbortSignal,
  ): Promise<GeneratedPicture | WrongResult> {
    const { id } = described.task
    const { same, made } = this.#options
    await this.#publisher.outstanding.until(id, () => this.#publisher.isThere(id), signal)
    await this.#slots.take(signal)
    let held = false
    try {
      const bytes = await this.#bucket.fetch(id)
      if (!bytes) {
        // Whatever is left of it goes, or nobody would paint it again.
        await this.#bucket.remove(id)
        return wrongResult('a worker', 'it is gone')
      }
      const picture = await receive(bytes, { request, described, same, made }).catch(async error => {
        // Told once; a later try paints it again.
        await this.#bucket.remove(id)
        if (!(error instanceof WrongResult)) throw error
        this.#problem(error.report.report())
        return error
      })
      held = !(picture instanceof WrongResult)
      return picture
    } finally {
      if (!held) this.#slots.free()
    }
  }

  /** After a reconnection: what a server without its disk has lost is put there again. */
  async #restore(): Promise<void> {
    await this.#options.store.ensure()
    await this.#bucket.create()
    this.#publisher.forgetUploads()
    await this.#kinds.tellAgain()
    await this.#publisher.outstanding.again()
  }

  #problem(problem: ErrorReport): void {
    if (!this.#end.signal.aborted) this.#options.onProblem?.(problem)
  }
}
