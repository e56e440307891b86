/** What is known of a graphics card at one moment. */
import type { Phrase } from '../../faults/studio-error.ts'

export type GpuVendor = 'nvidia' | 'amd' | 'intel' | 'apple'

/** Bytes; null where the system does not tell. */
export interface GpuMemory {
  total: number | null
  used: number | null
  free: number | null
}

export interface GpuStatus {
  /** As the driver calls it: "NVIDIA GeForce RTX 4090". */
  name: string
  vendor: GpuVendor
  /** Version of the driver. */
  driver: string | null
  memory: GpuMemory
  /** It has no memory of its own, but uses the processor's. */
  unified: boolean
  /** 0..1. */
  utilisation: number | null
  /** °C. */
  temperature: number | null
  /** Watts. */
  power: number | null
  /** A slice of a card that NVIDIA's MIG has divided: "1g.10gb". */
  mig: string | null
  /** Who told. */
  source: 'nvidia-smi' | 'nvml' | 'rocm-smi' | 'sysfs' | 'system_profiler' | 'registry'
}

/** What one way of asking has found. */
export interface GpuAnswer {
  gpus: GpuStatus[]
  /** Why it could not be asked, where a card is to be expected; null where it answered, or there is nothing to ask. */
  problem: Phrase | null
}

/** Nothing was found, and nothing is wrong. */
export const NO_GPU: GpuAnswer = { gpus: [], problem: null }
