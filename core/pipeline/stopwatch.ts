/** Adds up time by stage, milliseconds. */
export class Stopwatch {
  readonly milliseconds: Record<string, number> = {}

  async time<T>(stage: string, body: () => Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await body()
    } finally {
      this.milliseconds[stage] = (this.milliseconds[stage] ?? 0) + performance.now() - start
    }
  }
}
