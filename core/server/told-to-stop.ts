/** Being told to stop, with SIGINT or SIGTERM: how every command hears it. */

/**
 * A terminal sends its signal to every process of a command, and the launcher passes it on: signals that arrive together are
 * one request to stop.
 */
const SAME_REQUEST_MS = 1000

/**
 * Listens until the process ends, also when the work is over: the other signals of a request may still be on their way, and
 * would kill it before its last sentence.
 * @param again of a later request, by default the end of the process
 */
export function onStop(first: () => void, again: () => void = () => process.exit(1)): void {
  let heard: number | null = null
  const hear = () => {
    if (heard === null) {
      heard = performance.now()
      first()
    } else if (performance.now() - heard > SAME_REQUEST_MS) again()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, hear)
}

/** Resolves at the first request; another one later on ends the process at once. */
export const toldToStop = (): Promise<void> => new Promise(stop => onStop(stop))

/** Aborted by the first request: what has been made or has arrived stays. Another one later on ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  onStop(() => controller.abort())
  return controller.signal
}
