/**
 * Settings that a distilled or differently trained checkpoint wants, told from the marks in its header, its metadata or
 * its file's name. A suggestion: nothing is changed by itself.
 */
import { basename } from 'node:path'
import { type FewStepsName, fewSteps } from '../contract/few-steps.ts'
import type { SamplerName } from '../contract/vocabulary.ts'
import type { SafetensorsHeader } from './safetensors.ts'

export interface Advice {
  readonly training: FewStepsName | 'v-prediction'
  readonly from: 'marks' | 'metadata' | 'name'
  /** Fields of the request. */
  readonly suggested: {
    readonly sampler?: SamplerName
    readonly steps?: number
    readonly guidanceScale?: number
    readonly scheduler?: Readonly<Record<string, unknown>>
  }
}

/** What a name says → the preset. The first that fits counts. */
const TRAININGS: readonly (readonly [pattern: RegExp, preset: FewStepsName])[] = [
  [/lightning/i, 'lightning'],
  [/hyper[-_ ]?(?:sd|xl|sdxl)?[-_ ]?\d{1,2}[-_ ]?steps?[-_ ]?cfg/i, 'hyper_cfg'],
  // The LoRA for one step is the unified one; the checkpoint for one step ("…-1step-Unet") has a sampler setting of its own.
  [/hyper[-_ ]?(?:sd|xl|sdxl)?[-_ ]?1[-_ ]?steps?[-_ ]?lora/i, 'hyper_unified'],
  [/hyper[-_ ]?(?:sd|xl)?/i, 'hyper'],
  [/dmd2?/i, 'dmd'],
  [/tcd/i, 'tcd'],
  [/lcm/i, 'lcm'],
  [/turbo/i, 'turbo'],
]

/** huggingface.co/ByteDance/Hyper-SD, Hyper-SDXL-1step-Unet: the one step begins at timestep 800. */
const HYPER_ONE_STEP: Advice['suggested'] = {
  sampler: 'lcm',
  steps: 1,
  guidanceScale: 1,
  scheduler: { timesteps: [800] },
}

function suggestedFor(preset: FewStepsName, steps: number | null): Advice['suggested'] {
  if (preset === 'hyper' && steps === 1) return HYPER_ONE_STEP
  // A unified LoRA is named after one step, and is better with a few.
  const { scheduler, ...suggested } = fewSteps(preset, preset === 'hyper_unified' ? null : steps)
  return scheduler ? { ...suggested, scheduler } : suggested
}

/** null where nothing is known. */
export function adviseFor(file: string, { tensors, metadata }: SafetensorsHeader): Advice | null {
  const isV = tensors.has('v_pred') || metadata['modelspec.prediction_type'] === 'v'
  const told = ['modelspec.title', 'modelspec.description', 'ss_base_model_version', 'sshs_model_name']
    .map(name => metadata[name] ?? '')
    .join(' ')
  const name = basename(file)
  for (const [from, text] of [
    ['metadata', told],
    ['name', name],
  ] as const)
    for (const [pattern, training] of TRAININGS) {
      // A whole word, so that no "Hyperion" is taken for one.
      if (!new RegExp(`(^|[^a-z])(sdxl|xl)?[-_ ]?(${pattern.source})([^a-z]|$)`, 'i').test(text)) continue
      const steps = /(?:^|[^\d])(\d{1,2})[-_ ]?steps?(?![a-z])/i.exec(text)?.[1]
      return { training, from, suggested: suggestedFor(training, steps === undefined ? null : Number(steps)) }
    }
  if (!isV) return null
  return {
    training: 'v-prediction',
    from: tensors.has('v_pred') ? 'marks' : 'metadata',
    suggested: { guidanceScale: 4, scheduler: { prediction_type: 'v_prediction' } },
  }
}
