import { expect, it } from 'vitest'
import { adviseFor } from './advice.ts'

const header = (metadata: Record<string, string> = {}, tensors: string[] = []) =>
  ({ tensors: new Map(tensors.map(name => [name, {}])), metadata }) as unknown as Parameters<typeof adviseFor>[1]

const trailing = { timestep_spacing: 'trailing' }

it.each([
  [
    'sdxl_lightning_8step_unet.safetensors',
    'lightning',
    { sampler: 'euler', steps: 8, guidanceScale: 1, scheduler: trailing },
  ],
  ['Hyper-SDXL-4steps-lora.safetensors', 'hyper', { sampler: 'ddim', steps: 4, guidanceScale: 1, scheduler: trailing }],
  [
    'Hyper-SDXL-8steps-CFG-lora.safetensors',
    'hyper_cfg',
    { sampler: 'ddim', steps: 8, guidanceScale: 5, scheduler: trailing },
  ],
  [
    'Hyper-SDXL-1step-lora.safetensors',
    'hyper_unified',
    { sampler: 'tcd', steps: 4, guidanceScale: 1, scheduler: { eta: 1 } },
  ],
  [
    'Hyper-SDXL-1step-Unet.safetensors',
    'hyper',
    { sampler: 'lcm', steps: 1, guidanceScale: 1, scheduler: { timesteps: [800] } },
  ],
  ['TCD-SDXL-LoRA.safetensors', 'tcd', { sampler: 'tcd', steps: 4, guidanceScale: 1, scheduler: { eta: 0.3 } }],
  ['lcm-lora-sdxl.safetensors', 'lcm', { sampler: 'lcm', steps: 6, guidanceScale: 1.5 }],
  [
    'dmd2_sdxl_4step_lora.safetensors',
    'dmd',
    { sampler: 'lcm', steps: 4, guidanceScale: 1, scheduler: { original_inference_steps: 1000 } },
  ],
  [
    'sd_xl_turbo_1.0_fp16.safetensors',
    'turbo',
    { sampler: 'euler_a', steps: 4, guidanceScale: 1, scheduler: trailing },
  ],
])('%s → %s', (file, training, suggested) => {
  expect(adviseFor(`/models/${file}`, header())).toEqual({ training, from: 'name', suggested })
})

it.each(['Hyperion.safetensors', 'enlightening.safetensors', 'tcdx.safetensors'])('%s is none of them', file => {
  expect(adviseFor(file, header())).toBeNull()
})

it('metadata speak before the name; v-prediction has marks of its own', () => {
  const told = header({ 'modelspec.title': 'SDXL Turbo' })
  expect(adviseFor('lightning_4step.safetensors', told)).toMatchObject({ training: 'turbo', from: 'metadata' })
  expect(adviseFor('x.safetensors', header({}, ['v_pred']))).toMatchObject({ training: 'v-prediction', from: 'marks' })
})
