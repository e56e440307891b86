/** The work of the benchmarks: sizes of random models, and the picture that is painted. */
import type { RandomModelSize } from '../core/graph/random-model.ts'
import type { PipelineJob } from '../core/pipeline/job.ts'
import { createNoise } from '../core/sampler/noise.ts'

export const SIZES: Record<string, RandomModelSize & { doc: string }> = {
  tiny: {
    doc: 'a few channels: what the program itself costs',
    unet: [64, 64, 128],
    layers: [1, 1],
    vae: [16, 16, 32, 32],
    text: [64, 64],
    textLayers: 2,
    conditioning: [16, 16, 32, 32],
  },
  draft: {
    doc: 'the sizes of the model that ships inside',
    unet: [64, 128, 192],
    layers: [1, 1],
    vae: [16, 32, 64, 96],
    text: [64, 128],
    textLayers: 3,
    conditioning: [16, 32, 64, 96],
  },
  mid: {
    doc: 'a tenth of SDXL: 0.3 G parameters',
    unet: [128, 256, 640],
    layers: [2, 6],
    vae: [64, 128, 256, 256],
    text: [384, 640],
    textLayers: 8,
    conditioning: [16, 32, 96, 128],
  },
}

/** A picture with guidance and four controls. @param n another one each time: what was read once is kept */
export function benchJob(side: number, steps: number, n: number): PipelineJob {
  const noise = createNoise(1, 0)
  const image = () => ({
    width: side,
    height: side,
    channels: 3 as const,
    data: Uint8Array.from(noise.next(side * side * 3), value => (value > 0 ? 255 : 0)),
  })
  const sizes = { originalSize: [side, side], cropTopLeft: [0, 0], targetSize: [side, side] } as const
  return {
    ...{
      files: { model: '', controlnet: null, vae: null, loras: [] },
      prompt: `a comic of learning ${n}`,
      negativePrompt: 'blurry',
      longPrompt: 'chunk',
      clipSkip: null,
    },
    ...{
      width: side,
      height: side,
      steps,
      guidanceScale: 5,
      sampler: 'dpmpp_2m_karras',
      scheduler: null,
      seed: 1,
      count: 1,
      init: null,
      sizes,
      negativeSizes: sizes,
    },
    controls: [1, 2, 3, 5].map(mode => ({ mode, image: image(), weight: 0.5, start: 0, end: 1 })),
    ...{ latents: null, noise: null, preview: null, trace: false },
  }
}
