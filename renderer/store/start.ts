/** Joins the slices to the host: asks for what is there, then listens. A lost host is asked again until it answers. */
import type { StudioEvent } from '../../core/host/api.ts'
import { api } from '../api.ts'
import { startFacts } from './facts.ts'
import { pictureChanged, reload, startLibrary } from './library.ts'
import { startMaps } from './maps.ts'
import { tell, tellReport } from './notices.ts'
import { jobChanged, jobRemoved, startQueue, useQueue } from './queue.ts'
import { useScreen } from './screen.ts'
import { setPictureFailed, setPictureMade } from './sets.ts'
import { startSettings } from './settings.ts'
import { showPreview } from './stage.ts'

function take(event: StudioEvent): void {
  if (event.kind === 'job') jobChanged(event.job)
  else if (event.kind === 'job-removed') jobRemoved(event.id)
  else if (event.kind === 'paused') useQueue.setState({ paused: event.paused })
  else if (event.kind === 'picture') pictureChanged(event.picture)
  else if (event.kind === 'problem') tellReport(event.error)
  else if (event.kind === 'set-picture') setPictureMade(event.jobId, event.picture)
  else if (event.kind === 'set-failure') setPictureFailed(event.jobId, event.failure)
  else {
    const { kind: _, ...preview } = event
    showPreview(preview)
  }
}

const RETRY_MS = 1500

async function listen(signal: AbortSignal): Promise<void> {
  for (let first = true; !signal.aborted; first = false) {
    try {
      const events = await api.studio.events(undefined, { signal })
      useScreen.setState({ connected: true })
      if (!first) await Promise.all([startQueue(), reload()])
      for await (const event of events) take(event)
    } catch {
      // The host is gone or the line is cut: the banner says so, and it is asked again.
    }
    if (signal.aborted) return
    useScreen.setState({ connected: false })
    await new Promise(resolve => setTimeout(resolve, RETRY_MS))
  }
}

/** @returns the way to stop listening */
export function start(): () => void {
  const controller = new AbortController()
  void listen(controller.signal)
  startMaps()
  startSettings()
    .then(() => Promise.all([startFacts(), startQueue(), startLibrary()]))
    .catch(tell)
  return () => controller.abort()
}
