/** Hashes of large files for commands that open no library: kept in the data folder, as it takes minutes to make them. */
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from '../files/database.ts'
import { HashCache } from '../files/hashes.ts'

const MIGRATIONS = [
  `CREATE TABLE hashes (
     path TEXT PRIMARY KEY,
     bytes INTEGER NOT NULL,
     mtime REAL NOT NULL,
     sha256 TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX hashes_sha256 ON hashes (sha256);`,
]

/** @throws StudioError 'cannot-write' */
export function openHashes(dataFolder: string): { hashes: HashCache; database: DatabaseSync } {
  const { database } = openDatabase(join(dataFolder, 'farm', 'hashes.db'), MIGRATIONS, 'renew')
  return { hashes: new HashCache(database), database }
}
