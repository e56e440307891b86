/** Jobs in a SQLite file, which survive restarts. Several hosts may share the file; each job is run by one of them. */
import type { DatabaseSync } from 'node:sqlite'
import type { ErrorReport } from '../faults/studio-error.ts'
import { integrity, openDatabase, transaction } from '../files/database.ts'
import type { Job, JobKinds, JobState, NewJob } from './job.ts'
import { QUEUE_MIGRATIONS } from './migrations.ts'

/** A host whose heartbeat is older is dead, even if its process id is in use by another program. */
const SILENCE_MS = 15_000

export class QueueStore<Kinds extends JobKinds<Kinds>> {
  readonly #database: DatabaseSync
  /** This host's id in the file. */
  readonly #host: string

  /** @throws StudioError 'cannot-write', 'internal' for a damaged file */
  constructor(file: string, host: string) {
    this.#database = openDatabase(file, QUEUE_MIGRATIONS, 'refuse').database
    this.#host = host
  }

  close(): void {
    this.#database.prepare('DELETE FROM hosts WHERE id = ?').run(this.#host)
    this.#database.close()
  }

  integrity(): string {
    return integrity(this.#database)
  }

  add(id: string, { kind, payload, title, priority = 0, cost = 1 }: NewJob<Kinds>): Job<Kinds> {
    this.#database
      .prepare(
        `INSERT INTO jobs (id, kind, payload, title, state, priority, place, cost, created)
         VALUES (?, ?, ?, ?, 'waiting', ?, (SELECT coalesce(max(place), 0) + 1 FROM jobs), ?, ?)`,
      )
      .run(id, kind, JSON.stringify(payload), title, priority, cost, new Date().toISOString())
    return this.get(id)!
  }

  get(id: string): Job<Kinds> | null {
    const row = this.#database.prepare('SELECT * FROM jobs WHERE id = ?').get(id)
    return row ? jobOf<Kinds>(row) : null
  }

  /** Running first, then what waits in its order, then what is over, the newest first. */
  list(): Job<Kinds>[] {
    const rows = this.#database
      .prepare(
        `SELECT * FROM jobs ORDER BY CASE state WHEN 'running' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END,
         CASE WHEN state IN ('running', 'waiting') THEN -priority ELSE 0 END,
         CASE WHEN state IN ('running', 'waiting') THEN place ELSE -place END`,
      )
      .all()
    return rows.map(row => jobOf<Kinds>(row))
  }

  /** How many jobs are in a state. */
  count(state: JobState): number {
    const row = this.#database.prepare('SELECT count(*) AS jobs FROM jobs WHERE state = ?').get(state)
    return Number(row?.['jobs'])
  }

  /** What all waiting jobs cost together. */
  waitingCost(): number {
    const row = this.#database.prepare("SELECT total(cost) AS cost FROM jobs WHERE state = 'waiting'").get()
    return Number(row?.['cost'])
  }

  /** Takes the next waiting job for this host, in one step, so that no two hosts take the same; null where none waits. */
  claim(): Job<Kinds> | null {
    const row = this.#database
      .prepare(
        `UPDATE jobs SET state = 'running', host = ?, tries = tries + 1, error = NULL
         WHERE id = (SELECT id FROM jobs WHERE state = 'waiting' ORDER BY priority DESC, place LIMIT 1)
         RETURNING *`,
      )
      .get(this.#host)
    return row ? jobOf<Kinds>(row) : null
  }

  /** This host's heartbeat; also puts the jobs of dead hosts back into the queue. @returns how many */
  beat(now: number): number {
    return transaction(this.#database, () => {
      this.#database
        .prepare('INSERT OR REPLACE INTO hosts (id, pid, seen) VALUES (?, ?, ?)')
        .run(this.#host, process.pid, now)
      const others = this.#database.prepare('SELECT id, pid, seen FROM hosts WHERE id <> ?').all(this.#host)
      for (const { id, pid, seen } of others) {
        if (isAlive(Number(pid)) && now - Number(seen) < SILENCE_MS) continue
        this.#database.prepare('DELETE FROM hosts WHERE id = ?').run(id)
      }
      const orphans = this.#database
        .prepare(
          "UPDATE jobs SET state = 'waiting', host = NULL WHERE state = 'running' AND host NOT IN (SELECT id FROM hosts)",
        )
        .run()
      return Number(orphans.changes)
    })
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
    const { changes } = this.#database
      .prepare(
        `UPDATE jobs SET state = ?, error = ?, result = ?, host = NULL, tries = tries - ?
         WHERE id = ? AND host = ? AND state = 'running'`,
      )
      // A host that closes properly puts its job back: that does not count as a try.
      .run(
        state,
        error && JSON.stringify(error),
        JSON.stringify(result ?? null),
        state === 'waiting' ? 1 : 0,
        id,
        this.#host,
      )
    return changes === 1
  }

  /** Cancels a waiting job. */
  cancelWaiting(id: string): boolean {
    return (
      this.#database.prepare("UPDATE jobs SET state = 'cancelled' WHERE id = ? AND state = 'waiting'").run(id)
        .changes === 1
    )
  }

  /** Puts a job that failed or was cancelled back to the end of the queue; with another payload, also one that is done. */
  retry(id: string, payload?: unknown): boolean {
    const states = payload === undefined ? "'failed', 'cancelled'" : "'failed', 'cancelled', 'done'"
    return (
      this.#database
        .prepare(
          `UPDATE jobs SET state = 'waiting', error = NULL, result = NULL, progress = NULL, tries = 0,
           payload = coalesce(?, payload), place = (SELECT max(place) + 1 FROM jobs)
           WHERE id = ? AND state IN (${states})`,
        )
        .run(payload === undefined ? null : JSON.stringify(payload), id).changes === 1
    )
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
    const statement = this.#database.prepare(
      "DELETE FROM jobs WHERE id = ? AND state IN ('done', 'failed', 'cancelled')",
    )
    transaction(this.#database, () => {
      for (const id of ids) statement.run(id)
    })
  }

  get paused(): boolean {
    return this.#database.prepare("SELECT value FROM settings WHERE name = 'paused'").get()?.['value'] === 'true'
  }

  set paused(paused: boolean) {
    this.#database.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES ('paused', ?)").run(String(paused))
  }
}

/** EPERM: the process exists and belongs to another user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Leaves out preview pixels: as JSON they would be a hundred thousand numbers each second. */
const withoutPixels = (_name: string, value: unknown) => (value instanceof Uint8Array ? undefined : value)

/** A row as a job, unchecked: each handler validates its own payload. */
function jobOf<Kinds extends JobKinds<Kinds>>(row: Record<string, unknown>): Job<Kinds> {
  const json = (value: unknown) =>
    value === null || value === undefined ? null : (JSON.parse(String(value)) as unknown)
  return {
    id: String(row['id']),
    kind: String(row['kind']),
    payload: json(row['payload']),
    title: String(row['title']),
    state: row['state'] as JobState,
    priority: Number(row['priority']),
    cost: Number(row['cost']),
    created: String(row['created']),
    tries: Number(row['tries']),
    error: json(row['error']) as ErrorReport | null,
    progress: json(row['progress']),
    result: json(row['result']),
  } as Job<Kinds>
}
