/** Result of one part of the test run. */
export interface Tally {
  passed: number
  /** Names of the tests that failed. */
  failed: string[]
  /** Names of skipped tests, with the reason in or behind the name. */
  skipped: string[]
  /** Names of the tests that failed once and passed when tried again. */
  secondTry: string[]
}

export const NOTHING: Tally = { passed: 0, failed: [], skipped: [], secondTry: [] }

/**
 * Reasons for which a test may be skipped: golden sets that are too large for the repository, and Electron's program.
 */
const ALLOWED = [
  /needs (ZIHUA_FIXTURES|the golden sets? )/,
  /Electron's program is not installed/,
  /there is no display/,
  /needs a GPU/,
  /needs Python with (anki|psd-tools)/,
  /needs poppler/,
  /needs (Windows|macOS|Linux)/,
]

/** Skipped tests that name none of the allowed reasons. */
export const unexplained = (skipped: readonly string[]): string[] =>
  skipped.filter(name => !ALLOWED.some(reason => reason.test(name)))
