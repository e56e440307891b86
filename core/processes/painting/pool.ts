/**
 * The studio's inference processes: one with all cores for single pictures, and lanes that share the cores for pictures
 * of a set.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { machineMemory } from '../../engine/memory.ts'
import type { Provider } from '../../graph/op-profiles.ts'
import type { ModelFiles, PipelineJob, PipelinePreparation, PipelineResult } from '../../pipeline/job.ts'
import { type ClientOptions, DEFAULT_SETTINGS, InferenceClient, type JobOptions } from './client.ts'
import { Lanes } from './lanes.ts'
import type { InferenceSettings } from './protocol.ts'

/**
 * Lanes are used within these limits: beyond them another copy of weights and activations costs more memory than the
 * time is worth.
 */
const LANE_LIMITS = { weightBytes: 256e6, pixels: 1024 * 1024, memoryPerLane: 4e9, lanes: 4 }

export interface PoolJobOptions extends JobOptions {
  /** One of many pictures: throughput counts, not the time of this one. */
  together?: boolean
}

export class InferencePool {
  readonly #main: InferenceClient
  readonly #lanes: Lanes | null
  /** How many pictures of a small model are made at the same time with `together`. */
  readonly atOnce: number
  /** The ONNX Runtime provider that computes the networks. */
  readonly provider: Provider

  /** @param options.settings for the main process; lanes divide its threads and memory */
  constructor(options: ClientOptions = {}) {
    const settings = options.settings ?? DEFAULT_SETTINGS
    this.atOnce = lanesFor(settings, machineMemory().total)
    this.provider = settings.load.provider
    this.#main = new InferenceClient({ ...options, settings })
    const shared = { ...options, settings: shareOf(settings, this.atOnce) }
    this.#lanes = this.atOnce > 1 ? new Lanes(this.atOnce, () => new InferenceClient(shared)) : null
  }

  /** Ids of the running processes. */
  get pids(): number[] {
    return [this.#main, ...(this.#lanes?.clients ?? [])].flatMap(({ pid }) => pid ?? [])
  }

  /** As InferenceClient.start, for a single picture. */
  start(): void {
    this.#main.start()
  }

  /** As InferenceClient.prepare, for a single picture. */
  prepare(preparation: PipelinePreparation, signal?: AbortSignal): Promise<void> {
    return this.#main.prepare(preparation, signal)
  }

  /** As InferenceClient.run; in a lane where `together` is set and the job is small. The pixels are the same. */
  async run(job: PipelineJob, { together = false, ...options }: PoolJobOptions = {}): Promise<PipelineResult> {
    const lanes = together && (await isSmall(job)) ? this.#lanes : null
    return (lanes ?? this.#main).run(job, options)
  }

  /** As InferenceClient.selfTest. */
  selfTest(): ReturnType<InferenceClient['selfTest']> {
    return this.#main.selfTest()
  }

  /** Ends all processes; running jobs fail. */
  stop(): void {
    this.#main.stop()
    this.#lanes?.stop()
  }
}

/**
 * How many lanes a machine gets. Threads of ONNX Runtime wait for each other after every operator: on two cores a small
 * network makes pictures a fifth faster as two processes of one thread than as one process of two.
 */
function lanesFor({ load: { provider, threads = 1 } }: InferenceSettings, memory: number): number {
  if (provider !== 'cpu') return 1
  return Math.max(1, Math.min(LANE_LIMITS.lanes, threads, Math.floor(memory / LANE_LIMITS.memoryPerLane)))
}

function shareOf({ load, retention }: InferenceSettings, lanes: number): InferenceSettings {
  return {
    load: { ...load, threads: Math.max(1, Math.floor((load.threads ?? 1) / lanes)) },
    retention: { budgetBytes: retention.budgetBytes / lanes },
  }
}

async function isSmall({ width, height, files }: PipelineJob): Promise<boolean> {
  return width * height <= LANE_LIMITS.pixels && (await weightBytes(files)) <= LANE_LIMITS.weightBytes
}

/** Bytes of all weights files of a picture. Missing files count 0; opening them throws the error. */
async function weightBytes({ model, controlnet, vae, loras }: ModelFiles): Promise<number> {
  const inside = controlnet?.startsWith(join(model, '/')) ? null : controlnet
  const paths = [model, inside, vae, ...loras.map(({ path }) => path)].filter(path => path !== null)
  const sizes = await Promise.all(paths.map(bytesAt))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function bytesAt(path: string): Promise<number> {
  const names = await readdir(path, { recursive: true }).catch(() => null)
  if (!names) return sizeOf(path)
  const sizes = await Promise.all(
    names.filter(name => name.endsWith('.safetensors')).map(name => sizeOf(join(path, name))),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    info => info.size,
    () => 0,
  )
