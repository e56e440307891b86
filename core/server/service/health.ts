/** How the service is: alive, able to paint, and the numbers behind it. */
import { fault, reportOf } from '../../faults/fault.ts'
import { diskOf } from '../../files/disk.ts'
import { VERSION } from '../../files/version.ts'
import { studioStatus } from '../../host/status.ts'
import type { StudioHost } from '../../host/studio-host.ts'
import type { MemoryRecord, MemoryUse } from '../../machine/memory-monitor.ts'
import { cardOf } from '../../machine/providers/order.ts'
import { readManifest } from '../../machine/registry.ts'
import type { HealthDetails } from './contract/health.ts'
import type { ServiceStatus } from './contract/writing.ts'
import type { ServiceParts } from './generate.ts'

export class Health {
  readonly #parts: ServiceParts
  /** The model that a warm-up is loading. */
  #loading: { model: string; done: Promise<number> } | null = null

  constructor(parts: ServiceParts) {
    this.#parts = parts
  }

  /** @returns the model. @throws StudioError 'busy', 'missing-model': why no picture could be made now */
  async ready(): Promise<string> {
    const { host, own } = this.#parts
    const { model } = host.settings.get()
    await host.studio.registry.resolve(model, host.studio.dataFolder).catch(() => {
      throw fault('modelNotThere', { model })
    })
    if (this.#loading) throw fault('modelLoading', { model: this.#loading.model })
    if (host.queue.paused) throw fault('queuePaused')
    if (host.queue.count('waiting') >= own.limits.queue) throw fault('queueFull', { most: own.limits.queue })
    return model
  }

  /**
   * Paints a picture that nobody sees, so that the model's networks are in memory at its own size.
   * @returns the model and how long it took, milliseconds
   * @throws StudioError
   */
  async warmup(requestId: string): Promise<{ model: string; ms: number }> {
    const { host } = this.#parts
    const { model } = host.settings.get()
    this.#loading ??= { model, done: load(host, requestId) }
    const { done, ...about } = this.#loading
    try {
      return { ...about, ms: await done }
    } finally {
      this.#loading = null
    }
  }

  async detailed(): Promise<HealthDetails> {
    const { host } = this.#parts
    const { statistics, studio } = host
    const { provider, ladder } = await studio.machine.choose()
    const { gpus } = await studio.machine.status()
    const card = cardOf(provider, gpus) ?? gpus[0]
    const problem = await this.ready().then(
      () => null,
      (error: unknown) => reportOf(error),
    )
    const reason = problem?.message ?? null
    const durations = statistics.durations()
    const count = durations.reduce((sum, row) => sum + row.count, 0)
    return {
      status: reason === null ? 'healthy' : 'degraded',
      version: VERSION,
      uptime_s: Math.round(process.uptime()),
      gpu_status: {
        available: provider !== 'cpu',
        provider,
        name: card?.name ?? null,
        memory_bytes: card?.memory.total ?? null,
        free_bytes: card?.memory.free ?? null,
        driver: card?.driver ?? null,
        utilisation: card?.utilisation ?? null,
        temperature_c: card?.temperature ?? null,
      },
      service_status: {
        ai_status: {
          ready: reason === null,
          reason,
          problem: problem && {
            message: problem.message,
            ...(problem.key !== undefined && { key: problem.key, values: { ...problem.values } }),
          },
          generations: statistics.generations,
          failures: statistics.failures,
          mean_time_ms: count
            ? Math.round(durations.reduce((sum, row) => sum + row.meanMs * row.count, 0) / count)
            : null,
          p95_time_ms: count ? Math.max(...durations.map(row => row.p95Ms)) : null,
          by_model_and_size: durations,
          models_in_memory: statistics.modelsInMemory(),
          memory: await statistics.memoryNow(),
          operations: operationsOf(studio.inference.memory),
        },
        queue: this.queueState(),
      },
      profile: ladder[0].profile,
      disk: diskOfStatus(await diskOf(studio.dataFolder)),
    }
  }

  async status(): Promise<ServiceStatus> {
    const { version, models, generations, failures, durations, recent, memoryCurve } = await studioStatus(
      this.#parts.host,
    )
    return {
      version,
      models: models.map(({ inMemory, isDefault, ...model }) => ({
        ...model,
        in_memory: inMemory,
        default: isDefault,
      })),
      queue: this.queueState(),
      statistics: { generations, failures, durations },
      recent,
      memory_curve: memoryCurve,
    }
  }

  queueState() {
    const { host, own } = this.#parts
    const { queue } = host
    return {
      waiting: queue.count('waiting'),
      running: queue.count('running'),
      paused: queue.paused,
      limit: own.limits.queue,
    }
  }
}

/** The newest of each operation. */
function operationsOf(records: readonly MemoryRecord[]): Record<string, MemoryUse> {
  return Object.fromEntries(records.map(({ operation, host }) => [operation, host]))
}

async function load({ studio, settings }: StudioHost, requestId: string): Promise<number> {
  const start = performance.now()
  const base = studio.dataFolder
  const { model, controlnet } = settings.get()
  const manifest = await readManifest(await studio.registry.resolve(model, base))
  const steps = Math.min(2, manifest?.defaults.steps ?? 2)
  await studio.generator.generateFrom({ word: '一', model, steps, controlnet }, { base, requestId })
  return Math.round(performance.now() - start)
}

const diskOfStatus = (disk: Awaited<ReturnType<typeof diskOf>>): HealthDetails['disk'] =>
  disk && { free_bytes: disk.free, total_bytes: disk.total }
