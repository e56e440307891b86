/** Adds up time by stage, milliseconds. */
export class Stopwatch {
  readonly milliseconds: Record<string, number> = {}

  async time<T>(stage: string, body: () => Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await body()
    } finally {
      this.#add(stage, start)
    }
  }

  /** Yields what a generator yields; counts the time that it takes to its next value, not that of whoever reads it. */
  async *each<T>(stage: string, values: AsyncIterable<T>): AsyncGenerator<T> {
    let start = performance.now()
    for await (const value of values) {
      this.#add(stage, start)
      yield value
      start = performance.now()
    }
  }

  #add(stage: string, start: number): void {
    this.milliseconds[stage] = (this.milliseconds[stage] ?? 0) + performance.now() - start
  }
}
