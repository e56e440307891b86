/** The picture of this folder's tests: 128², on the tiny golden model. */
import type { PipelineJob } from '../../pipeline/job.ts'
import { fixture } from '../../testing/fixtures.ts'

/** The golden model; null where it is not there. */
export const folder = fixture('sdxl/pipeline')

const sizes = { originalSize: [128, 128], cropTopLeft: [0, 0], targetSize: [128, 128] } as const

export const testingJob = (steps: number): PipelineJob => ({
  files: { model: folder ?? '', controlnet: null, vae: null, loras: [] },
  prompt: 'a cat',
  negativePrompt: '',
  longPrompt: 'chunk',
  clipSkip: null,
  scheduler: null,
  width: 128,
  height: 128,
  steps,
  guidanceScale: 5,
  sampler: 'euler',
  seed: 1,
  count: 1,
  controls: [],
  init: null,
  sizes,
  negativeSizes: sizes,
  latents: null,
  noise: null,
  preview: null,
  trace: false,
})
