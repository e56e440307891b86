/** What each operation of a picture takes of the process's memory, and of the card's where one computes. */
import { readFileSync, writeFileSync } from 'node:fs'

/** Bytes. */
export interface MemoryUse {
  before: number
  after: number
  peak: number
}

export interface MemoryRecord {
  operation: string
  /** ISO 8601, UTC: when it ended. */
  at: string
  milliseconds: number
  /** Resident memory of the process. */
  host: MemoryUse
  /** Memory in use on the card by all programs; null for the processor, or where the driver does not tell. */
  device: MemoryUse | null
}

/** Reads the memory in use on the card, bytes; null where the driver does not tell. */
export type ReadDevice = () => Promise<number | null>

const KEPT = 200
const SAMPLE_MS = 100

export class MemoryMonitor {
  /** Of the card that computes; null where the processor does. Taken at the beginning of an operation. */
  readDevice: ReadDevice | null
  readonly #ring: MemoryRecord[] = []
  #count = 0

  constructor(readDevice: ReadDevice | null = null) {
    this.readDevice = readDevice
  }

  /** The newest operations, the oldest of them first. */
  get records(): readonly MemoryRecord[] {
    return this.#ring
  }

  /** How many were recorded, those that the ring has forgotten among them. */
  get count(): number {
    return this.#count
  }

  /** The records after the first `count`, as far as the ring has them. */
  since(count: number): MemoryRecord[] {
    return count === this.#count ? [] : this.#ring.slice(-(this.#count - count))
  }

  /** Runs an operation and records what it took, also where it fails. */
  async measure<T>(operation: string, body: () => Promise<T>): Promise<T> {
    const end = await this.begin(operation)
    try {
      return await body()
    } finally {
      await end()
    }
  }

  /** For what is no one function: the record is made when the returned function is called. */
  async begin(operation: string): Promise<(() => Promise<void>) & { discard(): void }> {
    const start = performance.now()
    const host = new HostPeak()
    const device = this.readDevice && (await DevicePeak.begin(this.readDevice))
    const end = async () => {
      const milliseconds = performance.now() - start
      const record = { operation, at: new Date().toISOString(), milliseconds, host: host.end() }
      this.#ring.push({ ...record, device: device && (await device.end()) })
      this.#count++
      if (this.#ring.length > KEPT) this.#ring.shift()
    }
    const discard = () => {
      host.stop()
      device?.stop()
    }
    return Object.assign(end, { discard })
  }
}

/** The kernel's own peak where it can be set back (Linux), else the largest of samples. */
class HostPeak {
  readonly #before = process.memoryUsage.rss()
  readonly #exact = resetPeak()
  #sampled = this.#before
  readonly #timer: NodeJS.Timeout | null

  constructor() {
    const sample = () => {
      this.#sampled = Math.max(this.#sampled, process.memoryUsage.rss())
    }
    this.#timer = this.#exact ? null : setInterval(sample, SAMPLE_MS).unref()
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
  }

  end(): MemoryUse {
    this.stop()
    const after = process.memoryUsage.rss()
    const peak = Math.max(after, this.#before, this.#exact ? (peakNow() ?? 0) : this.#sampled)
    return { before: this.#before, after, peak }
  }
}

class DevicePeak {
  readonly #read: ReadDevice
  readonly #before: number
  #peak: number
  readonly #timer: NodeJS.Timeout

  private constructor(read: ReadDevice, before: number) {
    this.#read = read
    this.#before = before
    this.#peak = before
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_MS).unref()
  }

  static async begin(read: ReadDevice): Promise<DevicePeak | null> {
    const before = await read().catch(() => null)
    return before === null ? null : new DevicePeak(read, before)
  }

  async #sample(): Promise<number> {
    const now = (await this.#read().catch(() => null)) ?? this.#peak
    this.#peak = Math.max(this.#peak, now)
    return now
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async end(): Promise<MemoryUse> {
    this.stop()
    const after = await this.#sample()
    return { before: this.#before, after, peak: this.#peak }
  }
}

/** Linux keeps the peak of resident memory (VmHWM), and forgets it when 5 is written here. Source: proc(5), clear_refs. */
function resetPeak(): boolean {
  if (process.platform !== 'linux') return false
  try {
    writeFileSync('/proc/self/clear_refs', '5')
    return true
  } catch {
    return false
  }
}

/** The most resident memory that this process has had since the last reset, bytes; null where the system does not say. */
export function peakNow(): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}
