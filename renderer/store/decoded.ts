/** How long to wait for a picture that is not decoded, ms. */
const PATIENCE_MS = 250

/** Resolves when these pictures are decoded, or after PATIENCE_MS. */
export function decoded(urls: readonly string[]): Promise<unknown> {
  const all = urls.map(url => Object.assign(new Image(), { src: url }).decode())
  return Promise.race([Promise.allSettled(all), new Promise(resolve => setTimeout(resolve, PATIENCE_MS))])
}
