/** Processes for work on strangers' bytes: each does one task at a time, and is ended where that takes too long. */
import type { Calls } from '../channel/calls.ts'
import { Channel } from '../channel/channel.ts'
import { startChild } from '../channel/endpoint.ts'
import { fault } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'

export interface PoolOptions {
  script: URL
  /** Processes at once: one that stalls never keeps the others waiting. */
  size?: number
  deadlineMs: number
  /** A process with nothing to do ends after so long, milliseconds. */
  idleMs?: number
}

type Ready = { ready: { request: null; event: never; reply: null } }

export class WorkerPool<C extends Calls<C> & Ready> {
  readonly #options: Required<PoolOptions>
  readonly #idle: Channel<C>[] = []
  readonly #waiting: (() => void)[] = []
  #busy = 0
  #ending: NodeJS.Timeout | undefined

  constructor({ size = 3, idleMs = 20_000, ...options }: PoolOptions) {
    this.#options = { size, idleMs, ...options }
  }

  /**
   * @param ended the error where the process was ended, for taking too long or too much memory
   * @throws StudioError as the task does; `ended`; 'cancelled' at once on abort, with the process that it ran in
   */
  async run<K extends keyof C & string>(
    name: K,
    request: C[K]['request'],
    ended: () => StudioError,
    signal?: AbortSignal,
  ): Promise<C[K]['reply']> {
    await this.#turn(signal)
    clearTimeout(this.#ending)
    const { deadlineMs } = this.#options
    const channel = this.#idle.pop() ?? this.#start()
    try {
      // How long a process takes to start says nothing of the file.
      await channel.call('ready', null, { signal }).reply
      return await channel.call(name, request, { signal, deadlineMs }).reply
    } catch (error) {
      throw channel.ended && !signal?.aborted ? ended() : error
    } finally {
      this.#busy--
      if (!channel.ended) this.#idle.push(channel)
      this.#waiting.shift()?.()
      if (this.#busy === 0) this.#endIdleLater()
    }
  }

  /** Ends processes that have nothing to do. */
  async close(): Promise<void> {
    clearTimeout(this.#ending)
    await Promise.all(this.#idle.splice(0).map(channel => channel.kill(fault('cancelled'))))
  }

  /** Resolves when one more process may be busy. */
  async #turn(signal: AbortSignal | undefined): Promise<void> {
    while (this.#busy >= this.#options.size) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      signal?.addEventListener('abort', () => resolve(), { once: true })
      await promise
      if (!signal?.aborted) continue
      const at = this.#waiting.indexOf(resolve)
      // A turn that came together with the abort is passed on.
      if (at >= 0) this.#waiting.splice(at, 1)
      else this.#waiting.shift()?.()
      throw fault('cancelled')
    }
    this.#busy++
  }

  #start(): Channel<C> {
    return new Channel<C>(startChild(this.#options.script, [], 'ignore'), {
      died: () => fault('cancelled'),
      drainMs: 0,
    })
  }

  #endIdleLater(): void {
    clearTimeout(this.#ending)
    this.#ending = setTimeout(() => void this.close(), this.#options.idleMs).unref()
  }
}
