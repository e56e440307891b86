/** Rows of the queue's tables as jobs. */
import type { SQLOutputValue } from 'node:sqlite'
import type { ErrorReport } from '../faults/studio-error.ts'
import type { Job, JobKinds, JobState } from './job.ts'

export type Row = Record<string, SQLOutputValue>

/** A job unchecked: each handler validates its own payload. null for a row that is no JSON where it should be. */
export function jobOf<Kinds extends JobKinds<Kinds>>(row: Row): Job<Kinds> | null {
  const json = (name: string) => {
    const value = row[name]
    return value === null || value === undefined ? null : (JSON.parse(String(value)) as unknown)
  }
  try {
    if (typeof row['payload'] !== 'string') return null
    return {
      id: String(row['id']),
      kind: String(row['kind']),
      payload: json('payload'),
      title: String(row['title']),
      state: row['state'] as JobState,
      priority: Number(row['priority']),
      cost: Number(row['cost']),
      created: String(row['created']),
      tries: Number(row['tries']),
      error: json('error') as ErrorReport | null,
      progress: json('progress'),
      result: json('result'),
    } as Job<Kinds>
  } catch {
    return null
  }
}

/** Leaves out preview pixels: as JSON they would be a hundred thousand numbers each second. */
export const withoutPixels = (_name: string, value: unknown) => (value instanceof Uint8Array ? undefined : value)
