/**
 * Lets other programs of this computer use the studio where its settings say so (localApi): the Writing Service on a port
 * of its own, beside the one of the studio's pages, switched on and off while the studio runs.
 */
import { reportOf } from '../faults/fault.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import type { LocalApiControl, LocalApiState } from '../host/local-api.ts'
import type { StudioHost } from '../host/studio-host.ts'
import { type Served, serve } from './serve.ts'

export class LocalApi implements LocalApiControl, AsyncDisposable {
  readonly #host: StudioHost
  readonly #renderer: string | undefined
  /** One change after the other: a port is free again before it is asked for anew. */
  readonly #changes = new SerialQueue()
  #served: { api: Served; as: string } | null = null
  #state: LocalApiState = { kind: 'off' }

  /** @param renderer folder of the built renderer, where it is not the usual one */
  constructor(host: StudioHost, renderer?: string) {
    this.#host = host
    this.#renderer = renderer
    host.localApi = this
  }

  state(): LocalApiState {
    return this.#state
  }

  apply(): Promise<void> {
    return this.#changes.run(() => this.#apply())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changes.run(() => this.#close())
  }

  async #apply(): Promise<void> {
    const { localApi } = this.#host.settings.get()
    const as = JSON.stringify(localApi)
    if (this.#served?.as === as) return
    await this.#close()
    if (!localApi) return
    const { port, token = null } = localApi
    const place = this.#renderer === undefined ? {} : { renderer: this.#renderer }
    try {
      const api = await serve({ host: this.#host, port, token, service: {}, ...place })
      this.#served = { api, as }
      this.#state = { kind: 'on', origin: api.origin }
    } catch (error) {
      this.#state = { kind: 'failed', error: reportOf(error) }
    }
  }

  async #close(): Promise<void> {
    const served = this.#served
    this.#served = null
    this.#state = { kind: 'off' }
    await served?.api.close()
  }
}
