/**
 * Settings of checkpoints and LoRAs that are distilled to few steps. Each is its publisher's own (the model card that the
 * comment names) and proved against diffusers' schedulers in core/sampler/few-steps.test.ts. No zod: the renderer reads it.
 */
import type { SamplerName } from './vocabulary.ts'

/** Fields of a request. */
export interface FewSteps {
  readonly sampler: SamplerName
  readonly steps: number
  /** 1 is none: one row a step, as the reference's 0. */
  readonly guidanceScale: number
  /** Over the model's own scheduler config; null: the sampler's defaults. */
  readonly scheduler: Readonly<Record<string, unknown>> | null
}

interface FewStepsPreset extends Omit<FewSteps, 'steps'> {
  readonly title: string
  /** Numbers of steps that there are checkpoints for; the first is suggested. */
  readonly steps: readonly [number, ...number[]]
}

const TRAILING = { timestep_spacing: 'trailing' } as const

export const FEW_STEPS_PRESETS = {
  // huggingface.co/ByteDance/SDXL-Lightning
  lightning: { title: 'Lightning', sampler: 'euler', steps: [4, 2, 8], guidanceScale: 1, scheduler: TRAILING },
  // huggingface.co/ByteDance/Hyper-SD: the checkpoints and LoRAs for a number of steps
  hyper: { title: 'Hyper-SD', sampler: 'ddim', steps: [8, 2, 4], guidanceScale: 1, scheduler: TRAILING },
  // The same, its LoRAs that keep guidance
  hyper_cfg: { title: 'Hyper-SD CFG', sampler: 'ddim', steps: [8, 12], guidanceScale: 5, scheduler: TRAILING },
  // The same, its unified LoRA, which is named after one step and serves one to eight
  hyper_unified: {
    title: 'Hyper-SD unified',
    sampler: 'tcd',
    steps: [4, 1, 2, 8],
    guidanceScale: 1,
    scheduler: { eta: 1 },
  },
  // huggingface.co/latent-consistency/lcm-lora-sdxl
  lcm: { title: 'LCM', sampler: 'lcm', steps: [6, 4, 8], guidanceScale: 1.5, scheduler: null },
  // huggingface.co/h1t/TCD-SDXL-LoRA
  tcd: { title: 'TCD', sampler: 'tcd', steps: [4, 8], guidanceScale: 1, scheduler: { eta: 0.3 } },
  // huggingface.co/stabilityai/sdxl-turbo
  turbo: { title: 'Turbo', sampler: 'euler_a', steps: [4, 1, 2], guidanceScale: 1, scheduler: TRAILING },
  // huggingface.co/tianweiy/DMD2: timesteps 999, 749, 499, 249
  dmd: {
    title: 'DMD2',
    sampler: 'lcm',
    steps: [4],
    guidanceScale: 1,
    scheduler: { original_inference_steps: 1000 },
  },
} as const satisfies Readonly<Record<string, FewStepsPreset>>
export type FewStepsName = keyof typeof FEW_STEPS_PRESETS
export const FEW_STEPS_NAMES = Object.keys(FEW_STEPS_PRESETS) as [FewStepsName, ...FewStepsName[]]

/** @param steps of the checkpoint, where its name says so. Default: the preset's first */
export function fewSteps(name: FewStepsName, steps?: number | null): FewSteps {
  const preset = FEW_STEPS_PRESETS[name]
  const { sampler, guidanceScale, scheduler } = preset
  return { sampler, steps: steps ?? preset.steps[0], guidanceScale, scheduler }
}

/** The preset whose sampler, guidance and scheduler a request has, with any number of steps; null for none. */
export function fewStepsOf(request: Partial<FewSteps>): FewStepsName | null {
  const same = (name: FewStepsName) => {
    const { sampler, guidanceScale, scheduler } = FEW_STEPS_PRESETS[name]
    return (
      request.sampler === sampler &&
      request.guidanceScale === guidanceScale &&
      JSON.stringify(request.scheduler ?? null) === JSON.stringify(scheduler)
    )
  }
  return FEW_STEPS_NAMES.find(same) ?? null
}
