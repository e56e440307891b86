/** What a part of the test run came to. */
export interface Tally {
  passed: number
  failed: number
  /** Names, with the reason in the name or behind it. */
  skipped: string[]
}

/** What a machine of ours may lack. Golden sets that are too large for the repository, and Electron's program. */
const ALLOWED = [
  /needs (ZIHUA_FIXTURES|the golden sets? )/,
  /Electron's program is not installed/,
  /there is no display/,
  /needs a GPU/,
  /needs (Windows|macOS|Linux)/,
]

/** Skipped tests that name none of the allowed reasons. */
export const unexplained = (skipped: readonly string[]): string[] =>
  skipped.filter(name => !ALLOWED.some(reason => reason.test(name)))
