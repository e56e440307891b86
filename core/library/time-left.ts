/** How long the rest will take, from what was measured; never from a guess. */

/** The newest measurements that count: speed changes when another program starts or a battery takes over. */
const REMEMBERED = 12

/** How fast pieces of work are done that are under way several at a time. */
export class Pace {
  readonly #atOnce: number
  readonly #now: () => number
  /** When the last of them ended, and their costs; the beginning counts as an end. */
  readonly #ends: { at: number; cost: number }[]
  #begun = false

  constructor(atOnce: number, now: () => number = () => performance.now()) {
    this.#atOnce = atOnce
    this.#now = now
    this.#ends = [{ at: now(), cost: 0 }]
  }

  /** The work itself begins: what came before (a model was loaded) is no measure of the rest. Later calls do nothing. */
  begin(): void {
    if (!this.#begun) this.#ends[0].at = this.#now()
    this.#begun = true
  }

  /**
   * A piece of that cost has ended.
   * @returns its share of the time, milliseconds, by the last `atOnce` pieces. Until so many have ended, the others are taken to
   * be as far as this one: they began together.
   */
  ended(cost: number): number {
    this.#begun = true
    this.#ends.push({ at: this.#now(), cost })
    if (this.#ends.length > this.#atOnce + 1) this.#ends.shift()
    const [before, ...ended] = this.#ends
    const total = ended.reduce((sum, end) => sum + end.cost, (this.#atOnce - ended.length) * cost)
    return total > 0 ? ((ended.at(-1)!.at - before.at) * cost) / total : 0
  }
}

export class TimeLeft {
  readonly #rates: number[] = []

  /** A piece of work of that cost took so long. The first picture loads the model: it counts until there are three more. */
  note(cost: number, milliseconds: number): void {
    if (cost > 0) this.#rates.push(milliseconds / cost)
    if (this.#rates.length > REMEMBERED) this.#rates.shift()
  }

  /** Milliseconds for work of this cost by the median rate; null while nothing was measured. */
  for(cost: number): number | null {
    const sorted = [...this.#rates].slice(this.#rates.length > 3 ? 1 : 0).sort((a, b) => a - b)
    if (sorted.length === 0) return null
    return Math.max(0, cost) * sorted[sorted.length >> 1]
  }
}
