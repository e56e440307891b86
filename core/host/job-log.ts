/** Writes what the queue does into the log: one line when a job begins, ends or fails, with the id of the call that asked for it. */
import type { StudioLog } from '../log/log.ts'
import type { MemoryRecord } from '../machine/memory-monitor.ts'
import type { QueueEvent } from '../queue/job.ts'
import type { StudioJob, StudioJobs, StudioQueue } from '../queue/studio-jobs.ts'
import type { Statistics } from './statistics.ts'

export interface JobLogParts {
  log: StudioLog
  queue: StudioQueue
  statistics: Statistics
  /** What each operation took of memory, the newest last: InferencePool.memory. */
  memory: () => readonly MemoryRecord[]
}

export function logJobs({ log, queue, statistics, memory }: JobLogParts): void {
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
      log.aiModels.info(
        { requestId, model, peakMemory: record?.peakMemory, operations: newestOfEach(memory()) },
        'memory in use',
      )
  })
}

/** A picture has many steps: the one that took most of the last picture's stands for them, megabytes. */
function newestOfEach(records: readonly MemoryRecord[]): Record<string, { host: number; device: number | null }> {
  const from = records.findLastIndex(({ operation }) => operation === 'encode')
  const megabytes = (bytes: number) => Math.round(bytes / 1e6)
  const most: Record<string, { host: number; device: number | null }> = {}
  for (const { operation, host, device } of records.slice(Math.max(0, from))) {
    const before = most[operation]
    most[operation] = {
      host: Math.max(megabytes(host.peak), before?.host ?? 0),
      device: device ? Math.max(megabytes(device.peak), before?.device ?? 0) : null,
    }
  }
  return most
}

const idsOf = (job: StudioJob) => ({
  job: job.id,
  kind: job.kind,
  ...(job.kind === 'picture' && { requestId: job.payload.requestId }),
})
