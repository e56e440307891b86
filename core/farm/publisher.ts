/** Hands out a set's tasks: each stands on the queue, with the files that it needs beside it, until its result is there. */
import { readFile } from 'node:fs/promises'
import { fault } from '../faults/fault.ts'
import { sha256 } from '../files/hashes.ts'
import { isGone, nullIfGone } from './connection.ts'
import type { DescribedTask } from './describe-task.ts'
import { keys, LARGEST_TASK, objects, TASKS, taskSubject } from './names.ts'
import { Outstanding } from './outstanding.ts'
import type { SetBucket } from './set-bucket.ts'
import type { FarmStore } from './store.ts'
import type { Task } from './task.ts'

/** A result whose notice was lost is looked for this often. */
export const LOOK_MS = 4000

/** A kind's message has its first task in it, and this much beside it. */
const KIND_ROOM = 128 << 10

export interface PublisherParts {
  store: FarmStore
  set: string
  bucket: SetBucket
  /** Puts everything there again after the bucket has gone. */
  restore: () => Promise<void>
}

export class Publisher {
  readonly outstanding = new Outstanding(LOOK_MS)
  readonly #parts: PublisherParts
  readonly #uploaded = new Set<string>()
  /** Distinguishes a task that is published again from its first message. */
  readonly #run = sha256(`${process.pid} ${Date.now()} ${Math.random()}`).slice(0, 8)
  #again = 0

  constructor(parts: PublisherParts) {
    this.#parts = parts
  }

  /**
   * Puts a task on the queue. The server refuses a second message of its id: after a crash all may be published again. Where the
   * first one has been done and its result is gone, the task is given another name.
   */
  async publish(task: Task): Promise<void> {
    const { store, set } = this.#parts
    const { js, jsm } = store.connection
    const subject = taskSubject(set, task.kind, task.id)
    const bytes = JSON.stringify(task)
    this.outstanding.add(task.id, () => this.publish(task))
    const send = (msgID: string) => store.persist(() => js.publish(subject, bytes, { msgID }))
    const first = await send(`${set}.${task.id}`).catch(async error => {
      if (!isGone(error)) throw error
      await store.ensure()
      return send(`${set}.${task.id}`)
    })
    if (!first.duplicate) return
    const waits = await store.persist(() => jsm.streams.getMessage(TASKS, { last_by_subj: subject })).catch(nullIfGone)
    if (waits || (await this.isThere(task.id))) return
    await store.forget(keys.attempts(set, task.id))
    await send(`${set}.${task.id}.${this.#run}-${this.#again++}`)
  }

  /** A task that no message can hold would be tried for ever. @throws StudioError farmTaskTooLarge */
  checkSize(task: Task): void {
    const { info } = this.#parts.store.connection.nc
    const most = Math.min(LARGEST_TASK, (info?.max_payload ?? LARGEST_TASK + KIND_ROOM) - KIND_ROOM)
    const bytes = Buffer.byteLength(JSON.stringify(task))
    if (bytes > most) throw fault('farmTaskTooLarge', { bytes, most })
  }

  /** Whether a task's result is on the farm. */
  async isThere(id: string): Promise<boolean> {
    const { bucket, restore } = this.#parts
    try {
      return await bucket.has(id)
    } catch (error) {
      if (!isGone(error)) throw error
      await restore()
      return false
    }
  }

  /** Puts the files that a task needs on the farm, each once. */
  async upload({ task, assets }: DescribedTask): Promise<void> {
    const { bucket } = this.#parts
    for (const { sha256: hash } of task.assets) {
      if (this.#uploaded.has(hash)) continue
      const name = objects.asset(hash)
      if (!(await bucket.has(name))) await bucket.put(name, await readFile(assets.get(hash)!))
      this.#uploaded.add(hash)
    }
  }

  /** Files that were there may be no more. */
  forgetUploads(): void {
    this.#uploaded.clear()
  }
}
