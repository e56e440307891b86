/** Tasks whose results are awaited. A notice says when to look; where one was lost, a look now and then finds the result. */
import { fault } from '../faults/fault.ts'

interface Entry {
  again: () => Promise<void>
  check: (() => Promise<boolean>) | null
  since: number
  /** Resolve and reject of those who wait. */
  waiting: { resolve: () => void; reject: (error: unknown) => void }[]
  looking: boolean
  /** Asked to look while it was looking. */
  more: boolean
}

/** Looked at without a notice at a time: the oldest first. */
const SOME = 48

export class Outstanding {
  readonly #entries = new Map<string, Entry>()
  readonly #lookMs: number

  constructor(lookMs: number) {
    this.#lookMs = lookMs
  }

  get size(): number {
    return this.#entries.size
  }

  /** @param again publishes it once more */
  add(id: string, again: () => Promise<void>): void {
    const entry = this.#entries.get(id)
    if (entry) entry.again = again
    else
      this.#entries.set(id, { again, check: null, since: performance.now(), waiting: [], looking: false, more: false })
  }

  /** Resolves when `check` finds the result. @throws StudioError 'cancelled'; what check() throws */
  until(id: string, check: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
    const entry = this.#entries.get(id)!
    entry.check = check
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter = { resolve, reject }
    entry.waiting.push(waiter)
    const leave = () => {
      entry.waiting.splice(entry.waiting.indexOf(waiter), 1)
      if (entry.waiting.length === 0) this.#entries.delete(id)
      reject(fault('cancelled'))
    }
    if (signal?.aborted) leave()
    signal?.addEventListener('abort', leave, { once: true })
    this.look(id)
    return promise.finally(() => signal?.removeEventListener('abort', leave))
  }

  look(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry?.check) return
    entry.more = entry.looking
    if (entry.looking) return
    entry.looking = true
    entry
      .check()
      .then(
        there => {
          if (there) this.#end(id, waiter => waiter.resolve())
        },
        error => this.#end(id, waiter => waiter.reject(error)),
      )
      .finally(() => {
        entry.looking = false
        entry.since = performance.now()
        if (entry.more && this.#entries.get(id) === entry) this.look(id)
      })
  }

  /** Looks for the oldest, as notices may be lost. */
  lookAtSome(): void {
    const old = performance.now() - this.#lookMs
    const due = [...this.#entries].filter(([, { since, looking }]) => since < old && !looking)
    for (const [id] of due.sort(([, a], [, b]) => a.since - b.since).slice(0, SOME)) this.look(id)
  }

  /** Publishes everything once more, and looks for it. */
  async again(): Promise<void> {
    for (const [id, { again }] of [...this.#entries]) {
      if (!this.#entries.has(id)) continue
      await again()
      this.look(id)
    }
  }

  #end(id: string, settle: (waiter: Entry['waiting'][number]) => void): void {
    const entry = this.#entries.get(id)
    this.#entries.delete(id)
    entry?.waiting.forEach(settle)
  }
}
