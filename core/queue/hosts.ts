/** Which hosts share a queue, and whose jobs have nobody to run them. */
import type { DatabaseSync } from 'node:sqlite'
import { transaction } from '../files/database.ts'

/** A host whose heartbeat is older is dead, even if its process id is in use by another program. */
const SILENCE_MS = 15_000

/** How far the system's clock may stray from the steady one between two heartbeats. */
const STRAY_MS = SILENCE_MS / 3

/** Tells a clock that was set, or a machine that has slept, from time that has passed. */
export class ClockWatch {
  #last: { wall: number; steady: number } | null = null

  /** @returns whether the system's clock has jumped since the last call */
  jumped(): boolean {
    const now = { wall: Date.now(), steady: performance.now() }
    const last = this.#last ?? now
    this.#last = now
    return Math.abs(now.wall - last.wall - (now.steady - last.steady)) > STRAY_MS
  }
}

/**
 * A host's heartbeat; also puts the jobs of dead hosts back into the queue.
 * @param jumped the clock has: how long the others have been silent cannot be said, and they begin anew
 * @returns how many
 */
export function beat(database: DatabaseSync, host: string, now: number, jumped = false): number {
  return transaction(database, () => {
    if (jumped) database.prepare('UPDATE hosts SET seen = ?').run(now)
    database.prepare('INSERT OR REPLACE INTO hosts (id, pid, seen) VALUES (?, ?, ?)').run(host, process.pid, now)
    const others = database.prepare('SELECT id, pid, seen FROM hosts WHERE id <> ?').all(host)
    for (const { id, pid, seen } of others) {
      // A clock that was set back would otherwise make a dead host look alive for ever.
      if (isAlive(Number(pid)) && Math.abs(now - Number(seen)) < SILENCE_MS) continue
      database.prepare('DELETE FROM hosts WHERE id = ?').run(id)
    }
    const orphans = database
      .prepare(
        "UPDATE jobs SET state = 'waiting', host = NULL WHERE state = 'running' AND host NOT IN (SELECT id FROM hosts)",
      )
      .run()
    return Number(orphans.changes)
  })
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
