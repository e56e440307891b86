/** The SHA-256 of a file that grows from its beginning, computed in a thread while the rest arrives. */
import { Channel } from '../channel/channel.ts'
import { startThread } from '../channel/endpoint.ts'
import { fault } from '../faults/fault.ts'
import type { HashCalls } from './hash-thread.ts'
import { type Journal, PART } from './journal.ts'

/** At most so much in one call: a kill loses no more of the hash. */
const STRIDE = 64 << 20
/** How many times faster Node's hash is than the one with a state (measured: 130 and 800 MB/s). */
const NATIVE_SPEED = 6

export class RollingHash implements AsyncDisposable {
  readonly #file: string
  readonly #journal: Journal
  readonly #thread: Channel<HashCalls>
  readonly #closing = new AbortController()
  #following: Promise<void> | null = null

  constructor(file: string, journal: Journal) {
    this.#file = file + PART
    this.#journal = journal
    this.#thread = new Channel<HashCalls>(startThread(new URL('./hash-thread.ts', import.meta.url)), {
      died: ({ how }) => fault('unexpected', { reason: how.message }),
    })
  }

  /** Takes in what has become contiguous; returns at once. */
  follow(): void {
    this.#following ??= this.#advance()
      .catch(() => {}) // digest() hashes what is lacking, and fails where it cannot
      .finally(() => {
        this.#following = null
      })
  }

  /** Of the whole file, which must be complete. @throws StudioError, or the system's error */
  async digest(): Promise<string> {
    const { size } = this.#journal.head
    if (size - this.#journal.hash.bytes > size / NATIVE_SPEED) {
      this.#closing.abort()
      await this.#following
      return await this.#thread.call('whole', { file: this.#file }).reply
    }
    await this.#following
    await this.#advance()
    return await this.#thread.call('digest', { from: this.#journal.hash }).reply
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#thread.kill(fault('cancelled'))
    await this.#following
  }

  async #advance(): Promise<void> {
    const journal = this.#journal
    const { signal } = this.#closing
    while (journal.hash.bytes < journal.front && !signal.aborted) {
      const to = Math.min(journal.front, journal.hash.bytes + STRIDE)
      const request = { file: this.#file, from: journal.hash, to }
      await journal.noteHash(await this.#thread.call('advance', request, { signal }).reply)
    }
  }
}
