/** A tiny model with random weights, and a job for it. */
import type { LoadOptions } from '../engine/network.ts'
import { NetworkCache } from '../engine/network-cache.ts'
import { randomModel, TINY_SIZE } from '../graph/random-model.ts'
import { createNoise } from '../sampler/noise.ts'
import { sameKeys } from '../weights/network-keys.ts'
import type { PipelineJob, PipelineResult } from './job.ts'
import { MultiControlNetPipeline, type PipelineEvent } from './multi-controlnet-pipeline.ts'
import { SDXL_PREVIEW } from './preview.ts'

const side = 128
const sizes = { originalSize: [side, side], cropTopLeft: [0, 0], targetSize: [side, side] } as const
const noise = createNoise(1, 0)
const control = (mode: number) => {
  const data = Uint8Array.from(noise.next(side * side * 3), value => (value > 0 ? 255 : 0))
  return { mode, image: { width: side, height: side, channels: 3 as const, data }, weight: 0.7, start: 0, end: 1 }
}
const controls = [control(1), control(3)]
/** 128², two control pictures, four pictures. */
export const tinyJob: PipelineJob = {
  files: { model: '', controlnet: null, vae: null, loras: [] },
  prompt: 'a comic of learning',
  negativePrompt: 'blurry',
  longPrompt: 'chunk',
  clipSkip: null,
  width: side,
  height: side,
  steps: 3,
  guidanceScale: 4,
  // Draws noise at every step: each picture must have its own.
  sampler: 'euler_a',
  scheduler: null,
  seed: 7,
  count: 4,
  init: null,
  sizes,
  negativeSizes: sizes,
  controls,
  latents: null,
  noise: null,
  preview: null,
  trace: true,
}
// With the published strides of eight.
const model = randomModel({ ...TINY_SIZE, vae: [16, 16, 32, 32], conditioning: [16, 16, 32, 32] })

/** With networks of its own, given back after it. */
export async function paint(job: PipelineJob, load: Partial<LoadOptions>): Promise<[PipelineResult, PipelineEvent[]]> {
  const events: PipelineEvent[] = []
  const [result] = await paintInTurn([job], load, event => void events.push(event))
  return [result, events]
}

/** The same for several jobs, one after the other on the same networks. */
export async function paintInTurn(
  jobs: readonly PipelineJob[],
  load: Partial<LoadOptions>,
  onEvent: (event: PipelineEvent) => void = () => {},
): Promise<PipelineResult[]> {
  const cache = new NetworkCache({ budgetBytes: 1e9 })
  const options: LoadOptions = { provider: 'cpu', threads: 1, ...load }
  const pipeline = new MultiControlNetPipeline(model, sameKeys('random'), cache, options, SDXL_PREVIEW)
  const results: PipelineResult[] = []
  for (const job of jobs) results.push(await pipeline.run(job, { onEvent }))
  await cache.clear()
  return results
}

/** The largest of two arrays of one length; NaN where one holds it. */
export function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return NaN
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}
