import type { MemoryMonitor } from '../machine/memory-monitor.ts'

/** Adds up time by stage, milliseconds, and has the memory of each recorded where there is a monitor. */
export class Stopwatch {
  readonly milliseconds: Record<string, number> = {}
  readonly #monitor: MemoryMonitor | null

  constructor(monitor: MemoryMonitor | null = null) {
    this.#monitor = monitor
  }

  async time<T>(stage: string, body: () => Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await (this.#monitor ? this.#monitor.measure(stage, body) : body())
    } finally {
      this.#add(stage, start)
    }
  }

  /** Yields what a generator yields; counts the time that it takes to its next value, not that of whoever reads it. */
  async *each<T>(stage: string, values: AsyncIterable<T>): AsyncGenerator<T> {
    let start = performance.now()
    let end = await this.#monitor?.begin(stage)
    try {
      for await (const value of values) {
        this.#add(stage, start)
        await end?.()
        end = undefined
        yield value
        start = performance.now()
        end = await this.#monitor?.begin(stage)
      }
    } finally {
      // The last look for a value finds none: that is no step.
      end?.discard()
    }
  }

  #add(stage: string, start: number): void {
    this.milliseconds[stage] = (this.milliseconds[stage] ?? 0) + performance.now() - start
  }
}
