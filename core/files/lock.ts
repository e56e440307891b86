/** An exclusive lock on a folder. */
import { DatabaseSync } from 'node:sqlite'
import { fault } from '../faults/fault.ts'
import { cannotWrite } from './durable.ts'

const SQLITE_BUSY = 5

/**
 * Takes the lock that `file` stands for: the system's own lock on an empty SQLite database, which ends with its process,
 * however that ends, and which two processes can never hold. The file is never removed: otherwise two processes might
 * lock
 * two different files of that name.
 * @returns a function that releases the lock
 * @throws StudioError 'cannot-write' while another process, or this one, holds it
 */
export function lockFolder(file: string): () => void {
  let database: DatabaseSync | null = null
  try {
    const opened = (database = new DatabaseSync(file, { timeout: 0 }))
    opened.exec('BEGIN EXCLUSIVE')
    return () => opened.close()
  } catch (cause) {
    database?.close()
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) throw fault('setLocked', {}, { cause })
    throw cannotWrite(file, cause)
  }
}
