/**
 * The producer: the studio that owns a set. To makeSet() it is a maker of pictures like any other; each picture is a task on
 * the farm, and its result is taken off when the set's journal has it.
 */

import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { ObjectStore } from '@nats-io/obj'
import type { Request } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault, reasonOf, reportOf } from '../faults/fault.ts'
import { type ErrorReport, StudioError } from '../faults/studio-error.ts'
import { type HashCache, sha256 } from '../files/hashes.ts'
import type { AIImageGenerator, GeneratedPicture, GenerateOptions } from '../generate/ai-image-generator.ts'
import { facesFor } from '../glyph/font-door.ts'
import type { PictureMaker } from '../library/maker.ts'
import { computesAlike, ENGINE, type Fingerprint } from '../processes/painting/fingerprint.ts'
import { judgeCanary } from './canary.ts'
import { isGone, sentenceFor } from './connection.ts'
import { type DescribedTask, describeTask } from './describe-task.ts'
import {
  canarySubject,
  consumerOf,
  doneSubject,
  keys,
  objects,
  picturesOf,
  TASKS,
  taskSubject,
  tasksOfSet,
} from './names.ts'
import { Outstanding } from './outstanding.ts'
import { type Painted, packPicture, ResultError, readResult } from './result.ts'
import { Slots } from './slots.ts'
import { FarmStore, liveInfo, putObject } from './store.ts'
import type { Kind, Task } from './task.ts'

/** Tasks that are handed out ahead of what is painted: enough that no worker waits, few enough that memory stays flat. */
export const DEFAULT_AHEAD = 256
/** Results in memory between the farm and the set's folder. */
const RESULTS_AT_ONCE = 6
/** Results that are taken off again because they are wrong. */
const MOST_WRONG = 5
/** A result whose notice was lost is looked for this often. */
const LOOK_MS = 4000
/** One result's way over the network, at the longest. */
const FETCH_MS = 60_000
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
  readonly #outstanding: Outstanding
  readonly #slots: Slots
  readonly #kinds = new Map<string, Promise<void>>()
  readonly #canaries = new Map<string, Painted>()
  readonly #uploaded = new Set<string>()
  /** Which task a picture came from, until it is released. */
  readonly #tasks = new WeakMap<GeneratedPicture, Task>()
  /** How many pictures of the set are made by the same task. */
  readonly #users = new Map<string, number>()
  readonly #end = new AbortController()
  /** Distinguishes a task that is published again from its first message. */
  readonly #run = sha256(`${process.pid} ${Date.now()} ${Math.random()}`).slice(0, 8)
  #again = 0
  #pictures: ObjectStore | null = null
  readonly kindsInUse = new Map<string, Kind>()

  constructor(options: ProducerOptions) {
    this.#options = options
    this.ahead = options.ahead ?? DEFAULT_AHEAD
    this.#outstanding = new Outstanding(LOOK_MS)
    this.#slots = new Slots(options.holdsResults ? Number.POSITIVE_INFINITY : RESULTS_AT_ONCE)
  }

  /** Pictures that are painted at the same time, for estimates. */
  get atOnce(): number {
    return Math.max(1, this.#options.lanes?.() ?? 1)
  }

  get handedOut(): number {
    return this.#outstanding.size
  }

  /** Listens; makes what lacks on the server. */
  async open(): Promise<void> {
    const { store, set } = this.#options
    await store.ensure()
    this.#pictures = await store.createPictures(set)
    const { nc } = store.connection
    const done = nc.subscribe(doneSubject(set), { callback: (_, message) => this.#outstanding.look(message.string()) })
    const canary = nc.subscribe(canarySubject(set), {
      callback: (_, message) => void this.#judge(message.string()).catch(error => this.#problem(reportOf(error))),
    })
    const off = store.onReconnect(() => void this.#restore().catch(error => this.#problem(reportOf(error))))
    const looking = setInterval(() => this.#outstanding.lookAtSome(), LOOK_MS)
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
    const described = await describeTask(request, { ...this.#options, base })
    const { task } = described
    onProgress({ kind: 'stage', stage: 'maps' })
    await this.#kindOf(described, request, base)
    await this.#upload(described)
    this.#users.set(task.id, (this.#users.get(task.id) ?? 0) + 1)
    try {
      for (let wrong = 0; ; wrong++) {
        await this.#publish(task)
        const picture = await this.#result(request, described, signal)
        if (picture instanceof ResultError) {
          if (wrong >= MOST_WRONG) throw fault('farmResultWrong', { worker: 'a worker', reason: picture.message })
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

  /** The picture is in the set's folder and journal: its result goes. */
  async release(picture: GeneratedPicture): Promise<void> {
    const task = this.#tasks.get(picture)
    if (!task) return
    this.#tasks.delete(picture)
    this.#slots.free()
    if (this.#leave(task.id)) await this.#remove(task.id)
  }

  /** @returns whether nobody else waits for the task's result */
  #leave(id: string): boolean {
    const left = (this.#users.get(id) ?? 1) - 1
    if (left > 0) this.#users.set(id, left)
    else this.#users.delete(id)
    return left <= 0
  }

  /**
   * Ends. The farm keeps what is painted of an unfinished set, for the next run, and forgets all of a complete one; tasks that
   * nobody has begun go in both cases.
   */
  async close(complete: boolean): Promise<void> {
    this.#end.abort()
    const stop = new AbortController()
    const late = setTimeout(() => stop.abort(), CLOSE_MS)
    await this.#tidy(complete, new FarmStore(this.#options.store.connection, { signal: stop.signal }))
      // What stays behind goes when its time on the server is up.
      .catch(error => this.#options.onProblem?.(reportOf(sentenceFor(error, this.#options.store.connection.url))))
      .finally(() => clearTimeout(late))
  }

  async #tidy(complete: boolean, store: FarmStore): Promise<void> {
    const { set } = this.#options
    const { jsm } = store.connection
    await store.ensure()
    for (const kind of this.kindsInUse.keys()) await store.persist(() => store.shared.purge(keys.kind(set, kind)))
    await store.persist(() => jsm.streams.purge(TASKS, { filter: tasksOfSet(set) }))
    for (const kind of this.kindsInUse.keys()) {
      await store.persist(() => jsm.consumers.delete(TASKS, consumerOf(set, kind))).catch(ignoreGone)
    }
    await store.forget(`attempt.${set}.>`)
    await store.persist(() => store.shared.purge(keys.set(set)))
    if (!complete) return
    await store.forget(`admit.${set}.>`)
    await store.persist(() => jsm.streams.delete(`OBJ_${picturesOf(set)}`)).catch(ignoreGone)
  }

  async #result(
    request: Request,
    described: DescribedTask,
    signal?: AbortSignal,
  ): Promise<GeneratedPicture | ResultError> {
    const { task, files } = described
    await this.#outstanding.until(task.id, () => this.#isThere(task.id), signal)
    await this.#slots.take(signal)
    let held = false
    try {
      const bytes = await this.#fetch(task.id)
      if (!bytes) return new ResultError('it is gone')
      const read = await readResult(bytes, task)
      if ('error' in read.outcome) {
        // Told once; a later try paints it again.
        await this.#remove(task.id)
        throw StudioError.from(read.outcome.error)
      }
      const { picture } = read.outcome
      await checkFonts(request, picture, read.worker)
      if (this.#options.same === 'exact' && !computesAlike(read.made, this.#options.made))
        throw new ResultError('another kind of machine painted it')
      held = true
      return { ...picture, request: { ...request, count: 1 }, files, trace: null, made: read.made }
    } catch (error) {
      if (!(error instanceof ResultError)) throw error
      this.#problem(fault('farmResultWrong', { worker: 'a worker', reason: error.message }).report())
      await this.#remove(task.id)
      return error
    } finally {
      if (!held) this.#slots.free()
    }
  }

  async #isThere(id: string): Promise<boolean> {
    const { store } = this.#options
    try {
      return (await store.persist(() => liveInfo(this.#pictures!, id))) !== null
    } catch (error) {
      if (!isGone(error)) throw error
      await this.#restore()
      return false
    }
  }

  /** null: it is not there any more. */
  async #fetch(id: string): Promise<Uint8Array | null> {
    const { store } = this.#options
    return store.persist(async () => {
      const { promise, reject } = Promise.withResolvers<never>()
      // A server that dies in the middle leaves a reading that never ends.
      const deadline = setTimeout(() => reject(new Error('the result took too long')), FETCH_MS)
      try {
        return await Promise.race([this.#pictures!.getBlob(id), promise])
      } finally {
        clearTimeout(deadline)
      }
    })
  }

  async #remove(id: string): Promise<void> {
    await this.#options.store.persist(() => this.#pictures!.delete(id)).catch(ignoreGone)
  }

  /**
   * Puts a task on the queue. The server refuses a second message of its id: after a crash all may be published again. Where the
   * first one has been done and its result is gone, the task is given another name.
   */
  async #publish(task: Task): Promise<void> {
    const { store, set } = this.#options
    const { js, jsm } = store.connection
    const subject = taskSubject(set, task.kind, task.id)
    const bytes = JSON.stringify(task)
    this.#outstanding.add(task.id, () => this.#publish(task))
    const send = (msgID: string) => store.persist(() => js.publish(subject, bytes, { msgID }))
    const first = await send(`${set}.${task.id}`).catch(async error => {
      if (!isGone(error)) throw error
      await store.ensure()
      return send(`${set}.${task.id}`)
    })
    if (!first.duplicate) return
    const waits = await store.persist(() => jsm.streams.getMessage(TASKS, { last_by_subj: subject })).catch(gone)
    if (waits || (await this.#isThere(task.id))) return
    await store.forget(keys.attempts(set, task.id))
    await send(`${set}.${task.id}.${this.#run}-${this.#again++}`)
  }

  /** After a reconnection: what a server without its disk has lost is put there again. */
  async #restore(): Promise<void> {
    const { store, set } = this.#options
    await store.ensure()
    this.#pictures = await store.createPictures(set)
    this.#uploaded.clear()
    for (const kind of this.kindsInUse.values()) await this.#putKind(kind)
    await this.#outstanding.again()
  }

  async #upload({ task, assets }: DescribedTask): Promise<void> {
    const { store } = this.#options
    for (const { sha256: hash } of task.assets) {
      if (this.#uploaded.has(hash)) continue
      const name = objects.asset(hash)
      await store.persist(async () => {
        if (await liveInfo(this.#pictures!, name)) return
        await putObject(this.#pictures!, name, await readFile(assets.get(hash)!))
      })
      this.#uploaded.add(hash)
    }
  }

  /** Makes a kind known, with its test picture, before its first task. */
  #kindOf(described: DescribedTask, request: Request, base: string): Promise<void> {
    const { kind } = described.task
    const known = this.#kinds.get(kind)
    if (known) return known
    const making = this.#makeKind(described, request, base)
    this.#kinds.set(kind, making)
    making.catch(() => this.#kinds.delete(kind))
    return making
  }

  async #makeKind(described: DescribedTask, request: Request, base: string): Promise<void> {
    const { set, name, same, made, shares = false, canary = true } = this.#options
    const { task } = described
    const kind: Kind = {
      ...{ zihuaKind: 1, set, kind: task.kind, name, engine: ENGINE, same, made, shares },
      ...{ weights: task.weights, canary: canary ? task : null },
    }
    if (canary) {
      await this.#upload(described)
      this.#canaries.set(task.kind, await this.#canary(task, request, base))
    }
    this.kindsInUse.set(task.kind, kind)
    await this.#putKind(kind)
  }

  #putKind(kind: Kind): Promise<void> {
    return this.#options.store.write(keys.kind(kind.set, kind.kind), kind)
  }

  /** The producer's own test picture, kept on the farm so that a restart need not paint it again. */
  async #canary(task: Task, request: Request, base: string): Promise<Painted> {
    const { generator, store } = this.#options
    const name = `${objects.canary(task.kind)}-${task.id}`
    const kept = await this.#fetch(name).catch(() => null)
    const read = kept && (await readResult(kept, task).catch(() => null))
    if (read && 'picture' in read.outcome) return read.outcome.picture
    const [{ request: _, files: __, trace: ___, ...made }] = await generator.generate(
      { ...request, count: 1 },
      { base, together: true },
    )
    // Scored anew beside each worker's.
    const painted = { ...made, legibility: null }
    const bytes = await packPicture(task.id, { worker: hostname(), made: this.#options.made }, painted)
    await store.persist(() => putObject(this.#pictures!, name, bytes))
    return painted
  }

  /** Compares a worker's test picture, and says whether it may join. */
  async #judge(name: string): Promise<void> {
    const { store, set, same } = this.#options
    const match = /^canary-([0-9a-f]{16})-([a-z0-9]{12}-[0-9a-f]{16})$/.exec(name)
    const ours = match && this.#canaries.get(match[1])
    const task = match && this.kindsInUse.get(match[1])?.canary
    if (!ours || !task) return
    const key = keys.admission(set, match[1], match[2])
    const bytes = await this.#fetch(name)
    if (!bytes) return
    const refusal = await readResult(bytes, task)
      .then(theirs => judgeCanary(ours, theirs, same))
      .catch(error => fault('farmResultWrong', { worker: match[2], reason: reasonOf(error) }))
    if (refusal) this.#problem(refusal.report())
    await store.write(key, { admitted: refusal === null, refusal: refusal?.report() ?? null, of: sha256(bytes) })
  }

  #problem(problem: ErrorReport): void {
    if (!this.#end.signal.aborted) this.#options.onProblem?.(problem)
  }
}

async function checkFonts({ word, layout }: Request, { word: drawn }: Painted, worker: string): Promise<void> {
  if (!word || !drawn) return
  const expected = new Set([...(await facesFor(word, layout)).values()].map(({ sha256: of }) => of))
  const others = drawn.fonts.filter(({ sha256: of }) => !expected.has(of))
  if (others.length > 0)
    throw new ResultError(`${worker} drew the word with ${others.map(({ name }) => name).join(', ')}`)
}

function ignoreGone(error: unknown): void {
  if (!isGone(error)) throw error
}

function gone(error: unknown): null {
  ignoreGone(error)
  return null
}
