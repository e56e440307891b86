/**
 * The SHA-256 of a file that grows from its beginning, computed while the rest arrives. hash-wasm's state can be written
 * down and taken up after a kill; Node's own hash is six times as fast and has no such state. So the one rolls along as far
 * as it keeps up, and where much is left at the end the other takes the whole file.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { createSHA256, type IHasher } from 'hash-wasm'
import { sha256OfFile } from '../files/hashes.ts'
import { type Journal, PART } from './journal.ts'

/** Hashed in one go, about 2 ms: the network waits no longer than that. */
const PIECE = 256 << 10
/** The state is written down every so many bytes. */
const NOTED = 64 << 20
/** Measured: 800 and 130 MB/s. */
const NATIVE_SPEED = 6

export class RollingHash implements AsyncDisposable {
  readonly #file: string
  readonly #journal: Journal
  #hasher: IHasher | null = null
  #bytes = 0
  #noted = 0
  #stopped = false
  #following: Promise<void> | null = null

  constructor(file: string, journal: Journal) {
    this.#file = file + PART
    this.#journal = journal
  }

  /** Takes in what has become contiguous; returns at once. */
  follow(): void {
    if (this.#stopped) return
    this.#following ??= this.#advance()
      .catch(() => {}) // digest() hashes what is lacking, and fails where it cannot
      .finally(() => {
        this.#following = null
      })
  }

  /** Of the whole file, which must be complete. @throws the system's error */
  async digest(): Promise<string> {
    const { size } = this.#journal.head
    if (size - this.#bytes > size / NATIVE_SPEED) {
      await this[Symbol.asyncDispose]()
      return await sha256OfFile(this.#file)
    }
    await this.#following
    await this.#advance()
    return this.#hasher!.digest()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    await this.#following
  }

  async #advance(): Promise<void> {
    this.#hasher ??= await this.#resumed()
    const handle = await open(this.#file, 'r')
    try {
      await this.#take(this.#hasher, handle)
    } finally {
      await handle.close()
    }
  }

  async #take(hasher: IHasher, handle: FileHandle): Promise<void> {
    const piece = Buffer.allocUnsafe(PIECE)
    while (this.#bytes < this.#journal.front && !this.#stopped) {
      const { bytesRead } = await handle.read(piece, 0, Math.min(PIECE, this.#journal.front - this.#bytes), this.#bytes)
      if (bytesRead === 0) throw new Error('the file is shorter than it was')
      hasher.update(piece.subarray(0, bytesRead))
      this.#bytes += bytesRead
      if (this.#bytes - this.#noted >= NOTED) {
        this.#noted = this.#bytes
        await this.#journal.noteHash({ bytes: this.#bytes, state: hasher.save() })
      }
      await turn()
    }
  }

  /** Where the journal's state left off; a state of another version of the library is useless. */
  async #resumed(): Promise<IHasher> {
    const hasher = await createSHA256()
    hasher.init()
    const { bytes, state } = this.#journal.hash
    try {
      if (state !== null) hasher.load(state)
      this.#bytes = this.#noted = state === null ? 0 : bytes
    } catch {
      hasher.init()
    }
    return hasher
  }
}
