/** The promise itself; its failure is for whoever awaits it later, and until then no "unhandled rejection" of the process. */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
