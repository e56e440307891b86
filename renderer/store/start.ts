/** Connects the store to the host: loads everything, then follows its events, and reconnects when the host is lost. */
import type { StudioEvent } from '../../core/host/api/studio.ts'
import { api, reportOf } from '../api.ts'
import { startAdvice } from './advice.ts'
import { refreshModels, refreshStyles, startFacts } from './facts.ts'
import { pictureChanged, reload, startLibrary } from './library.ts'
import { drawAgain, startMaps } from './maps.ts'
import { downloadChanged, modelsChanged } from './models.ts'
import { notifyError, notifyReport } from './notices.ts'
import { jobChanged, jobsRemoved, pauseChanged, startQueue } from './queue.ts'
import { useScreen } from './screen.ts'
import { setPictureFailed, setPictureMade } from './sets.ts'
import { startSettings } from './settings.ts'
import { startSketches } from './sketches.ts'
import { showPreview } from './stage.ts'

function apply(event: StudioEvent): void {
  if (event.kind === 'job') jobChanged(event.job)
  else if (event.kind === 'job-removed') jobsRemoved([event.id])
  else if (event.kind === 'jobs-removed') jobsRemoved(event.ids)
  else if (event.kind === 'paused') pauseChanged(event.paused)
  else if (event.kind === 'picture') pictureChanged(event.picture)
  else if (event.kind === 'problem') notifyReport(event.error)
  else if (event.kind === 'download') downloadChanged(event.download)
  else if (event.kind === 'models') modelsChanged()
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
    let host: 'lost' | 'unknown-tab' = 'lost'
    try {
      const events = await api.studio.events(undefined, { signal })
      useScreen.setState({ host: 'connected' })
      // What was asked while the host was away has failed, so everything is asked again.
      if (!first) {
        drawAgain()
        await Promise.all([startQueue(), reload(), refreshModels(), refreshStyles()])
      }
      for await (const event of events) apply(event)
    } catch (error) {
      // The banner says so, and the host is asked again.
      if (reportOf(error)?.key === 'notLetIn') host = 'unknown-tab'
    }
    if (signal.aborted) return
    useScreen.setState({ host })
    await new Promise(resolve => setTimeout(resolve, RETRY_MS))
  }
}

async function load(signal: AbortSignal): Promise<void> {
  await startSettings()
  if (signal.aborted) return
  startAdvice(signal)
  await Promise.all([startFacts(signal), startQueue(), startLibrary()])
}

/** @returns a function that ends every subscription; React's strict mode starts, stops and starts again */
export function start(): () => void {
  const controller = new AbortController()
  const { signal } = controller
  void listen(signal)
  startMaps(signal)
  startSketches(signal)
  load(signal).catch(error => signal.aborted || notifyError(error))
  return () => controller.abort()
}
