/** The bucket of a set's pictures, as its producer uses it: results, files that tasks need, and test pictures. */
import type { ObjectStore } from '@nats-io/obj'
import { ignoreGone } from './connection.ts'
import { getObject, liveInfo, putObject } from './objects.ts'
import type { FarmStore } from './store.ts'

export class SetBucket {
  readonly #store: FarmStore
  readonly #set: string
  #objects: ObjectStore | null = null

  constructor(store: FarmStore, set: string) {
    this.#store = store
    this.#set = set
  }

  /** Makes it where it lacks: at first, and after a server has lost its disk. */
  async create(): Promise<void> {
    this.#objects = await this.#store.createPictures(this.#set)
  }

  /** @throws errors for which isGone(), where the bucket itself is not there */
  async has(name: string): Promise<boolean> {
    return (await this.#store.persist(() => liveInfo(this.#objects!, name))) !== null
  }

  /** null: it is not there. */
  fetch(name: string): Promise<Uint8Array | null> {
    const { jsm } = this.#store.connection
    return this.#store.persist(() => getObject(jsm, this.#objects!, name))
  }

  put(name: string, bytes: Uint8Array): Promise<void> {
    return this.#store.persist(() => putObject(this.#objects!, name, bytes))
  }

  async remove(name: string): Promise<void> {
    await this.#store.persist(() => this.#objects!.delete(name)).catch(ignoreGone)
  }
}
