/**
 * Models on their way from a producer to workers, on the word of both: the files lie on the farm in parts, so that a copy that
 * was interrupted goes on where it stopped; each file is checked by its hash before it gets its name.
 */
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { StorageType } from '@nats-io/jetstream'
import { type ObjectStore, Objm } from '@nats-io/obj'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { cannotWrite, INCOMPLETE, makeFolder, syncFolder } from '../files/durable.ts'
import { type HashCache, sha256OfFile } from '../files/hashes.ts'
import { isGone } from './connection.ts'
import { keys, MODELS } from './names.ts'
import { getObject, liveInfo, putObject } from './objects.ts'
import type { FarmStore } from './store.ts'
import type { Kind, TaskWeights } from './task.ts'

/** What an interruption loses at most. */
const PART = 16e6
const LOOK_MS = 1000

type ModelFile = TaskWeights['files'][number]

const partsOf = ({ bytes }: ModelFile): number => Math.max(1, Math.ceil(bytes / PART))
const partName = ({ sha256 }: ModelFile, part: number): string => `${sha256}.${part}`

const shelf = (store: FarmStore): Promise<ObjectStore> =>
  store.persist(() => new Objm(store.connection.js).create(MODELS, { storage: StorageType.File }))

/** The producer's side. */
export class ModelShelf {
  readonly #store: FarmStore
  readonly #kinds: () => Iterable<Kind>
  readonly #hashes: HashCache
  readonly #served = new Set<string>()

  constructor(store: FarmStore, kinds: () => Iterable<Kind>, hashes: HashCache) {
    this.#store = store
    this.#kinds = kinds
    this.#hashes = hashes
  }

  /** Puts on the shelf what workers ask for, out of the models of this set alone, until the signal aborts. */
  async serve(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const offered = new Map([...this.#kinds()].flatMap(({ weights }) => weights).map(each => [each.sha256, each]))
      const wanted = await this.#store.entries('shared', 'want.>').catch(() => [])
      for (const { key } of wanted) {
        const weights = offered.get(key.slice('want.'.length))
        if (weights && !this.#served.has(weights.sha256)) await this.#put(weights)
      }
      await wait(LOOK_MS, undefined, { signal }).catch(() => {})
    }
  }

  async #put(weights: TaskWeights): Promise<void> {
    const objects = await shelf(this.#store)
    for (const file of weights.files) {
      const path = await this.#pathOf(file)
      if (path === null) return
      for (let part = 0; part < partsOf(file); part++) {
        const name = partName(file, part)
        await this.#store.persist(async () => {
          if (await liveInfo(objects, name)) return
          await putObject(objects, name, await bytesOf(path, part * PART, Math.min(file.bytes, (part + 1) * PART)))
        })
      }
    }
    this.#served.add(weights.sha256)
  }

  async #pathOf({ sha256 }: ModelFile): Promise<string | null> {
    for (const path of this.#hashes.known(sha256)) {
      const now = await this.#hashes.file(path).catch(() => null)
      if (now?.sha256 === sha256) return path
    }
    return null
  }

  /** Takes everything off again. */
  async clear(): Promise<void> {
    const { jsm } = this.#store.connection
    await this.#store.forget('want.>').catch(() => {})
    await jsm.streams.delete(`OBJ_${MODELS}`).catch(() => {})
  }
}

async function bytesOf(path: string, start: number, end: number): Promise<Uint8Array> {
  if (end <= start) return new Uint8Array(0)
  const parts: Buffer[] = []
  for await (const part of createReadStream(path, { start, end: end - 1 })) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

export interface FetchOptions {
  store: FarmStore
  /** Each model gets a folder of its hash in it. */
  folder: string
  signal: AbortSignal
  onProgress?: (name: string, bytes: number, total: number) => void
}

/**
 * The worker's side: asks for weights, waits for them, and copies them.
 * @throws StudioError farmModelWrong, 'cannot-write'; the signal's reason
 */
export async function fetchWeights(
  weights: TaskWeights,
  { store, folder, signal, onProgress }: FetchOptions,
): Promise<void> {
  await store.write(keys.wanted(weights.sha256), { wanted: true })
  const objects = await shelf(store)
  const total = weights.files.reduce((sum, { bytes }) => sum + bytes, 0)
  let before = 0
  for (const file of weights.files) {
    const place = join(folder, weights.sha256, file.name)
    await fetchFile(file, place, objects, {
      store,
      signal,
      onBytes: bytes => onProgress?.(weights.name, before + bytes, total),
    })
    before += file.bytes
  }
}

interface FileOptions {
  store: FarmStore
  signal: AbortSignal
  onBytes: (bytes: number) => void
}

async function fetchFile(
  file: ModelFile,
  path: string,
  objects: ObjectStore,
  { store, signal, onBytes }: FileOptions,
): Promise<void> {
  if (await stat(path).catch(() => null)) return
  const incomplete = `${path}${INCOMPLETE}`
  try {
    await makeFolder(dirname(path))
    const handle = await open(incomplete, 'a')
    try {
      // Whole parts alone are trusted after an interruption.
      const begun = Math.floor((await handle.stat()).size / PART)
      await handle.truncate(Math.min(begun * PART, file.bytes))
      for (let part = begun; part < partsOf(file); part++) {
        await handle.appendFile(await partWhenThere(objects, partName(file, part), store, signal))
        await handle.datasync()
        onBytes(Math.min(file.bytes, (part + 1) * PART))
      }
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if (signal.aborted || cause instanceof StudioError || typeof (cause as NodeJS.ErrnoException).code !== 'string')
      throw cause
    throw cannotWrite(path, cause)
  }
  if ((await sha256OfFile(incomplete)) !== file.sha256) {
    await rm(incomplete, { force: true })
    throw fault('farmModelWrong', { name: file.name })
  }
  await rename(incomplete, path)
  await syncFolder(dirname(path))
}

async function partWhenThere(
  objects: ObjectStore,
  name: string,
  store: FarmStore,
  signal: AbortSignal,
): Promise<Uint8Array> {
  for (;;) {
    signal.throwIfAborted()
    const bytes = await store
      .persist(() => getObject(store.connection.jsm, objects, name))
      .catch(error => {
        if (isGone(error)) return null
        throw error
      })
    if (bytes) return bytes
    await wait(LOOK_MS, undefined, { signal })
  }
}
