/**
 * What a run's memory was measured to be, in parts of what its graph's shapes add up to. The defaults were measured with
 * `npm run bench:memory`; each picture that is painted refines them on its own machine.
 */
import type { Provider } from '../graph/op-profiles.ts'

export type EstimatedStage = 'encode' | 'init' | 'denoise' | 'decode'

export interface Factors {
  of(provider: Provider, stage: EstimatedStage): number
}

/** On the CPU, ONNX Runtime 1.30. Other providers have the CPU's until they were measured. */
const DEFAULTS: Readonly<Record<EstimatedStage, number>> = { encode: 1, init: 1.15, denoise: 1.1, decode: 1.15 }

export const factorKey = (provider: Provider, stage: EstimatedStage): string => `${provider} ${stage}`

export function factorsFrom(measured: Readonly<Record<string, number>> = {}): Factors {
  return { of: (provider, stage) => measured[factorKey(provider, stage)] ?? DEFAULTS[stage] }
}
