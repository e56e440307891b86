/** Undo and redo of one value. A step is one act of the designer: edits under one key make one step until it is sealed. */
export interface Timeline<T> {
  past: readonly T[]
  present: T
  future: readonly T[]
  /** The key of the step that further edits still belong to. */
  open: string | null
}

/** Older steps than these are forgotten. */
const MOST_STEPS = 200

export const begin = <T>(present: T): Timeline<T> => ({ past: [], present, future: [], open: null })

/** The value changed by the designer; the same value is no step. */
export function edited<T>({ past, present, future, open }: Timeline<T>, next: T, key?: string): Timeline<T> {
  if (next === present) return { past, present, future, open }
  const sameStep = key !== undefined && key === open
  return {
    past: sameStep ? past : [...past, present].slice(-MOST_STEPS),
    present: next,
    future: [],
    open: key ?? null,
  }
}

/** One step back; the timeline as it is where there is none. */
export function undone<T>({ past, present, future, open }: Timeline<T>): Timeline<T> {
  if (past.length === 0) return { past, present, future, open }
  return { past: past.slice(0, -1), present: past.at(-1) as T, future: [present, ...future], open: null }
}

/** One step forward again; the timeline as it is where there is none. */
export function redone<T>({ past, present, future, open }: Timeline<T>): Timeline<T> {
  if (future.length === 0) return { past, present, future, open }
  return { past: [...past, present], present: future[0] as T, future: future.slice(1), open: null }
}
