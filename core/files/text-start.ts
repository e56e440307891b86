/** How a file begins, for telling what lies under another's name. */

/** Its first bytes as Latin letters, without UTF-8's mark and what is blank. */
export const textStart = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()

/** What Git leaves in the place of a large file that was not fetched (git-lfs, docs/spec.md). */
export const isLfsPointer = (start: string): boolean => /^version https?:\/\/git-lfs/.test(start)
