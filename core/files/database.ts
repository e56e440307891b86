/** SQLite files of the data folder: opened, brought up to date, shared by several hosts. */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fault, reasonOf } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'

/** How long a host waits for another one's transaction, milliseconds. Ours are short, the longest is a rebuild's. */
const BUSY_MS = 10_000

export interface OpenedDatabase {
  database: DatabaseSync
  /** The file was damaged and has been renamed to this; the database is new and empty. */
  damaged: string | null
}

/**
 * Opens or creates a database: write-ahead log, flushed at each commit, foreign keys on, migrated in order.
 * @param onDamage 'renew' for an index that can be made again, 'refuse' for what exists nowhere else
 * @throws StudioError 'cannot-write': no file can be made there, or a newer version made it; 'internal': damaged, refused
 */
export function openDatabase(
  file: string,
  migrations: readonly string[],
  onDamage: 'renew' | 'refuse',
): OpenedDatabase {
  try {
    return { database: openAndMigrate(file, migrations), damaged: null }
  } catch (cause) {
    if (cause instanceof StudioError) throw cause
    if (!isDamage(cause)) throw fault('databaseUnopened', { file, reason: reasonOf(cause) }, { cause })
    if (onDamage === 'refuse') {
      throw fault('databaseDamaged', { file }, { cause })
    }
    const damaged = `${file}.damaged-${Date.now()}`
    renameSync(file, damaged)
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true })
    return { database: openAndMigrate(file, migrations), damaged }
  }
}

function openAndMigrate(file: string, migrations: readonly string[]): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file, { timeout: BUSY_MS })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    migrate(database, file, migrations)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function migrate(database: DatabaseSync, file: string, migrations: readonly string[]): void {
  const version = () => Number(database.prepare('PRAGMA user_version').get()!['user_version'])
  if (version() > migrations.length) {
    throw fault('databaseTooNew', { file })
  }
  for (let step = version(); step < migrations.length; step++) {
    transaction(database, () => {
      // Another host may have migrated it while this one waited for the lock.
      if (version() !== step) return
      database.exec(migrations[step])
      database.exec(`PRAGMA user_version = ${step + 1}`)
    })
  }
}

/** Runs the body in a transaction that takes the write lock at once: two hosts queue up instead of failing half-way. */
export function transaction<T>(database: DatabaseSync, body: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = body()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** "ok", or what SQLite found wrong with the file. */
export function integrity(database: DatabaseSync): string {
  return String(database.prepare('PRAGMA integrity_check').get()!['integrity_check'])
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. Source: sqlite.org/rescode.html. */
function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0
  return (code & 0xff) === 11 || (code & 0xff) === 26
}
