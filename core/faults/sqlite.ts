/** SQLite's errors as sentences of the catalogue. Source of the codes: sqlite.org/rescode.html. */

/** What went wrong with a database, as far as it decides what is done next. */
export type DatabaseTrouble = 'busy' | 'full' | 'unwritable' | 'damaged'

const TROUBLES: Readonly<Record<number, DatabaseTrouble>> = {
  5: 'busy', // SQLITE_BUSY
  6: 'busy', // SQLITE_LOCKED
  8: 'unwritable', // SQLITE_READONLY
  10: 'unwritable', // SQLITE_IOERR
  11: 'damaged', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'unwritable', // SQLITE_CANTOPEN
  26: 'damaged', // SQLITE_NOTADB
}

/** null for anything but SQLite's own errors, and for those that are a defect of the studio. */
export function troubleOf(error: unknown): DatabaseTrouble | null {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown }
  // The lowest byte is the kind, the rest says more.
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? (TROUBLES[errcode & 0xff] ?? null) : null
}
