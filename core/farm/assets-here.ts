/** A task's files on a worker: fetched once by hash, checked, and kept in the data folder. */
import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectStore } from '@nats-io/obj'
import { fault } from '../faults/fault.ts'
import { writeDurably } from '../files/durable.ts'
import { sha256 } from '../files/hashes.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import { assetName } from './describe-task.ts'
import { objects } from './names.ts'
import { getObject, liveInfo } from './objects.ts'
import type { FarmStore } from './store.ts'
import type { Task } from './task.ts'

/** A larger file is no font, picture or latent of one picture. */
export const LARGEST_ASSET = 256e6
/** Unused files go after so long. */
const KEPT_MS = 7 * 24 * 3600_000

export class AssetsHere {
  readonly #folder: string
  /** One after the other: two tasks of one font fetch it once. */
  readonly #queue = new SerialQueue()

  /** @param folder in the worker's data folder */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Where a task's files lie. @throws StudioError farmAssetMissing, 'cannot-write'; what the server says */
  async of({ assets }: Task, pictures: ObjectStore, store: FarmStore): Promise<ReadonlyMap<string, string>> {
    const places = new Map<string, string>()
    for (const asset of assets) {
      const name = assetName(asset)
      const path = join(this.#folder, name.slice('asset:'.length))
      await this.#queue.run(() => this.#fetch(asset, path, pictures, store))
      places.set(name, path)
    }
    return places
  }

  async #fetch(
    { sha256: hash, name }: Task['assets'][number],
    path: string,
    pictures: ObjectStore,
    { connection: { jsm } }: FarmStore,
  ): Promise<void> {
    if (await stat(path).catch(() => null)) {
      await utimes(path, new Date(), new Date())
      return
    }
    const info = await liveInfo(pictures, objects.asset(hash))
    const bytes = info && info.size <= LARGEST_ASSET ? await getObject(jsm, pictures, objects.asset(hash)) : null
    if (!bytes || sha256(bytes) !== hash) throw fault('farmAssetMissing', { name })
    await writeDurably(path, bytes)
  }

  /** Deletes files that no task has needed for a week. */
  async tidy(now = Date.now()): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name)
      const info = await stat(path).catch(() => null)
      if (info && now - info.mtimeMs > KEPT_MS) await rm(path, { force: true })
    }
  }
}
