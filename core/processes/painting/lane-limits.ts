/** Which pictures are painted several at a time, in processes that share the machine. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { InferenceSettings } from '../../machine/engine-choice.ts'
import type { ModelFiles, PipelineJob } from '../../pipeline/job.ts'

/**
 * Lanes are used within these limits: beyond them another copy of weights and activations costs more memory than the
 * time is worth.
 */
const LANE_LIMITS = { weightBytes: 256e6, pixels: 1024 * 1024, memoryPerLane: 4e9, lanes: 4 }

/**
 * How many lanes a machine gets at most. Threads of ONNX Runtime wait for each other after every operator: on two cores a
 * small network makes pictures a fifth faster as two processes of one thread than as one process of two. Where they are
 * measured to be slower they are not used (lane-speed.ts).
 */
export function mostLanes({ load: { provider, threads = 1 } }: InferenceSettings, memory: number): number {
  if (provider !== 'cpu') return 1
  return Math.max(1, Math.min(LANE_LIMITS.lanes, threads, Math.floor(memory / LANE_LIMITS.memoryPerLane)))
}

/** Settings of one of so many lanes. */
export function shareOf({ load, retention }: InferenceSettings, lanes: number): InferenceSettings {
  return {
    load: { ...load, threads: Math.max(1, Math.floor((load.threads ?? 1) / lanes)) },
    retention: { ...retention, budgetBytes: retention.budgetBytes / lanes },
  }
}

/** A picture and a model that lanes are used for. */
export async function isSmall({
  width,
  height,
  files,
}: Pick<PipelineJob, 'width' | 'height' | 'files'>): Promise<boolean> {
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
