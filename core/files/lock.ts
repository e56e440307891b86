/** One owner at a time for a folder. */
import { DatabaseSync } from 'node:sqlite'
import { fault } from '../faults/fault.ts'
import { cannotWrite } from './durable.ts'

const SQLITE_BUSY = 5

/**
 * Takes the lock that `file` stands for. It is the system's own lock on an empty SQLite database, so it ends with its
 * process, however that ends, and two can never hold it. The file stays: removing it would let the next two lock two files.
 * @returns what gives it back
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
