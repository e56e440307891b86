/** Other programs' metadata, read in a process that is ended after a deadline. */
import { basename } from 'node:path'
import { fault } from '../../faults/fault.ts'
import { DEADLINE_MS } from '../../pictures/limits.ts'
import { WorkerPool } from '../../pictures/worker-pool.ts'
import type { ForeignRequest } from './collect.ts'

export interface ForeignCalls {
  ready: { request: null; event: never; reply: null }
  read: { request: { file: string }; event: never; reply: ForeignRequest | null }
}

const pool = new WorkerPool<ForeignCalls>({
  script: new URL('./foreign-child.ts', import.meta.url),
  deadlineMs: DEADLINE_MS,
})

/** As readForeign in foreign.ts. @throws StudioError 'bad-image', also where it takes too long; 'cancelled' */
export const foreignOf = (file: string, signal?: AbortSignal): Promise<ForeignRequest | null> =>
  pool.run('read', { file }, () => fault('pictureTakesTooLong', { name: `"${basename(file)}"` }), signal)
