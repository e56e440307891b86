/** Which providers a machine may have, the fastest first. */
import type { Provider } from '../../graph/op-profiles.ts'
import type { GpuStatus } from '../gpu/types.ts'

/**
 * What npm's onnxruntime-node 1.30 is built with, by system, in order of speed. CUDA's own libraries come from elsewhere.
 */
const BUILDS: Readonly<Record<string, readonly Provider[]>> = {
  'linux x64': ['cuda', 'webgpu', 'cpu'],
  'linux arm64': ['cpu'],
  'win32 x64': ['dml', 'webgpu', 'cpu'],
  'win32 arm64': ['dml', 'webgpu', 'cpu'],
  'darwin arm64': ['coreml', 'webgpu', 'cpu'],
}

export const providersOf = (platform: NodeJS.Platform, arch: string): readonly Provider[] =>
  BUILDS[`${platform} ${arch}`] ?? ['cpu']

/**
 * The card that a provider computes on: the first of NVIDIA's for CUDA, else the one with the most memory.
 * @returns null where there is none; then the provider is not tried unless the user names it
 */
export function cardOf(provider: Provider, gpus: readonly GpuStatus[]): GpuStatus | null {
  if (provider === 'cpu') return null
  if (provider === 'cuda') return gpus.find(({ vendor, source }) => vendor === 'nvidia' && source !== 'sysfs') ?? null
  return gpus.toSorted((a, b) => (b.memory.total ?? 0) - (a.memory.total ?? 0))[0] ?? null
}

/** Of a memory that processor and GPU share, what the GPU may have; Metal recommends as much. */
const UNIFIED_SHARE = 2 / 3

/** Memory that a card's networks may be planned for, bytes; null where nobody tells. */
export function memoryOf({ unified, memory: { total } }: GpuStatus, machine: number): number | null {
  return unified ? Math.min(total ?? Number.POSITIVE_INFINITY, machine * UNIFIED_SHARE) : total
}
