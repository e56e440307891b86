/** Writes what the queue does into the log: one line when a job begins, ends or fails, with the id of the call that asked for it. */
import type { StudioLog } from '../log/log.ts'
import type { QueueEvent } from '../queue/job.ts'
import type { StudioJob, StudioJobs, StudioQueue } from '../queue/studio-jobs.ts'
import type { Statistics } from './statistics.ts'

export interface JobLogParts {
  log: StudioLog
  queue: StudioQueue
  statistics: Statistics
}

export function logJobs({ log, queue, statistics }: JobLogParts): void {
  const { ai_models: models, generation } = log.settings
  const jobs = log.subsystem('queue')
  /** When the model of the running job began to load. */
  let loadingSince: number | null = null

  const stage = (event: Extract<QueueEvent<StudioJobs>, { kind: 'progress'; of: 'picture' }>) => {
    const { progress, job } = event
    if (progress.kind !== 'stage' || !models.include_model_loading) return
    const about = { ...idsOf(job), model: job.payload.request.model }
    if (progress.stage === 'load') {
      loadingSince = performance.now()
      log.aiModels.info(about, 'model is being loaded')
    } else if (loadingSince !== null) {
      log.aiModels.info({ ...about, ms: Math.round(performance.now() - loadingSince) }, 'model is loaded')
      loadingSince = null
    }
  }

  queue.subscribe(event => {
    if (event.kind === 'progress' && event.of === 'picture') stage(event)
    if (event.kind === 'trouble') {
      if (event.error) jobs.error({ code: event.error.code, key: event.error.key }, event.error.message)
      else jobs.info('the queue goes on')
    }
    if (event.kind !== 'changed') return
    const { job } = event
    if (job.state !== 'failed') jobs.info(idsOf(job), `job is ${job.state}`)
    else jobs.error({ ...idsOf(job), code: job.error?.code, key: job.error?.key }, 'job has failed')
  })
  statistics.onMade(({ picture, ms, requestId }) => {
    const { record, request, id, model, width, height, steps, legibility } = picture
    const parameters = generation.include_parameters ? { parameters: request } : {}
    const timing = generation.include_timing ? { ms: Math.round(ms), timings: record?.timings } : {}
    log.generation.info(
      { requestId, picture: id, model, width, height, steps, legibility, ...timing, ...parameters },
      'picture is made',
    )
    if (models.include_memory_usage)
      log.aiModels.info({ requestId, model, peakMemory: record?.peakMemory }, 'memory in use')
  })
}

const idsOf = (job: StudioJob) => ({
  job: job.id,
  kind: job.kind,
  ...(job.kind === 'picture' && { requestId: job.payload.requestId }),
})
