/**
 * Changes of the queue that could not be written: the disk is full, or another program holds the database. They are told
 * once and tried again until they are written, in their order; the queue starts nothing new meanwhile.
 */
import { dirname } from 'node:path'
import { faultOf } from '../faults/fault.ts'
import { troubleOf } from '../faults/sqlite.ts'
import type { StudioError } from '../faults/studio-error.ts'
import { diskOf } from '../files/disk.ts'

/** First and longest time between two tries, milliseconds. */
const RETRY_MS = { first: 50, most: 3000 }
/** A lock that is held for so long is told; hosts that share a queue hold it for a few milliseconds. */
const BUSY_TOLD_MS = 3000
/** So much has to be free before work begins again that fills a disk, bytes. */
const ENOUGH = 64 << 20

/** Errors after which the same would happen to every job: the queue waits instead. */
const FULL = new Set(['diskFull', 'databaseFull', 'databaseUnwritable'])

/** Whether an error says that there is no room, of the data folder's disk or of the one that a set goes to. */
export const saysFull = (error: unknown): boolean => FULL.has(faultOf(error).key ?? '')

/** Trouble that is not the studio's own mistake, and after which the same may work. */
const passes = (error: unknown): boolean => troubleOf(error) !== null || saysFull(error)

interface UnsavedOptions {
  /** Of the database. */
  folder: string
  /** Called when trouble begins or is of another kind, and with null when it is over. */
  onTrouble(trouble: StudioError | null): void
  /** Called when everything that had waited for a while is written. */
  onWritten(): void
}

export class Unsaved {
  readonly #folder: string
  readonly #onTrouble: UnsavedOptions['onTrouble']
  readonly #onWritten: UnsavedOptions['onWritten']
  readonly #waiting: (() => void)[] = []
  #timer: NodeJS.Timeout | null = null
  #delay = RETRY_MS.first
  #busySince: number | null = null
  #trouble: StudioError | null = null

  constructor({ folder, onTrouble, onWritten }: UnsavedOptions) {
    this.#folder = folder
    this.#onTrouble = onTrouble
    this.#onWritten = onWritten
  }

  /** What is wrong now, as it was told. */
  get trouble(): StudioError | null {
    return this.#trouble
  }

  /** Nothing may be begun: something is not written, or there is no room. */
  get blocks(): boolean {
    return this.#trouble !== null || this.#waiting.length > 0
  }

  /** Writes now, or as soon as it can be. Never throws SQLite's errors of this kind. */
  save(work: () => void): void {
    this.#waiting.push(work)
    if (this.#waiting.length === 1) this.flush()
  }

  /** The same for what may be lost, such as progress and a heartbeat. @returns whether it was written */
  attempt(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      this.note(error)
      return false
    }
  }

  /** Something failed: told where it is trouble of the kind that passes, thrown where it is a defect. */
  note(error: unknown): void {
    if (!passes(error)) throw error
    if (troubleOf(error) === 'busy') {
      this.#busySince ??= performance.now()
      if (performance.now() - this.#busySince < BUSY_TOLD_MS) return
    }
    this.#tell(faultOf(error))
  }

  /** Tries everything that waits. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    while (this.#waiting.length > 0) {
      const [work] = this.#waiting
      try {
        work()
      } catch (error) {
        if (!passes(error)) this.#waiting.shift()
        this.note(error)
        this.#later()
        return
      }
      this.#waiting.shift()
    }
    this.#delay = RETRY_MS.first
    this.#written()
  }

  /** Writing works: what only a lock had stopped is over. */
  #written(): void {
    this.#busySince = null
    if (this.#trouble?.key === 'databaseBusy') this.#tell(null)
  }

  /** To be called now and then while a change can be written: trouble ends where there is room again. */
  async recover(): Promise<void> {
    this.flush()
    const { trouble } = this
    if (trouble === null || this.#waiting.length > 0) return
    const file = trouble.values?.['file']
    const folder = typeof file === 'string' ? dirname(file) : this.#folder
    const free = (await diskOf(folder))?.free ?? 0
    if (free >= ENOUGH && this.#trouble === trouble) this.#tell(null)
  }

  /** The user says to go on, whatever is known of the disk. */
  dismiss(): void {
    this.#tell(null)
  }

  close(): void {
    this.flush()
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #later(): void {
    this.#timer = setTimeout(() => {
      this.flush()
      if (this.#waiting.length === 0) this.#onWritten()
    }, this.#delay)
    this.#timer.unref()
    this.#delay = Math.min(2 * this.#delay, RETRY_MS.most)
  }

  #tell(trouble: StudioError | null): void {
    if (trouble?.key === this.#trouble?.key) return
    this.#trouble = trouble
    this.#onTrouble(trouble)
  }
}
