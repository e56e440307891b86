/**
 * Changes that the screen shows before the host has agreed to them. What is shown is the host's value with the pending
 * changes over it, so that a refused change disappears alone, and an event that left the host before it does not undo it.
 */
interface Entry<T> {
  hosted: T
  pending: Partial<T>[]
}

export class Optimistic<T extends object> {
  readonly #entries = new Map<string, Entry<T>>()

  /** A value of the host's, from an answer or an event, which may be older than the pending changes. @returns what to show */
  received(id: string, hosted: T): T {
    const entry = this.#entries.get(id)
    if (!entry) return hosted
    entry.hosted = hosted
    return shown(entry)
  }

  /** @param current the value on the screen @returns what to show until the host has answered */
  begin(id: string, current: T, part: Partial<T>): T {
    const entry = this.#entries.get(id) ?? { hosted: current, pending: [] }
    this.#entries.set(id, entry)
    entry.pending.push(part)
    return shown(entry)
  }

  /** @param part the one given to begin() @param accepted false where the host has refused @returns what to show now */
  end(id: string, part: Partial<T>, accepted: boolean): T | undefined {
    const entry = this.#entries.get(id)
    if (!entry?.pending.includes(part)) return undefined
    entry.pending = entry.pending.filter(each => each !== part)
    if (accepted) entry.hosted = { ...entry.hosted, ...part }
    if (entry.pending.length === 0) this.#entries.delete(id)
    return shown(entry)
  }
}

const shown = <T extends object>({ hosted, pending }: Entry<T>): T => Object.assign({}, hosted, ...pending)

/** A queue for calls that must reach the host in the order of the acts behind them. */
export function inOrder(): <R>(call: () => Promise<R>) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve()
  return call => {
    const done = last.then(call)
    last = done.catch(() => {})
    return done
  }
}
