/**
 * The caller's side of a child process or a worker thread: calls with a reply each, events between, cancel, deadline,
 * death. Everything that may leak or hang between processes is handled here:
 * - listeners on a caller's signal are removed with the call, however long the signal lives;
 * - an aborted call rejects at once, and its later events are dropped;
 * - however the other side ends, every pending call is rejected;
 * - a child that gives no sign of life for `silenceMs` is killed, as if it had crashed.
 */
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import type { Calls, FromAnswerer } from './calls.ts'
import type { Ended, Endpoint } from './endpoint.ts'

export interface ChannelOptions {
  /** The error of calls that wait when the other side ends. */
  died: (ended: Ended) => StudioError
  /** After an abort the other side may finish for so long before it is ended, milliseconds; 0 ends it at once. Default: for ever. */
  drainMs?: number
  /** No event, no answer to a ping and no processor time for so long while a call waits: it hangs. Default: for ever. */
  silenceMs?: number
}

export interface CallOptions<Event> {
  onEvent?: ((event: Event) => void) | undefined
  signal?: AbortSignal | undefined
  /** The other side is ended when it has not answered by then, milliseconds. */
  deadlineMs?: number | undefined
}

export interface Call<Reply> {
  /** Rejects with StudioError: the other side's own, 'cancelled' at once on abort, or how it died. */
  reply: Promise<Reply>
  /** When the other side is done with it, which after an abort is later than the reply. Never rejects. */
  settled: Promise<void>
}

interface Waiting {
  resolve(reply: unknown): void
  reject(error: StudioError): void
  onEvent(event: unknown): void
  settle(): void
}

const PING_MS = 1000

export class Channel<C extends Calls<C>> {
  readonly #endpoint: Endpoint
  readonly #options: ChannelOptions
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #pinging: NodeJS.Timeout | undefined
  /** Pings since the last sign of life. Counted, not timed: a computer that slept was not silent. */
  #silentPings = 0
  /** The error of pending calls where this side ends the other; otherwise options.died() makes it. */
  #reason: StudioError | null = null
  #ended: StudioError | null = null

  constructor(endpoint: Endpoint, options: ChannelOptions) {
    this.#endpoint = endpoint
    this.#options = options
    endpoint.listen({
      message: message => this.#receive(message),
      alive: () => {
        this.#silentPings = 0
      },
      ended: ended => this.#die(this.#reason ?? options.died(ended)),
    })
    endpoint.hold(false)
  }

  get pid(): number | undefined {
    return this.#endpoint.pid
  }

  /** The other side has ended: calls are rejected, and a caller has to start another. */
  get ended(): boolean {
    return this.#ended !== null
  }

  call<K extends keyof C & string>(
    name: K,
    request: C[K]['request'],
    { onEvent, signal, deadlineMs }: CallOptions<C[K]['event']> = {},
  ): Call<C[K]['reply']> {
    if (signal?.aborted) return refused(fault('cancelled'))
    if (this.#ended) return refused(this.#ended)
    const id = ++this.#lastId
    const answer = Promise.withResolvers<C[K]['reply']>()
    const settled = Promise.withResolvers<void>()
    const timers: NodeJS.Timeout[] = []
    const endAfter = (ms: number, error: StudioError) => timers.push(setTimeout(() => this.#kill(error), ms))
    const onAbort = () => {
      const waiting = this.#waiting.get(id)!
      Object.assign(waiting, SILENT)
      answer.reject(fault('cancelled'))
      const { drainMs } = this.#options
      if (drainMs === 0) return void this.#kill(fault('cancelled'))
      this.#endpoint.post({ kind: 'cancel', id })
      if (drainMs !== undefined) endAfter(drainMs, fault('cancelled'))
    }
    this.#waiting.set(id, {
      resolve: answer.resolve,
      reject: answer.reject,
      onEvent: onEvent ?? SILENT.onEvent,
      settle: () => {
        for (const timer of timers) clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        settled.resolve()
      },
    })
    signal?.addEventListener('abort', onAbort, { once: true })
    if (deadlineMs !== undefined) endAfter(deadlineMs, fault('tooSlow', { seconds: Math.round(deadlineMs / 1000) }))
    this.#begin()
    try {
      this.#endpoint.post({ kind: 'call', id, name, request })
    } catch (error) {
      this.#settle(id, waiting => waiting.reject(fault('unexpected', { reason: (error as Error).message })))
    }
    return { reply: answer.promise, settled: settled.promise }
  }

  /** Ends the other side; calls that wait fail with `error`, or with how it died. Settles when it is gone. */
  async kill(error?: StudioError): Promise<void> {
    this.#reason ??= error ?? null
    await this.#endpoint.kill()
  }

  #kill(error: StudioError): void {
    // Pending calls are rejected now, and a new call starts a new process, even if this one is slow to end.
    this.#die(error)
    void this.#endpoint.kill()
  }

  #begin(): void {
    this.#endpoint.hold(true)
    const { silenceMs } = this.#options
    if (silenceMs === undefined || this.#pinging) return
    this.#silentPings = 0
    this.#pinging = setInterval(() => {
      if (this.#silentPings++ * PING_MS >= silenceMs) {
        this.#kill(fault('silent', { seconds: Math.round(silenceMs / 1000) }))
      } else this.#endpoint.post({ kind: 'ping' })
    }, PING_MS).unref()
  }

  #rest(): void {
    clearInterval(this.#pinging)
    this.#pinging = undefined
    this.#endpoint.hold(false)
  }

  #receive(message: FromAnswerer): void {
    this.#silentPings = 0
    if (message.kind === 'event') this.#waiting.get(message.id)?.onEvent(message.event)
    else if (message.kind === 'reply') this.#settle(message.id, waiting => waiting.resolve(message.reply))
    else if (message.kind === 'failed')
      this.#settle(message.id, waiting => waiting.reject(StudioError.from(message.error)))
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    how(waiting)
    waiting.settle()
    if (this.#waiting.size === 0) this.#rest()
  }

  #die(error: StudioError): void {
    if (this.#ended) return
    this.#ended = error
    for (const id of [...this.#waiting.keys()]) this.#settle(id, waiting => waiting.reject(error))
    this.#rest()
  }
}

/** The callbacks of an aborted call: its events and reply are dropped. */
const SILENT = { resolve: () => {}, reject: () => {}, onEvent: () => {} }

const refused = (error: StudioError): Call<never> => ({ reply: Promise.reject(error), settled: Promise.resolve() })
