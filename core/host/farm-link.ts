/** The studio's own farm: its address, the sets that are made there, and what its machines do. */
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Sameness } from '../contract/vocabulary.ts'
import { connectFarm, type FarmAddress, type FarmConnection } from '../farm/connection.ts'
import { makeFarmSet } from '../farm/farm-set.ts'
import type { Order } from '../farm/machines.ts'
import { FarmStore } from '../farm/store.ts'
import { type FarmStatus, order, readStatus } from '../farm/view.ts'
import { fault } from '../faults/fault.ts'
import { readJson, writeDurably } from '../files/durable.ts'
import type { HashCache } from '../files/hashes.ts'
import type { Studio } from '../generate/studio.ts'
import type { SetInput } from '../sets/definition.ts'
import type { SetOptions } from '../sets/make-pictures.ts'
import type { SetReport } from '../sets/make-set.ts'

const addressSchema = z.object({ url: z.string(), token: z.string().optional() })

/** A farm whose state was asked for is let go after so long without another question, milliseconds. */
const IDLE_MS = 30_000

export class FarmLink {
  readonly #studio: Studio
  readonly #hashes: HashCache
  readonly #file: string
  #watching: { url: string; opening: Promise<FarmStore> } | null = null
  #idle: NodeJS.Timeout | undefined
  /** As it was last read; null: not yet. */
  last: FarmStatus | null = null

  constructor(studio: Studio, hashes: HashCache) {
    this.#studio = studio
    this.#hashes = hashes
    this.#file = join(studio.dataFolder, 'farm', 'link.json')
  }

  /** The address, without its token; null: none is set. */
  async url(): Promise<string | null> {
    return (await this.#address())?.url ?? null
  }

  /**
   * Sets or forgets the farm, after a look whether it is one. The token lies in a file that only the user can read, and never
   * goes to a page again.
   * @throws StudioError what connectFarm() says
   */
  async set(address: { url: string; token?: string | undefined } | null): Promise<void> {
    if (address) {
      const { nc } = await connectFarm(address, 'zihua studio')
      await nc.close()
    }
    await this.close()
    await writeDurably(this.#file, JSON.stringify(address))
    await chmod(this.#file, 0o600)
  }

  /** @throws StudioError farmUnset; what connectFarm() says */
  async status(): Promise<FarmStatus> {
    this.last = await readStatus(await this.#store())
    return this.last
  }

  /** @throws StudioError farmUnset, farmNoSuchWorker */
  async order(worker: string, told: Order): Promise<void> {
    await order(await this.#store(), worker, told)
  }

  /** As makeSet(), on the farm. @throws StudioError farmUnset too */
  async makeSet(set: SetInput, folder: string, same: Sameness, options: Omit<SetOptions, 'maker'>): Promise<SetReport> {
    const address = await this.#needed()
    const { generator, inference, modelsFolder } = this.#studio
    await inference.settle()
    return makeFarmSet(set, folder, {
      ...options,
      address,
      same,
      generator,
      modelsFolder,
      made: inference.made,
      hashes: this.#hashes,
    })
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const watching = this.#watching
    this.#watching = null
    this.last = null
    const store = await watching?.opening.catch(() => null)
    store?.abandon()
    await store?.connection.nc.close()
  }

  async #store(): Promise<FarmStore> {
    const address = await this.#needed()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref()
    if (this.#watching?.url !== address.url) {
      await this.close()
      this.#watching = { url: address.url, opening: open(address) }
      this.#watching.opening.catch(() => (this.#watching = null))
    }
    return this.#watching!.opening
  }

  async #needed(): Promise<FarmAddress> {
    const address = await this.#address()
    if (!address) throw fault('farmUnset')
    return address
  }

  async #address(): Promise<FarmAddress | null> {
    const found = addressSchema.safeParse(await readJson(this.#file).catch(() => null))
    return found.success ? found.data : null
  }
}

async function open(address: FarmAddress): Promise<FarmStore> {
  const connection: FarmConnection = await connectFarm(address, 'zihua studio')
  const store = new FarmStore(connection)
  await store.ensure()
  return store
}
