import { setImmediate } from 'node:timers/promises'
import { fault } from '../faults/fault.ts'

/**
 * Lets the event loop run once between two pieces of work that block it, so that messages come in, a cancel among them.
 * @throws StudioError 'cancelled' where the signal is aborted by then
 */
export async function yieldToEventLoop(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  if (signal?.aborted) throw fault('cancelled')
}

/** Items of a long list between two yields. */
const ITEMS_AT_ONCE = 200

/**
 * The same within a long list, once in so many items. To be awaited before each item.
 * @param at index of the item, from 0
 * @param every fewer items where one takes longer
 * @throws AbortError where the signal is aborted
 */
export async function yieldEvery(at: number, signal: AbortSignal | undefined, every = ITEMS_AT_ONCE): Promise<void> {
  if (at % every === every - 1) await setImmediate(undefined, signal && { signal })
}
