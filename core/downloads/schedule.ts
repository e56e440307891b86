/** Which range gets which blocks: the first that are lacking, so that the hash can follow close behind. */

export interface Segment {
  /** First block, and the one after the last. */
  from: number
  to: number
}

/** The most blocks in one request: enough that its round trip does not matter. */
const LONGEST = 4

export class Schedule {
  /** 1 for each block that is whole. */
  readonly #done: Uint8Array
  readonly #taken: Uint8Array

  constructor(done: Uint8Array) {
    this.#done = done
    this.#taken = new Uint8Array(done.length)
  }

  /** The next blocks in a row that are lacking and that nobody gets; null where there are none. */
  next(): Segment | null {
    const free = (block: number) => block < this.#done.length && !this.#done[block] && !this.#taken[block]
    let from = 0
    while (from < this.#done.length && !free(from)) from++
    if (from === this.#done.length) return null
    let to = from
    while (to - from < LONGEST && free(to)) this.#taken[to++] = 1
    return { from, to }
  }

  /** The blocks of a segment that did not arrive are free again. */
  giveBack({ from, to }: Segment): void {
    this.#taken.fill(0, from, to)
  }
}
