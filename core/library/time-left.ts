/** Estimates of the remaining time, from measurements alone. */

/** Only so many of the newest measurements count: speed changes when another program starts or on battery. */
const REMEMBERED = 12

/** The time of one piece of work where several are under way at a time. */
export class Throughput {
  readonly #atOnce: () => number
  readonly #now: () => number
  /** Time and cost of the last ends; the begin counts as the first. */
  readonly #ends: { at: number; cost: number }[]
  #begun = false

  /** @param atOnce how many are under way at a time; a function where that changes */
  constructor(atOnce: number | (() => number), now: () => number = () => performance.now()) {
    this.#atOnce = typeof atOnce === 'function' ? atOnce : () => atOnce
    this.#now = now
    this.#ends = [{ at: now(), cost: 0 }]
  }

  /** Starts the clock, after preparations (loading a model) that say nothing about the rest. Later calls do nothing. */
  begin(): void {
    if (!this.#begun) this.#ends[0].at = this.#now()
    this.#begun = true
  }

  /**
   * A piece of that cost has ended.
   * @returns its share of the elapsed time, milliseconds, measured over the last `atOnce` pieces. Until so many have ended,
   * the others are assumed to be as far as this one, since they began together.
   */
  ended(cost: number): number {
    this.#begun = true
    this.#ends.push({ at: this.#now(), cost })
    const atOnce = this.#atOnce()
    while (this.#ends.length > atOnce + 1) this.#ends.shift()
    const [before, ...ended] = this.#ends
    const total = ended.reduce((sum, end) => sum + end.cost, Math.max(0, atOnce - ended.length) * cost)
    return total > 0 ? ((ended.at(-1)!.at - before.at) * cost) / total : 0
  }
}

export class TimeLeft {
  readonly #rates: number[] = []

  /** Records a measurement. The first picture includes loading the model: it is left out once there are three more. */
  note(cost: number, milliseconds: number): void {
    if (cost > 0) this.#rates.push(milliseconds / cost)
    if (this.#rates.length > REMEMBERED) this.#rates.shift()
  }

  /** Milliseconds for work of this cost, by the median rate; null before the first measurement. */
  for(cost: number): number | null {
    const sorted = [...this.#rates].slice(this.#rates.length > 3 ? 1 : 0).sort((a, b) => a - b)
    if (sorted.length === 0) return null
    return Math.max(0, cost) * sorted[sorted.length >> 1]
  }
}
