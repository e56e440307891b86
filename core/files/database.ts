/** SQLite files of the data folder: opened, brought up to date, shared by several hosts. */
import { chmodSync, existsSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fault, reasonOf } from '../faults/fault.ts'
import { troubleOf } from '../faults/sqlite.ts'
import { StudioError } from '../faults/studio-error.ts'
import { makePrivateFolder } from './private-folder.ts'
import { putAside } from './put-aside.ts'

/** How long opening waits for another host's transaction, milliseconds. */
const OPENING_MS = 10_000
/**
 * How long any later statement blocks this thread for another program's lock, milliseconds: what has to wait longer waits
 * off the event loop (whenFree).
 */
const BUSY_MS = 20
/** How long whenFree goes on trying, and how often. Our own transactions are short, the longest is a rebuild's. */
const PATIENCE_MS = 10_000
const RETRY_MS = 40

export interface OpenedDatabase {
  database: DatabaseSync
  /** The file was damaged and has been renamed to this; the database is new and empty. */
  damaged: string | null
  /** The disk is full: the database can be read as far as it was there, and every change fails until there is room. */
  full: boolean
}

/**
 * Opens or creates a database: write-ahead log, flushed at each commit, foreign keys on, migrated in order. A damaged file
 * is put aside under a name with the time.
 * @param onDamage 'renew' for what can be made again, 'refuse' for what exists nowhere else
 * @throws StudioError 'cannot-write': no file can be made there, or a newer version made it; 'internal': damaged, refused
 */
export function openDatabase(
  file: string,
  migrations: readonly string[],
  onDamage: 'renew' | 'refuse',
): OpenedDatabase {
  try {
    return { database: openAndMigrate(file, migrations), damaged: null, full: false }
  } catch (cause) {
    if (cause instanceof StudioError) throw cause
    const trouble = troubleOf(cause) ?? ((cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'full' : null)
    // A full disk also shows as an error of input and output, where the log's index cannot be made.
    if (trouble === 'full' || trouble === 'unwritable') {
      const database = openOnFullDisk(file, migrations)
      if (database) return { database, damaged: null, full: true }
    }
    if (trouble !== 'damaged') throw fault('databaseUnopened', { file, reason: reasonOf(cause) }, { cause })
    if (onDamage === 'refuse') {
      throw fault('databaseDamaged', { file }, { cause })
    }
    return renewDatabase(file, migrations)
  }
}

/** Puts a damaged file aside, which nobody has open any more, and begins a new one. */
export function renewDatabase(file: string, migrations: readonly string[]): OpenedDatabase {
  const damaged = putAside(file)
  // The log belongs to the damaged file: it may hold what was not yet in it.
  for (const ending of ['-wal', '-shm']) if (existsSync(file + ending)) renameSync(file + ending, damaged + ending)
  return { database: openAndMigrate(file, migrations), damaged, full: false }
}

function openAndMigrate(file: string, migrations: readonly string[]): DatabaseSync {
  makePrivateFolder(dirname(file))
  const database = new DatabaseSync(file, { timeout: OPENING_MS })
  try {
    // Before the log is made, which gets the same rights.
    if (process.platform !== 'win32') chmodSync(file, 0o600)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    refuseDamage(database, statSync(file).size)
    migrate(database, file, migrations)
    refuseOtherColumns(database, migrations)
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Damage inside the file would otherwise show in the middle of the work. The quick check reads 300 MB a second; the whole one
 * looks up every row in every index too, and is for files that are no larger than this.
 */
const WHOLE_CHECK_BYTES = 16 << 20

function refuseDamage(database: DatabaseSync, bytes: number): void {
  const check = bytes <= WHOLE_CHECK_BYTES ? 'integrity_check' : 'quick_check'
  const found = String(database.prepare(`PRAGMA ${check}(1)`).get()?.[check])
  if (found !== 'ok') throw damage(found)
}

/** The names of tables and columns are text of the file too, and may be damaged where everything else is whole. */
function refuseOtherColumns(database: DatabaseSync, migrations: readonly string[]): void {
  using whole = new DatabaseSync(':memory:')
  for (const step of migrations) whole.exec(step)
  const found = new Set(columnsOf(database))
  const lost = columnsOf(whole).find(column => !found.has(column))
  if (lost) throw damage(`no such column: ${lost}`)
}

/** "table.column" of all tables. */
const columnsOf = (database: DatabaseSync): string[] =>
  database
    .prepare(`SELECT t.name || '.' || c.name AS path FROM pragma_table_list t, pragma_table_info(t.name) c`)
    .all()
    .map(({ path }) => String(path))

const damage = (what: string): Error =>
  Object.assign(new Error(what), { code: 'ERR_SQLITE_ERROR', errcode: SQLITE_CORRUPT })
const SQLITE_CORRUPT = 11

/**
 * Where not even the log's index fits on the disk: with an exclusive lock SQLite keeps it in memory and can read. Where
 * there is no database yet, an empty one in memory stands in for it.
 * @returns null where the disk is not what is wrong
 */
function openOnFullDisk(file: string, migrations: readonly string[]): DatabaseSync | null {
  // What could not be begun is left empty.
  const exists = existsSync(file) && statSync(file).size > 0
  for (const path of exists ? [file] : [':memory:']) {
    let database: DatabaseSync | null = null
    try {
      database = new DatabaseSync(path, { timeout: OPENING_MS })
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON')
      migrate(database, file, migrations)
      database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
      return database
    } catch {
      database?.close()
    }
  }
  return null
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

/**
 * Runs work on a database, again and again while another program holds its lock: the event loop goes on meanwhile.
 * @param body changes nothing where it throws
 * @throws what the body throws; after ten seconds also that the database is busy
 */
export async function whenFree<T>(body: () => T | Promise<T>): Promise<T> {
  const start = performance.now()
  for (;;) {
    try {
      return await body()
    } catch (error) {
      const busy = troubleOf(error) === 'busy' || (error instanceof StudioError && error.key === 'databaseBusy')
      if (!busy || performance.now() - start > PATIENCE_MS) throw error
    }
    await new Promise(wake => setTimeout(wake, RETRY_MS))
  }
}

/** "ok", or what SQLite found wrong with the file. */
export function integrity(database: DatabaseSync): string {
  return String(database.prepare('PRAGMA integrity_check').get()!['integrity_check'])
}
