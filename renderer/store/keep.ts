/** Small things that a window remembers by itself. Storage may be full or denied: then nothing is remembered. */
function write(storage: () => Storage, key: string, value: unknown): void {
  try {
    storage().setItem(key, JSON.stringify(value))
  } catch {
    // The studio works without it.
  }
}

function read<T>(storage: () => Storage, key: string): T | null {
  try {
    const text = storage().getItem(key)
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

/** For every tab, and after the browser was closed. */
export const keep = (key: string, value: unknown): void => write(() => localStorage, key, value)
export const recall = <T>(key: string): T | null => read(() => localStorage, key)

/** For this tab, until it is closed: a reload finds it. */
export const keepForTab = (key: string, value: unknown): void => write(() => sessionStorage, key, value)
export const recallForTab = <T>(key: string): T | null => read(() => sessionStorage, key)
