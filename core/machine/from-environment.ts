/** What an environment variable chooses of known names; null where it is not set, or names none of them. */
export function fromEnvironment<T extends string>(name: string, known: readonly T[]): T | null {
  const value = process.env[name]
  return known.find(one => one === value) ?? null
}
