/** Longer than this nobody waits for a picture that does not come, ms. */
const PATIENCE_MS = 250

/** Resolves when these pictures can be painted at once, or after a while. */
export function decoded(urls: readonly string[]): Promise<unknown> {
  const all = urls.map(url => Object.assign(new Image(), { src: url }).decode())
  return Promise.race([Promise.allSettled(all), new Promise(resolve => setTimeout(resolve, PATIENCE_MS))])
}
