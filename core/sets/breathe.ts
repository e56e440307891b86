import { setImmediate } from 'node:timers/promises'

/** So many words or pictures are looked at before others get their turn: a host has more to answer than a long list. */
const AT_ONCE = 200

/**
 * To be awaited before each item of a long list, from 0.
 * @param atOnce fewer where an item takes longer
 * @throws AbortError where the signal has been given
 */
export async function breathe(at: number, signal: AbortSignal | undefined, atOnce = AT_ONCE): Promise<void> {
  if (at % atOnce === atOnce - 1) await setImmediate(undefined, signal && { signal })
}
