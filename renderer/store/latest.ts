/**
 * A slot for one running call: a newer one aborts the older, so that an older answer never replaces a newer one.
 * A call that was aborted on the way ends without an error.
 */
export function latest(): (run: (signal: AbortSignal) => Promise<void>) => Promise<void> {
  let running: AbortController | null = null
  return async run => {
    running?.abort()
    const controller = new AbortController()
    running = controller
    try {
      await run(controller.signal)
    } catch (error) {
      if (!controller.signal.aborted) throw error
    }
  }
}
