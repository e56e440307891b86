/** The signal that ends the runs of one job in the middle, known to every session that runs inside it. */
import { AsyncLocalStorage } from 'node:async_hooks'

const signals = new AsyncLocalStorage<AbortSignal>()

/** Runs body so that aborting the signal stops whatever graph it has running. */
export function cancellable<T>(signal: AbortSignal | undefined, body: () => Promise<T>): Promise<T> {
  return signal ? signals.run(signal, body) : body()
}

/** Of the job that the caller belongs to. */
export const currentSignal = (): AbortSignal | undefined => signals.getStore()
