/** The streams and buckets of a farm, made where they lack, and what is read from and written into them. */

import { AckPolicy, DiscardPolicy, type JsMsg, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import { type KV, type KvEntry, Kvm } from '@nats-io/kv'
import { type ObjectStore, Objm } from '@nats-io/obj'
import { nanos } from '@nats-io/transport-node'
import type { z } from 'zod'
import { parsed } from '../files/parsed.ts'
import { type FarmConnection, isGone, type PersistOptions, persist } from './connection.ts'
import {
  ACK_WAIT_MS,
  ALL_TASKS,
  consumerOf,
  DUPLICATE_WINDOW_MS,
  HEARTBEAT_TTL_MS,
  picturesOf,
  SHARED,
  TASKS,
  tasksOfKind,
  WORKERS,
} from './names.ts'

export interface StoreOptions extends PersistOptions {
  /** Milliseconds until a task that nobody works on is given to another worker. */
  ackWaitMs?: number
}

/** A farm as its members see it. Calls wait for a server that is away. */
export class FarmStore {
  readonly connection: FarmConnection
  readonly #options: StoreOptions
  #shared: KV | null = null
  #workers: KV | null = null
  readonly #listeners = new Set<() => void>()
  #watching = false

  readonly #abandon = new AbortController()

  constructor(connection: FarmConnection, options: StoreOptions = {}) {
    this.connection = connection
    const { signal } = options
    this.#options = {
      ...options,
      signal: signal ? AbortSignal.any([signal, this.#abandon.signal]) : this.#abandon.signal,
    }
  }

  /** Waits no longer for a server that is away: every call that waits fails. */
  abandon(): void {
    this.#abandon.abort()
  }

  /** Calls back after each reconnection, when what a server may have lost is there again. @returns ends it */
  onReconnect(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) void this.#watchConnection()
    return () => this.#listeners.delete(listener)
  }

  async #watchConnection(): Promise<void> {
    if (this.#watching) return
    this.#watching = true
    for await (const { type } of this.connection.nc.status()) {
      if (type !== 'reconnect') continue
      await this.ensure().catch(() => {})
      for (const listener of [...this.#listeners]) listener()
    }
  }

  /** Tries until it succeeds: persist(). */
  persist<T>(body: () => Promise<T>): Promise<T> {
    return persist(this.connection.url, body, this.#options)
  }

  /** Makes what lacks; does nothing to what is there. Also after a server has lost its disk. */
  async ensure(): Promise<void> {
    const { js, jsm } = this.connection
    await this.persist(async () => {
      const found = await jsm.streams.info(TASKS).catch(error => {
        if (isGone(error)) return null
        throw error
      })
      if (!found) {
        await jsm.streams.add({
          name: TASKS,
          subjects: [ALL_TASKS],
          retention: RetentionPolicy.Workqueue,
          storage: StorageType.File,
          discard: DiscardPolicy.New,
          duplicate_window: nanos(DUPLICATE_WINDOW_MS),
        })
      }
    })
    this.#shared = await this.persist(() => new Kvm(js).create(SHARED, { history: 1, storage: StorageType.File }))
    this.#workers = await this.persist(() =>
      new Kvm(js).create(WORKERS, { history: 1, storage: StorageType.Memory, ttl: HEARTBEAT_TTL_MS }),
    )
  }

  /** ensure() has succeeded once. */
  get ready(): boolean {
    return this.#shared !== null && this.#workers !== null
  }

  /** What all must know. */
  get shared(): KV {
    return this.#shared!
  }

  /** Who is there. */
  get workers(): KV {
    return this.#workers!
  }

  /** A value of the shared bucket; null where there is none, or one that is not ours. */
  async read<T>(key: string, schema: z.ZodType<T>): Promise<T | null> {
    return entryValue(await this.persist(() => this.shared.get(key)), schema)
  }

  async write(key: string, value: unknown): Promise<void> {
    await this.persist(() => this.shared.put(key, JSON.stringify(value)))
  }

  /** Removes every key below a filter, without a trace. @param filter such as "kind.SET.>" */
  async forget(filter: string): Promise<void> {
    const { jsm } = this.connection
    await this.persist(() => jsm.streams.purge(`KV_${SHARED}`, { filter: `$KV.${SHARED}.${filter}` }))
  }

  /** Every entry below a filter. The library's own list of keys leaves a consumer on the server for some minutes each time. */
  async entries(of: 'shared' | 'workers', filter = '>'): Promise<KvEntry[]> {
    const bucket = of === 'shared' ? SHARED : WORKERS
    return this.persist(async () => {
      const root = `$KV.${bucket}.`
      const { state } = await this.connection.jsm.streams.info(`KV_${bucket}`, { subjects_filter: root + filter })
      const names = Object.keys(state.subjects ?? {}).map(subject => subject.slice(root.length))
      const all = await Promise.all(names.map(name => this[of].get(name)))
      return all.flatMap(entry => (entry && entry.operation === 'PUT' ? [entry] : []))
    })
  }

  /** The bucket of a set's pictures; null where the set is over. */
  async pictures(set: string): Promise<ObjectStore | null> {
    try {
      return await this.persist(() => new Objm(this.connection.js).open(picturesOf(set)))
    } catch (error) {
      if (isGone(error)) return null
      throw error
    }
  }

  createPictures(set: string): Promise<ObjectStore> {
    const { js } = this.connection
    return this.persist(() =>
      new Objm(js).create(picturesOf(set), { storage: StorageType.File, ttl: nanos(DUPLICATE_WINDOW_MS) }),
    )
  }

  /** The consumer of a kind's tasks, which the workers share. */
  async consumer(set: string, kind: string) {
    const { js, jsm } = this.connection
    const name = consumerOf(set, kind)
    await this.persist(() =>
      jsm.consumers.add(TASKS, {
        durable_name: name,
        filter_subject: tasksOfKind(set, kind),
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(this.#options.ackWaitMs ?? ACK_WAIT_MS),
        max_deliver: -1,
        max_ack_pending: -1,
        max_waiting: 4096,
      }),
    )
    return this.persist(() => js.consumers.get(TASKS, name))
  }
}

/** The parsed value of an entry; null where there is none, or one that is not ours. */
export function entryValue<T>(entry: Pick<KvEntry, 'operation' | 'string'> | null, schema: z.ZodType<T>): T | null {
  if (entry?.operation !== 'PUT') return null
  return parsed(entry.string(), schema)
}

export type TaskMessage = Pick<
  JsMsg,
  'subject' | 'data' | 'working' | 'ackAck' | 'nak' | 'term' | 'info' | 'redelivered'
>
