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
