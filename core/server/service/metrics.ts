/** Numbers for Prometheus: what Statistics counts, by model, provider and stage. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { WORKER_STATES } from '../../farm/machines.ts'
import type { FarmStatus } from '../../farm/view.ts'
import type { StudioHost } from '../../host/studio-host.ts'
import { JOB_STATES } from '../../queue/job.ts'

/** Seconds: from a stage of a draft to a large picture on a slow processor. */
const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800]

/** A registry of its own, so that two servers in one process do not count for each other. */
export function createMetrics(host: StudioHost): Registry {
  const registry = new Registry()
  const registers = [registry]
  const { statistics, queue, studio } = host
  collectDefaultMetrics({ register: registry })

  new Gauge({
    name: 'zihua_queue_jobs',
    help: 'Jobs by state',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of JOB_STATES) this.set({ state }, queue.count(state))
    },
  })
  new Gauge({
    name: 'zihua_memory_bytes',
    help: 'Resident memory; "inference" is all inference processes together',
    labelNames: ['process'],
    registers,
    async collect() {
      const { host: own, inference } = await statistics.memoryNow()
      this.set({ process: 'host' }, own)
      if (inference !== null) this.set({ process: 'inference' }, inference)
    },
  })
  new Gauge({
    name: 'zihua_farm_workers',
    help: "Workers of the studio's farm by state, as last seen",
    labelNames: ['state'],
    registers,
    async collect() {
      const status = await farmStatus(host)
      this.reset()
      if (!status) return
      for (const state of WORKER_STATES) {
        this.set({ state }, status.workers.filter(worker => worker.state === state).length)
      }
    },
  })
  const farmGauge = (name: string, help: string, value: (status: FarmStatus) => number | null) =>
    new Gauge({
      ...{ name, help, registers },
      async collect() {
        const status = await farmStatus(host)
        const now = status && value(status)
        if (now === null) this.reset()
        else this.set(now)
      },
    })
  farmGauge('zihua_farm_pictures_per_hour', 'Of all workers of the farm', ({ picturesAnHour }) => picturesAnHour)
  farmGauge('zihua_farm_tasks', 'Pictures on the queue of the farm or under way', ({ sets }) =>
    sets.reduce((sum, { handedOut }) => sum + handedOut, 0),
  )
  farmGauge('zihua_farm_failures', 'Pictures that failed, of the sets on the farm', ({ sets }) =>
    sets.reduce((sum, { failed }) => sum + failed, 0),
  )
  const pictures = new Histogram({
    name: 'zihua_picture_seconds',
    help: 'Time to make a picture, loading included',
    labelNames: ['model', 'provider'],
    buckets: BUCKETS,
    registers,
  })
  const stages = new Histogram({
    name: 'zihua_stage_seconds',
    help: 'Time of each stage of a picture',
    labelNames: ['stage', 'model', 'provider'],
    buckets: BUCKETS,
    registers,
  })
  const failures = new Counter({
    name: 'zihua_failures_total',
    help: 'Jobs that failed, by the code of their error',
    labelNames: ['code'],
    registers,
  })
  statistics.onMade(({ picture: { model, record }, ms }) => {
    const { provider } = studio.inference
    // A path would tell where the operator keeps it.
    const name = model.split(/[/\\]/).at(-1) ?? model
    pictures.observe({ model: name, provider }, ms / 1000)
    for (const [stage, time] of Object.entries(record?.timings ?? {}))
      stages.observe({ stage, model: name, provider }, time / 1000)
  })
  statistics.onFailed(({ error }) => failures.inc({ code: error?.code ?? 'internal' }))
  return registry
}

/** A scrape must not wait for a farm that is away. */
const FARM_MS = 1500

/** null: no farm is set, or it does not answer. The gauges of one scrape share one question. */
function farmStatus(host: StudioHost): Promise<FarmStatus | null> {
  const known = asked.get(host)
  if (known) return known
  const answer = Promise.race([
    host.farm.status().catch(() => null),
    new Promise<null>(resolve => setTimeout(resolve, FARM_MS, null).unref()),
  ])
  asked.set(host, answer)
  void answer.finally(() => setTimeout(() => asked.delete(host), 500).unref())
  return answer
}

const asked = new WeakMap<StudioHost, Promise<FarmStatus | null>>()
