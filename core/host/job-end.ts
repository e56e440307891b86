/** Waiting for a job, as callers do who want its pictures at once. */
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import type { StudioJob, StudioQueue } from '../queue/studio-jobs.ts'

/** How often a job is looked at that another host may be running. */
const POLL_MS = 2000

export interface JobEndOptions {
  /** The host closes: the job stays in the queue for the next start; only the waiting ends. */
  closing: AbortSignal
  /** Cancels the job, which nobody waits for then. */
  signal?: AbortSignal | undefined
}

/**
 * Waits for the end of a job.
 * @throws StudioError 'cancelled', also where the job was cancelled or removed; the job's own error where it failed
 */
export async function jobEnd(queue: StudioQueue, id: string, { closing, signal }: JobEndOptions): Promise<StudioJob> {
  const { promise, resolve } = Promise.withResolvers<StudioJob | null>()
  const look = (job: StudioJob | null) => {
    if (job === null || (job.state !== 'waiting' && job.state !== 'running')) resolve(job)
  }
  const unsubscribe = queue.subscribe(event => {
    if (event.kind === 'changed' && event.job.id === id) look(event.job)
    if (event.kind === 'removed' && event.ids.includes(id)) look(null)
  })
  const onAbort = () => {
    queue.cancel(id)
    resolve(null)
  }
  const onClose = () => resolve(null)
  // Another host on the same data folder may run it, and its events are not heard here.
  const polling = setInterval(() => {
    try {
      look(queue.get(id))
    } catch {
      // The database is busy: looked at again in a moment.
    }
  }, POLL_MS)
  closing.addEventListener('abort', onClose, { once: true })
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    if (closing.aborted) throw fault('cancelled')
    if (signal?.aborted) onAbort()
    look(queue.get(id))
    const job = await promise
    if (job?.state === 'failed' && job.error) throw StudioError.from(job.error)
    if (job?.state !== 'done') throw fault('cancelled')
    return job
  } finally {
    clearInterval(polling)
    unsubscribe()
    closing.removeEventListener('abort', onClose)
    signal?.removeEventListener('abort', onAbort)
  }
}
