/**
 * The browser's Back puts away what lies over the desk, the topmost first, instead of leaving the studio. Each layer has
 * an entry of the history beneath which Back arrives; an entry whose layer was closed otherwise is passed over, as taking
 * it out would be a step of the history too, which comes late and meets the next layer.
 */

/** What closes each layer, the topmost last. */
const layers: (() => void)[] = []

/** How many entries of ours lie under the one that is shown. A reload keeps them. */
const entry = (): number => Number(window.history.state?.layers ?? 0)
let at = entry()

/**
 * Notes a layer that has come over all others. In a window of the desktop, which has no Back, nothing comes of it.
 * @returns takes it out, however it was closed
 */
export function addLayer(close: () => void): () => void {
  layers.push(close)
  if (at < layers.length) {
    at = layers.length
    window.history.pushState({ layers: at }, '')
  }
  return () => void layers.splice(layers.lastIndexOf(close), 1)
}

/** @returns a function that ends the listening */
export function listenToBack(): () => void {
  const go = () => {
    const before = at
    at = entry()
    // Forward opens nothing: a sheet begins with what it was opened for.
    if (at >= before) return
    if (layers.length > at) layers.at(-1)?.()
    else window.history.back()
  }
  window.addEventListener('popstate', go)
  return () => window.removeEventListener('popstate', go)
}
