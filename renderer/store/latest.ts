/** A slot for one running call: a newer one aborts the older, so that answers never overtake each other. */
export function latest(): (run: (signal: AbortSignal) => Promise<void>) => Promise<void> {
  let running: AbortController | null = null
  return async run => {
    running?.abort()
    const controller = new AbortController()
    running = controller
    await run(controller.signal)
  }
}
