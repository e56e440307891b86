/**
 * Snapshots from the host beside its stream of events. An answer may be older than an event that has arrived while it was
 * on its way; such events are applied to the answer again, so that it does not undo them.
 */
export interface Snapshots<T> {
  /** Every change that an event makes, whether or not a snapshot is being asked for. */
  heard(change: (value: T) => T): void
  /** @returns the answer with all that was heard since the question */
  ask(question: () => Promise<T>): Promise<T>
}

export function snapshots<T>(): Snapshots<T> {
  const waiting = new Set<((value: T) => T)[]>()
  return {
    heard(change) {
      for (const changes of waiting) changes.push(change)
    },
    async ask(question) {
      const changes: ((value: T) => T)[] = []
      waiting.add(changes)
      try {
        const answer = await question()
        return changes.reduce<T>((value, change) => change(value), answer)
      } finally {
        waiting.delete(changes)
      }
    },
  }
}
