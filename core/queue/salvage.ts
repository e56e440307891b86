/** What can still be read of a damaged queue. */
import { DatabaseSync } from 'node:sqlite'
import { transaction } from '../files/database.ts'
import { jobOf, type Row } from './queue-rows.ts'

/** More waiting jobs than this were never seen; a damaged file could claim any number. */
const MOST_JOBS = 100_000

/**
 * Copies jobs that had not ended from a damaged file into a new queue, as far as they can be read; a running one waits
 * again. Never throws: what cannot be read is lost, and stays in the file that was put aside.
 * @returns how many
 */
export function salvage(damagedFile: string, into: DatabaseSync): number {
  let damaged: DatabaseSync | null = null
  try {
    damaged = new DatabaseSync(damagedFile, { readOnly: true, timeout: 0 })
    const payloads = readAround(damaged, 'payloads')
    const jobs = [...readAround(damaged, 'jobs').values()].sort(
      (a, b) => Number(b['priority']) - Number(a['priority']) || Number(a['place']) - Number(b['place']),
    )
    let saved = 0
    for (const job of jobs) {
      const row = { ...job, payload: payloads.get(String(job['id']))?.['payload'] ?? null }
      if (copy(row, into, saved + 1)) saved++
    }
    return saved
  } catch {
    // Not even the list of tables can be read.
    return 0
  } finally {
    damaged?.close()
  }
}

/** A table's rows by their id: from the front to the damage, and from the back to it; indexes may be damaged too. */
function readAround(database: DatabaseSync, table: 'jobs' | 'payloads'): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const direction of ['ASC', 'DESC']) {
    try {
      const all = database.prepare(`SELECT * FROM ${table} NOT INDEXED ORDER BY rowid ${direction}`).iterate()
      for (const row of all) {
        rows.set(String(row['id']), row)
        if (rows.size >= MOST_JOBS) break
      }
    } catch {
      // The rest cannot be reached from this side.
    }
  }
  return rows
}

function copy(row: Row, into: DatabaseSync, place: number): boolean {
  if (!jobOf(row)) return false
  const { id, kind, brief, title, priority, cost, created, tries, progress, payload } = row
  try {
    transaction(into, () => {
      into.prepare('INSERT INTO payloads (id, payload) VALUES (?, ?)').run(id, payload)
      into
        .prepare(
          `INSERT INTO jobs (id, kind, brief, title, state, priority, place, cost, created, tries, progress)
           VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?)`,
        )
        .run(id, kind, brief ?? null, title, priority, place, cost, created, tries, progress ?? null)
    })
    return true
  } catch {
    return false
  }
}
