/** Small things that a window remembers by itself. Storage may be full or denied: then nothing is remembered. */
export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Not worth a word: the studio works without it.
  }
}

export function recall<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(key)
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
