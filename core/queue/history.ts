/** What is over: a table of its own, so that nothing that runs or waits has to read it; the oldest are forgotten. */
import type { DatabaseSync } from 'node:sqlite'
import { transaction } from '../files/database.ts'
import type { Job, JobKinds } from './job.ts'
import { jobOf, type Row } from './queue-rows.ts'

/** How much is remembered. The pictures and sets themselves stay, whatever is forgotten here. */
export const HISTORY_LIMITS = {
  jobs: 5000,
  days: 180,
} as const

export interface HistoryPage<Kinds extends JobKinds<Kinds>> {
  /** The newest first. */
  jobs: Job<Kinds>[]
  /** For the next page; null: there is none. */
  next: number | null
}

const COLUMNS = 'id, kind, title, state, priority, cost, created, tries, error, progress, result'

/** A page of the history; payloads are brief. Rows that cannot be read are left out. */
export function readHistory<Kinds extends JobKinds<Kinds>>(
  database: DatabaseSync,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): HistoryPage<Kinds> {
  const rows = database
    .prepare(
      `SELECT n, h.id, kind, title, state, priority, cost, created, tries, error, progress, result,
       coalesce(brief, payload) AS payload
       FROM history AS h LEFT JOIN payloads AS p ON p.id = h.id AND h.brief IS NULL
       WHERE n < ? ORDER BY n DESC LIMIT ?`,
    )
    .all(before, limit)
  const jobs = rows.map(row => jobOf<Kinds>(row)).filter(job => job !== null)
  return { jobs, next: rows.length === limit ? Number(rows.at(-1)!['n']) : null }
}

/** A job that is over, with its whole payload. */
export function rowOfHistory(database: DatabaseSync, id: string): Row | undefined {
  return database.prepare(`SELECT ${COLUMNS}, payload FROM history JOIN payloads USING (id) WHERE id = ?`).get(id)
}

/** Moves a job of the queue that has just got its last state. */
export function moveToHistory(database: DatabaseSync, id: string, now: number): void {
  database
    .prepare(`INSERT INTO history (${COLUMNS}, brief, ended) SELECT ${COLUMNS}, brief, ? FROM jobs WHERE id = ?`)
    .run(now, id)
  database.prepare('DELETE FROM jobs WHERE id = ?').run(id)
}

/** Forgets jobs that are over. @returns those that were */
export function forget(database: DatabaseSync, ids: readonly string[]): void {
  const [job, payload] = [
    database.prepare('DELETE FROM history WHERE id = ?'),
    database.prepare('DELETE FROM payloads WHERE id = ? AND id NOT IN (SELECT id FROM jobs)'),
  ]
  transaction(database, () => {
    for (const id of ids) {
      job.run(id)
      payload.run(id)
    }
  })
}

/** Forgets what is beyond the limits. @returns the ids */
export function forgetOldest(
  database: DatabaseSync,
  now: number,
  { jobs, days }: { jobs: number; days: number } = HISTORY_LIMITS,
): string[] {
  const oldest = now - days * 24 * 60 * 60 * 1000
  const kept = database.prepare('SELECT n FROM history ORDER BY n DESC LIMIT 1 OFFSET ?').get(jobs - 1)?.['n']
  const rows = database
    .prepare('SELECT id FROM history WHERE ended < ? OR n < ?')
    .all(oldest, typeof kept === 'number' ? kept : 0)
  const ids = rows.map(({ id }) => String(id))
  if (ids.length) forget(database, ids)
  return ids
}
