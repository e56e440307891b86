/** A job's way to its end, for one listener. */
import type { StudioHost } from '../../host/studio-host.ts'
import type { JobEvent } from './contract/jobs.ts'
import { viewOf } from './views.ts'

/** First how it stands, then every change and preview; ends with the job, or with the signal. */
export async function* followJob(host: StudioHost, id: string, signal: AbortSignal): AsyncGenerator<JobEvent, void> {
  const stop = new AbortController()
  // Listening begins before the first look, so that no change falls between.
  const events = host.events(AbortSignal.any([signal, stop.signal]))
  try {
    const job = host.queue.get(id)
    if (!job) return
    const first = viewOf(host, job)
    yield { kind: 'job', job: first }
    if (isOver(first.state)) return
    for await (const event of events) {
      if (event.kind === 'job-removed' && event.id === id) return
      if (event.kind === 'job' && event.job.id === id) {
        const now = host.queue.get(id)
        if (!now) return
        yield { kind: 'job', job: viewOf(host, now) }
        if (isOver(event.job.state)) return
      }
      if (event.kind === 'preview' && event.jobId === id) {
        const png = await host.blobs.get(event.url.slice('/blobs/'.length, -'.png'.length))
        const { step, steps, image, images } = event
        if (png)
          yield { kind: 'preview', image_base64: Buffer.from(png).toString('base64'), step, steps, image, images }
      }
    }
  } finally {
    stop.abort()
  }
}

const isOver = (state: string): boolean => state !== 'waiting' && state !== 'running'
