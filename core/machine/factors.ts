/**
 * What a run's memory was measured to be, in parts of what its graph's shapes add up to. The defaults were measured with
 * `npm run bench:memory`; a machine's own come from pictures that were near enough to its limit for an estimate to be made
 * (core/machine/learn-factors.ts).
 */
import type { Provider } from '../graph/op-profiles.ts'

export type EstimatedStage = 'encode' | 'init' | 'denoise' | 'decode'

export interface Factors {
  of(provider: Provider, stage: EstimatedStage): number
}

/** On the CPU, ONNX Runtime 1.30. Other providers have the CPU's until they were measured. */
const DEFAULTS: Readonly<Record<EstimatedStage, number>> = { encode: 1, init: 1.15, denoise: 1.1, decode: 1.15 }

export interface MeasuredFactor {
  provider: Provider
  stage: EstimatedStage
  factor: number
}

export const factorKey = (provider: Provider, stage: EstimatedStage): string => `${provider} ${stage}`

export function factorsFrom(measured: Readonly<Record<string, number>> = {}): Factors {
  return { of: (provider, stage) => measured[factorKey(provider, stage)] ?? DEFAULTS[stage] }
}

/** A single run differs by up to a fifth from the next, as arenas grow by powers of two: none moves a factor all the way. */
const WEIGHT = { up: 0.5, down: 0.2 }
/** What a measured factor may be of the default: beyond it something else was measured. */
const BOUNDS = { least: 0.5, most: 2 }

/** The factors after another measurement. More than was expected counts for more than less: what is short of memory fails. */
export function refined(
  known: Readonly<Record<string, number>>,
  measured: readonly MeasuredFactor[],
): Record<string, number> {
  const next = { ...known }
  for (const { provider, stage, factor } of measured) {
    const given = DEFAULTS[stage]
    const bounded = Math.min(BOUNDS.most * given, Math.max(BOUNDS.least * given, factor))
    const key = factorKey(provider, stage)
    const before = next[key] ?? given
    next[key] = before + (bounded > before ? WEIGHT.up : WEIGHT.down) * (bounded - before)
  }
  return next
}
