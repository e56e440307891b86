/** How long the rest will take, from what was measured; never from a guess. */

/** The newest measurements that count: speed changes when another program starts or a battery takes over. */
const REMEMBERED = 12

/** How fast pieces of work are done that are under way several at a time. */
export class Pace {
  readonly #atOnce: number
  /** When the last of them ended, and their costs; the start counts as an end. */
  readonly #ends = [{ at: performance.now(), cost: 0 }]

  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  /** A piece of that cost has ended. @returns its share of the time, milliseconds: by the last `atOnce` pieces */
  ended(cost: number): number {
    this.#ends.push({ at: performance.now(), cost })
    if (this.#ends.length > this.#atOnce + 1) this.#ends.shift()
    const [before, ...ended] = this.#ends
    const total = ended.reduce((sum, end) => sum + end.cost, 0)
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
