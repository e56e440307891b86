/** The sets of the queue for the renderer: their pictures so far, and thumbnails of these. */
import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { z } from 'zod'
import { fault, phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { THUMBNAIL_SIDE } from '../image/thumbnails.ts'
import { readThumbnail } from '../pictures/door.ts'
import { type StudioQueue, setJobSchema } from '../queue/studio-jobs.ts'
import { MANIFEST } from '../sets/manifest.ts'
import { type MadePicture, SetReader } from '../sets/state.ts'
import { zipName } from '../sets/zip.ts'
import type { SetPicture, SetView } from './api/sets.ts'
import { filesOfSet } from './set-files.ts'

/** A view lists so many of the newest pictures; all of them lie in the folder. */
const MOST_PICTURES = 500

type SetPayload = z.output<typeof setJobSchema>

export class SetWatch {
  readonly #queue: StudioQueue
  readonly #readers = new Map<string, SetReader>()
  /** Parsed payloads of the sets that were looked at last: one may hold 20,000 words. */
  readonly #payloads = new LRUCache<string, SetPayload>({ max: 8 })
  /** For each set, the names of its pictures' first files by their hashes. */
  readonly #names = new Map<string, ReadonlyMap<string, string>>()
  /** The files that manifests name, of the sets that were asked for last. */
  readonly #manifests = new LRUCache<string, { mtimeMs: number; names: ReadonlySet<string> }>({ max: 8 })

  constructor(queue: StudioQueue) {
    this.#queue = queue
    queue.subscribe(event => {
      if (event.kind === 'changed') this.#payloads.delete(event.job.id)
      if (event.kind === 'removed') for (const id of event.ids) this.#forget(id)
    })
  }

  /** @throws StudioError 'bad-request' where there is no such set */
  async view(id: string): Promise<SetView> {
    const { folder } = this.#job(id)
    const { total, pictures, failures, notes } = await this.#reader(id).read()
    this.#names.set(id, new Map(pictures.map(({ sha256, name }) => [sha256, name])))
    const newest = pictures.slice(-MOST_PICTURES).reverse()
    return { folder, total, made: pictures.length, pictures: newest.map(made => viewOfMade(id, made)), failures, notes }
  }

  /**
   * Queues a finished set again, for all missing pictures or for its failures alone. Does nothing while it waits or
   * runs.
   * @throws StudioError 'bad-request' where there is no such set
   */
  resume(id: string, only: 'all' | 'failed'): void {
    this.#queue.retry(id, { ...this.#job(id), only })
  }

  /**
   * A thumbnail of a set's picture, as WebP. It is named by job and hash, never by a path: only files that the set's
   * journal
   * lists and that lie in the set's folder are read.
   * @returns null where there is no such picture
   */
  async thumbnail(id: string, sha256: string): Promise<Uint8Array | null> {
    const path = await this.#path(id, sha256).catch(() => null)
    if (path === null) return null
    return readThumbnail(path, THUMBNAIL_SIDE).catch(() => null)
  }

  /**
   * The path of one of a set's files by its name below the set's folder: of a picture that the set's own journal lists, or of
   * whatever the manifest of a finished set names; never of anything else that lies there.
   * @returns null where there is no such file
   * @throws StudioError 'bad-request' where there is no such set
   */
  async file(id: string, name: string): Promise<string | null> {
    const { folder } = this.#job(id)
    // Nothing of a folder that holds another set by now.
    if ((await this.view(id)).total === 0) return null
    const made = [...(this.#names.get(id)?.values() ?? [])].includes(name)
    return made || (await this.#listed(id)).has(name) ? inside(folder, name) : null
  }

  /**
   * The path of a set's ZIP file.
   * @returns null where it has been removed
   * @throws StudioError 'bad-request': no such set, or one without a ZIP; 'busy' before its end
   */
  async zip(id: string): Promise<string | null> {
    const { folder, set } = this.#job(id)
    if (!set.zip) throw fault('setWithoutZip', { id })
    const path = await inside(folder, zipName(set.name))
    const state = this.#queue.get(id)?.state
    if (path === null && state !== undefined && state !== 'done') throw fault('setNotDone', { id, state })
    return path
  }

  /** What the manifest names, read again when another one has been written. */
  async #listed(id: string): Promise<ReadonlySet<string>> {
    const { folder } = this.#job(id)
    const { mtimeMs = 0 } = (await stat(join(folder, MANIFEST)).catch(() => null)) ?? {}
    const known = this.#manifests.get(id)
    if (known?.mtimeMs === mtimeMs) return known.names
    const names = await filesOfSet(folder)
    this.#manifests.set(id, { mtimeMs, names })
    return names
  }

  #forget(id: string): void {
    this.#payloads.delete(id)
    this.#readers.delete(id)
    this.#names.delete(id)
    this.#manifests.delete(id)
  }

  async #path(id: string, sha256: string): Promise<string | null> {
    const { folder } = this.#job(id)
    if (!this.#names.get(id)?.has(sha256)) await this.view(id)
    const name = this.#names.get(id)?.get(sha256)
    if (name === undefined) return null
    return inside(folder, name)
  }

  #job(id: string): SetPayload {
    const known = this.#payloads.get(id)
    if (known) return known
    const job = this.#queue.get(id)
    if (job?.kind !== 'set') throw fault('noSuchSet')
    const payload = parse(setJobSchema, job.payload, phrase('theJob'))
    this.#payloads.set(id, payload)
    return payload
  }

  #reader(id: string): SetReader {
    const { set, folder } = this.#job(id)
    const reader = this.#readers.get(id) ?? new SetReader(folder, set)
    this.#readers.set(id, reader)
    return reader
  }
}

/** The path of a file, where it is one inside the folder; null for any other. */
async function inside(folder: string, name: string): Promise<string | null> {
  const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, name))]).catch(() => [null, null])
  return root && path?.startsWith(root + sep) ? path : null
}

export function viewOfMade(jobId: string, { sha256, ...made }: MadePicture): SetPicture {
  return { ...made, thumbnailUrl: `/sets/${jobId}/${sha256}.webp` }
}
