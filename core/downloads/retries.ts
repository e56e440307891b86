/** When to ask again: later each time, as the server wishes, and not for ever. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fault } from '../faults/fault.ts'
import type { BadAnswer } from './answers.ts'

export interface RetryOptions {
  /** The first pause, milliseconds; doubled at each failure. */
  firstMs?: number
  /** The longest pause of one's own, milliseconds. */
  longestMs?: number
  /** The longest pause that a server's Retry-After may ask for, milliseconds. */
  obeyMs?: number
  /** Failures in a row, without a block in between, after which it is given up. */
  most?: number
}

export class Retries {
  readonly #file: string
  readonly #signal: AbortSignal
  readonly #options: Required<RetryOptions>
  #failures = 0

  constructor(file: string, signal: AbortSignal, options: RetryOptions = {}) {
    this.#file = file
    this.#signal = signal
    this.#options = { firstMs: 500, longestMs: 30_000, obeyMs: 300_000, most: 24, ...options }
  }

  /** A block has arrived: the connection works. */
  succeeded(): void {
    this.#failures = 0
  }

  /** @throws StudioError 'missing-model' where it is time to give up, 'cancelled' */
  async wait({ message, retryAfterMs }: BadAnswer): Promise<void> {
    const { firstMs, longestMs, obeyMs, most } = this.#options
    this.#failures++
    const isTooLong = retryAfterMs !== null && retryAfterMs > obeyMs
    if (this.#failures > most || isTooLong) throw fault('downloadBroken', { file: this.#file, reason: message })
    // Several ranges fail together: they come back at different moments.
    const own = Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures - 1, 10)) * (0.75 + Math.random() / 2)
    await sleep(Math.max(own, retryAfterMs ?? 0), undefined, { signal: this.#signal }).catch(() => {
      throw fault('cancelled')
    })
  }
}
