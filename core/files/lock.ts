/** An exclusive lock on a folder. */
import { DatabaseSync } from 'node:sqlite'
import { fault } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'
import { cannotWrite } from './durable.ts'

const SQLITE_BUSY = 5
/** A database that nobody refers to is closed by the garbage collector, and its lock would be gone. */
const held = new Set<DatabaseSync>()

/**
 * Takes the lock that `file` stands for: the system's own lock on an empty SQLite database, which ends with its process,
 * however that ends, and which two processes can never hold. The file is never removed: otherwise two processes might lock
 * two different files of that name.
 * @param refusal what is thrown while another process, or this one, holds it
 * @returns a function that releases the lock
 * @throws StudioError refusal(); 'cannot-write' where there can be no such file
 */
export function lockFolder(file: string, refusal: () => StudioError = () => fault('setLocked')): () => void {
  let database: DatabaseSync | null = null
  try {
    const opened = (database = new DatabaseSync(file, { timeout: 0 }))
    opened.exec('BEGIN EXCLUSIVE')
    held.add(opened)
    return () => {
      held.delete(opened)
      opened.close()
    }
  } catch (cause) {
    database?.close()
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) throw Object.assign(refusal(), { cause })
    throw cannotWrite(file, cause)
  }
}
