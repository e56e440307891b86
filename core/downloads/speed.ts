/** Bytes a second over the last seconds, and the time that is left. */

const WINDOW_MS = 10_000

export class Speed {
  readonly #samples: { ms: number; bytes: number }[] = []

  /** @param now milliseconds of any clock that never goes back */
  at(bytes: number, size: number, now = performance.now()): { speed: number | null; secondsLeft: number | null } {
    this.#samples.push({ ms: now, bytes })
    while (this.#samples.length > 2 && this.#samples[1].ms < now - WINDOW_MS) this.#samples.shift()
    const [first] = this.#samples
    const seconds = (now - first.ms) / 1000
    if (seconds < 0.5 || bytes <= first.bytes) return { speed: null, secondsLeft: null }
    const speed = (bytes - first.bytes) / seconds
    return { speed, secondsLeft: Math.max(0, (size - bytes) / speed) }
  }
}
