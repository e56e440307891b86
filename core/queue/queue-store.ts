/** Jobs in a SQLite file, which survive restarts. Several hosts may share the file; each job is run by one of them. */
import type { DatabaseSync } from 'node:sqlite'
import type { ErrorReport } from '../faults/studio-error.ts'
import { integrity, openDatabase, transaction } from '../files/database.ts'
import { forget, forgetOldest, type HistoryPage, moveToHistory, readHistory, rowOfHistory } from './history.ts'
import { beat } from './hosts.ts'
import type { Job, JobKinds, JobState, NewJob } from './job.ts'
import { QUEUE_MIGRATIONS } from './migrations.ts'
import { jobOf, type Row, withoutPixels } from './queue-rows.ts'
import { salvage } from './salvage.ts'

/** What lists show of a payload, where the whole is large; null: the payload is brief enough. */
export type Brief<Kinds extends JobKinds<Kinds>> = (job: NewJob<Kinds>) => unknown

/** A list shows so many jobs that are over; the rest is history, page by page. */
const LISTED_HISTORY = 200
const COLUMNS = 'j.id, kind, title, state, priority, cost, created, tries, error, progress, result'

export class QueueStore<Kinds extends JobKinds<Kinds>> {
  readonly #database: DatabaseSync
  /** This host's id in the file. */
  readonly #host: string
  readonly #brief: Brief<Kinds>
  /** The file was damaged and was put aside under this name; what could be read of it is in the new one. */
  readonly damaged: string | null
  /** The disk was full when the file was opened. */
  readonly full: boolean
  /** Rows that could not be read and were taken out, since this was last asked for. */
  #removed = 0

  /** @throws StudioError 'cannot-write' */
  constructor(file: string, host: string, brief: Brief<Kinds> = () => null) {
    const { database, damaged, full } = openDatabase(file, QUEUE_MIGRATIONS, 'renew')
    this.#database = database
    this.#host = host
    this.#brief = brief
    this.damaged = damaged
    this.full = full
    if (damaged) salvage(damaged, database)
  }

  close(): void {
    try {
      this.#database.prepare('DELETE FROM hosts WHERE id = ?').run(this.#host)
    } catch {
      // Busy, or the disk is full: the other hosts see by this one's silence that it is gone.
    }
    this.#database.close()
  }

  integrity(): string {
    return integrity(this.#database)
  }

  /** How many rows were taken out because they could not be read, since the last call. */
  takeRemoved(): number {
    const removed = this.#removed
    this.#removed = 0
    return removed
  }

  add(id: string, job: NewJob<Kinds>): Job<Kinds> {
    const { kind, payload, title, priority = 0, cost = 1 } = job
    const brief = this.#brief(job)
    transaction(this.#database, () => {
      this.#database.prepare('INSERT INTO payloads (id, payload) VALUES (?, ?)').run(id, JSON.stringify(payload))
      this.#database
        .prepare(
          `INSERT INTO jobs (id, kind, brief, title, state, priority, place, cost, created)
           VALUES (?, ?, ?, ?, 'waiting', ?, (SELECT coalesce(max(place), 0) + 1 FROM jobs), ?, ?)`,
        )
        .run(id, kind, brief === null ? null : JSON.stringify(brief), title, priority, cost, new Date().toISOString())
    })
    return this.get(id)!
  }

  /** With its whole payload; null where there is none, or one that cannot be read. */
  get(id: string): Job<Kinds> | null {
    const row = this.#row(id) ?? rowOfHistory(this.#database, id)
    return row ? jobOf<Kinds>(row) : null
  }

  #row(id: string): Row | undefined {
    return this.#database
      .prepare(`SELECT ${COLUMNS}, payload FROM jobs AS j JOIN payloads USING (id) WHERE id = ?`)
      .get(id)
  }

  /** Running first, then what waits in its order, then the newest that are over; payloads are brief. */
  list(): Job<Kinds>[] {
    const rows = this.#database
      .prepare(
        `SELECT ${COLUMNS}, coalesce(brief, payload) AS payload
         FROM jobs AS j LEFT JOIN payloads AS p ON p.id = j.id AND j.brief IS NULL
         ORDER BY state = 'waiting', priority DESC, place`,
      )
      .all()
    const jobs = rows.map(row => jobOf<Kinds>(row)).filter(job => job !== null)
    return [...jobs, ...this.history({ limit: LISTED_HISTORY }).jobs]
  }

  /** A page of what is over. */
  history(page: { before?: number | undefined; limit: number }): HistoryPage<Kinds> {
    return readHistory<Kinds>(this.#database, page)
  }

  /** Forgets the oldest of what is over. @returns their ids */
  forgetOldest(now: number, limits?: { jobs: number; days: number }): string[] {
    return forgetOldest(this.#database, now, limits)
  }

  /** How many jobs are in a state. */
  count(state: JobState): number {
    const table = state === 'waiting' || state === 'running' ? 'jobs' : 'history'
    const row = this.#database.prepare(`SELECT count(*) AS jobs FROM ${table} WHERE state = ?`).get(state)
    return Number(row?.['jobs'])
  }

  /** What all waiting jobs cost together. */
  waitingCost(): number {
    const row = this.#database.prepare("SELECT total(cost) AS cost FROM jobs WHERE state = 'waiting'").get()
    return Number(row?.['cost'])
  }

  /** Takes the next waiting job for this host, in one step, so that no two hosts take the same; null where none waits. */
  claim(): Job<Kinds> | null {
    for (;;) {
      const claimed = this.#database
        .prepare(
          `UPDATE jobs SET state = 'running', host = ?, tries = tries + 1, error = NULL
           WHERE id = (SELECT id FROM jobs WHERE state = 'waiting' ORDER BY priority DESC, place LIMIT 1)
           RETURNING id`,
        )
        .get(this.#host)
      if (!claimed) return null
      const job = this.get(String(claimed['id']))
      if (job) return job
      this.#setAside(String(claimed['id']))
    }
  }

  /** A row that cannot be read must not keep the others from running. */
  #setAside(id: string): void {
    transaction(this.#database, () => {
      this.#database
        .prepare('INSERT INTO damaged SELECT ?, ?, (SELECT payload FROM payloads WHERE id = ?)')
        .run(id, new Date().toISOString(), id)
      for (const table of ['jobs', 'payloads']) this.#database.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id)
    })
    this.#removed++
  }

  /** This host's heartbeat; also puts the jobs of dead hosts back into the queue. @returns how many */
  beat(now: number, jumped = false): number {
    return beat(this.#database, this.#host, now, jumped)
  }

  setProgress(id: string, progress: unknown): void {
    this.#database
      .prepare('UPDATE jobs SET progress = ? WHERE id = ? AND host = ?')
      .run(JSON.stringify(progress ?? null, withoutPixels), id, this.#host)
  }

  /** Resets the count of tries. */
  forgive(id: string): void {
    this.#database.prepare('UPDATE jobs SET tries = 1 WHERE id = ? AND tries > 1').run(id)
  }

  /**
   * Sets the end of a job that this host runs. @returns false where another host has taken it over, or it was removed
   */
  finish(
    id: string,
    state: 'done' | 'failed' | 'cancelled' | 'waiting',
    { error = null, result = null }: { error?: ErrorReport | null; result?: unknown } = {},
  ): boolean {
    return transaction(this.#database, () => {
      // A host that closes properly puts its job back: that does not count as a try.
      const { changes } = this.#database
        .prepare(
          `UPDATE jobs SET state = ?, error = ?, result = ?, host = NULL, tries = tries - ?
           WHERE id = ? AND host = ? AND state = 'running'`,
        )
        .run(
          state,
          error && JSON.stringify(error),
          JSON.stringify(result ?? null),
          state === 'waiting' ? 1 : 0,
          id,
          this.#host,
        )
      if (changes === 1 && state !== 'waiting') moveToHistory(this.#database, id, Date.now())
      return changes === 1
    })
  }

  /** Cancels a waiting job. */
  cancelWaiting(id: string): boolean {
    return transaction(this.#database, () => {
      const { changes } = this.#database
        .prepare("UPDATE jobs SET state = 'cancelled' WHERE id = ? AND state = 'waiting'")
        .run(id)
      if (changes === 1) moveToHistory(this.#database, id, Date.now())
      return changes === 1
    })
  }

  /** Puts a job that failed or was cancelled back to the end of the queue; with another payload, also one that is done. */
  retry(id: string, payload?: unknown): boolean {
    const states = payload === undefined ? "'failed', 'cancelled'" : "'failed', 'cancelled', 'done'"
    return transaction(this.#database, () => {
      const { changes } = this.#database
        .prepare(
          `INSERT INTO jobs (id, kind, brief, title, state, priority, place, cost, created)
           SELECT id, kind, brief, title, 'waiting', priority, (SELECT coalesce(max(place), 0) + 1 FROM jobs), cost, created
           FROM history WHERE id = ? AND state IN (${states})`,
        )
        .run(id)
      if (changes !== 1) return false
      this.#database.prepare('DELETE FROM history WHERE id = ?').run(id)
      if (payload !== undefined)
        this.#database.prepare('UPDATE payloads SET payload = ? WHERE id = ?').run(JSON.stringify(payload), id)
      return true
    })
  }

  /** Puts a job right before another one (with that one's priority), or at the end of its own priority. */
  move(id: string, before: string | null): void {
    transaction(this.#database, () => {
      if (before === null) {
        this.#database.prepare('UPDATE jobs SET place = (SELECT max(place) + 1 FROM jobs) WHERE id = ?').run(id)
        return
      }
      const target = this.#database.prepare('SELECT priority, place FROM jobs WHERE id = ?').get(before)
      if (!target) return
      const place = Number(target['place'])
      const previous = this.#database
        .prepare('SELECT max(place) AS place FROM jobs WHERE place < ? AND id <> ?')
        .get(place, id)?.['place']
      const between = previous === null || previous === undefined ? place - 1 : (Number(previous) + place) / 2
      this.#database
        .prepare('UPDATE jobs SET place = ?, priority = ? WHERE id = ?')
        .run(between, target['priority'], id)
      this.#renumber()
    })
  }

  /** Renumbers the places: halving the gap at each move would end in equal numbers. */
  #renumber(): void {
    this.#database.exec(
      'UPDATE jobs SET place = ranked.n FROM (SELECT id, row_number() OVER (ORDER BY place) AS n FROM jobs) AS ranked WHERE jobs.id = ranked.id',
    )
  }

  /** Removes jobs that are over. */
  forget(ids: readonly string[]): void {
    forget(this.#database, ids)
  }

  get paused(): boolean {
    return this.#database.prepare("SELECT value FROM settings WHERE name = 'paused'").get()?.['value'] === 'true'
  }

  set paused(paused: boolean) {
    this.#database.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES ('paused', ?)").run(String(paused))
  }
}
