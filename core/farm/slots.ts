/** A limit on how many of something there are at once. */
import { fault } from '../faults/fault.ts'

export class Slots {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(most: number) {
    this.#free = most
  }

  /** Waits for a free one. @throws StudioError 'cancelled' */
  take(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(fault('cancelled'))
    if (this.#free > 0) {
      this.#free--
      return Promise.resolve()
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const give = () => {
      signal?.removeEventListener('abort', leave)
      resolve()
    }
    const leave = () => {
      this.#waiting.splice(this.#waiting.indexOf(give), 1)
      reject(fault('cancelled'))
    }
    signal?.addEventListener('abort', leave, { once: true })
    this.#waiting.push(give)
    return promise
  }

  free(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#free++
  }
}
