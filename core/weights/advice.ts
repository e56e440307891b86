/**
 * Settings that a distilled or differently trained checkpoint wants, told from the marks in its header, its metadata or
 * its file's name. A suggestion: nothing is changed by itself.
 */
import { basename } from 'node:path'
import type { SamplerName } from '../contract/vocabulary.ts'
import type { SafetensorsHeader } from './safetensors.ts'

export interface Advice {
  readonly training: 'turbo' | 'lightning' | 'lcm' | 'hyper' | 'dmd' | 'v-prediction'
  readonly from: 'marks' | 'metadata' | 'name'
  /** Fields of the request. */
  readonly suggested: {
    readonly sampler?: SamplerName
    readonly steps?: number
    readonly guidanceScale?: number
    readonly scheduler?: Readonly<Record<string, unknown>>
  }
}

const TRAILING = { timestep_spacing: 'trailing' }

/** The model cards' own settings. Guidance 1 is none. */
const TRAININGS: readonly (readonly [
  pattern: RegExp,
  training: Advice['training'],
  (steps: number | null) => Advice['suggested'],
])[] = [
  // huggingface.co/ByteDance/SDXL-Lightning
  [
    /lightning/i,
    'lightning',
    steps => ({ sampler: 'euler', steps: steps ?? 4, guidanceScale: 1, scheduler: TRAILING }),
  ],
  // huggingface.co/ByteDance/Hyper-SD: its few-step checkpoints, DDIM
  [
    /hyper[-_ ]?(sd|xl)?/i,
    'hyper',
    steps => ({ sampler: 'ddim', steps: steps ?? 8, guidanceScale: 1, scheduler: TRAILING }),
  ],
  // huggingface.co/tianweiy/DMD2
  [/dmd2?/i, 'dmd', steps => ({ sampler: 'lcm', steps: steps ?? 4, guidanceScale: 1 })],
  // huggingface.co/latent-consistency/lcm-sdxl
  [/lcm/i, 'lcm', steps => ({ sampler: 'lcm', steps: steps ?? 6, guidanceScale: 1.5 })],
  // huggingface.co/stabilityai/sdxl-turbo
  [/turbo/i, 'turbo', steps => ({ sampler: 'euler_a', steps: steps ?? 4, guidanceScale: 1, scheduler: TRAILING })],
]

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
    for (const [pattern, training, suggested] of TRAININGS) {
      // A whole word, so that no "Hyperion" is taken for one.
      if (!new RegExp(`(^|[^a-z])(sdxl|xl)?[-_ ]?(${pattern.source})([^a-z]|$)`, 'i').test(text)) continue
      const steps = /(?:^|[^\d])(\d{1,2})[-_ ]?steps?\b/i.exec(text)?.[1]
      return { training, from, suggested: suggested(steps === undefined ? null : Number(steps)) }
    }
  if (!isV) return null
  return {
    training: 'v-prediction',
    from: tensors.has('v_pred') ? 'marks' : 'metadata',
    suggested: { guidanceScale: 4, scheduler: { prediction_type: 'v_prediction' } },
  }
}
