/** Runs asynchronous work one after another, in the order of the calls. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve()

  /** Runs `work` when all before it has settled, whether or not that succeeded. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => {})
    return done
  }
}
