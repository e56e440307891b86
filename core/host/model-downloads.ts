/** Downloads of an open studio: begun, paused, cancelled; each change is an event. */

import { licenceText } from '../downloads/manifest.ts'
import type { DownloadProgress } from '../downloads/model-download.ts'
import { fault, reportOf } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { freeBytes } from '../files/disk.ts'
import { isOfUse } from '../machine/cuda-runtime.ts'
import type { Downloadable, ModelStore } from '../machine/model-store.ts'
import type { DownloadList, DownloadView } from './api/models.ts'

interface Running {
  controller: AbortController
  progress: DownloadProgress | null
  done: Promise<void>
}

export interface ModelDownloadsParts {
  store: ModelStore
  dataFolder: string
  publish(view: DownloadView): void
  /** A model has landed and is registered. */
  landed(id: string, model: string | null): Promise<void>
}

export class ModelDownloads implements AsyncDisposable {
  readonly #parts: ModelDownloadsParts
  readonly #running = new Map<string, Running>()
  readonly #errors = new Map<string, ErrorReport>()
  /** Bytes a second of the last download, for the time that another one will take. */
  #lastSpeed: number | null = null

  constructor(parts: ModelDownloadsParts) {
    this.#parts = parts
  }

  async list(): Promise<DownloadList> {
    const { store, dataFolder } = this.#parts
    const all = await store.list()
    const offered = await Promise.all(all.map(({ manifest, state }) => state !== 'absent' || isOfUse(manifest)))
    return {
      downloads: await Promise.all(all.filter((_, i) => offered[i]).map(one => this.#view(one))),
      freeBytes: await freeBytes(dataFolder),
      speed: this.#lastSpeed,
    }
  }

  /** Begins or goes on; returns at once. @throws StudioError 'missing-model' */
  async start(id: string): Promise<void> {
    const manifest = await this.#parts.store.find(id)
    if (this.#running.has(id)) return
    const running: Running = { controller: new AbortController(), progress: null, done: Promise.resolve() }
    this.#running.set(id, running)
    this.#errors.delete(id)
    const onProgress = (progress: DownloadProgress) => {
      running.progress = progress
      if (progress.speed !== null) this.#lastSpeed = progress.speed
      this.#tell(id)
    }
    running.done = this.#parts.store
      .download(manifest, { signal: running.controller.signal, onProgress })
      .then(async ({ model }) => {
        this.#running.delete(id)
        await this.#parts.landed(id, model?.kind === 'model' ? model.id : null)
      })
      .catch(error => {
        this.#running.delete(id)
        const report = reportOf(error)
        if (report.code !== 'cancelled') this.#errors.set(id, report)
      })
      .finally(() => this.#tell(id))
    this.#tell(id)
  }

  /** Stops; what has arrived stays. */
  async pause(id: string): Promise<void> {
    const running = this.#running.get(id)
    running?.controller.abort()
    await running?.done
  }

  /** Stops, and deletes what has arrived, or what is there. @throws StudioError */
  async discard(id: string): Promise<void> {
    await this.pause(id)
    this.#errors.delete(id)
    await this.#parts.store.remove(id)
    this.#tell(id)
  }

  /** A licence's whole text, or null where only its address is known. @throws StudioError 'missing-model' */
  async licence(id: string, at: number): Promise<string | null> {
    const { licence } = await this.#parts.store.find(id)
    if (!licence[at]) throw fault('downloadUnknown', { id, known: '' })
    return licenceText(licence[at])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of [...this.#running.keys()]) await this.pause(id)
  }

  #tell(id: string): void {
    void this.#parts.store
      .list()
      .then(async all => {
        const one = all.find(({ manifest }) => manifest.id === id)
        if (one) this.#parts.publish(await this.#view(one))
      })
      .catch(() => {}) // the list is asked for again by whoever looks at it
  }

  async #view({ manifest, bytes, exact, state, onDisk }: Downloadable): Promise<DownloadView> {
    const { id, name, kind, purpose, licence, starter, suggested } = manifest
    const running = this.#running.get(id)
    return {
      ...{ id, name, kind, purpose, bytes, exact, onDisk },
      licences: licence.map(({ name: title, of, url }) => ({ name: title, of, url })),
      starter: starter ?? null,
      suggested: suggested ?? null,
      state: running ? 'running' : state,
      progress: running?.progress ?? null,
      error: this.#errors.get(id) ?? null,
    }
  }
}
