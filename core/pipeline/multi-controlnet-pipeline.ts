/**
 * SDXL with ControlNet-Union: encode → control → denoise → decode.
 * Source: diffusers, pipelines/controlnet/pipeline_controlnet_union_sd_xl.py and …_img2img.py.
 */
import { yieldToEventLoop } from '../channel/yield.ts'
import type { Progress } from '../contract/progress.ts'
import { cancellable } from '../engine/cancellation.ts'
import type { PictureSize } from '../engine/denoiser.ts'
import type { LoadOptions } from '../engine/network.ts'
import type { NetworkCache } from '../engine/network-cache.ts'
import { LATENT_STRIDE, latentTiling, type Tiling, tileCount } from '../engine/tiles.ts'
import type { MemoryMonitor } from '../machine/memory-monitor.ts'
import { createSampler, type Sampler } from '../sampler/sampler.ts'
import type { NetworkKeys } from '../weights/network-keys.ts'
import type { Model } from '../weights/types.ts'
import { type Denoised, denoise, prepareDenoising } from './denoise.ts'
import { type EncodedPrompts, encodePrompts } from './encode.ts'
import type { PictureResult, PipelineJob, PipelinePreparation, PipelineResult } from './job.ts'
import { decodeLatents, initialLatents, toBytes, toUnit } from './latents.ts'
import { ModelNetworks } from './model-networks.ts'
import { openNoise } from './noise-source.ts'
import { type LatentPreview, previewLatents } from './preview.ts'
import { laidOver } from './repaint.ts'
import { Stopwatch } from './stopwatch.ts'
import { PictureTrace } from './trace.ts'

/** What the pipeline reports of a job's progress: the stages that it goes through itself, and every step. */
export type PipelineEvent =
  | { kind: 'stage'; stage: 'load' | 'encode' | 'control' | 'decode' }
  | (StepProgress & { preview: NonNullable<StepProgress['preview']> })
type StepProgress = Extract<Progress, { kind: 'step' }>

export interface RunOptions {
  onEvent?: (event: PipelineEvent) => void
  /** Aborting ends the run that is under way, where the engine can, or the step; throws StudioError('cancelled'). */
  signal?: AbortSignal
}

const latentSize = ({ height, width }: Pick<PipelineJob, 'height' | 'width'>) => ({
  height: height / LATENT_STRIDE,
  width: width / LATENT_STRIDE,
})

/** Of the VAE's tiles, latents: the same as the denoiser's; null where the picture is one piece. */
const vaeSide = ({ tiling: asked }: Pick<PipelineJob, 'tiling'>, { height, width }: Tiling): number | null =>
  asked ? Math.max(height, width) : null

/** What surrounds the arithmetic of one job. */
interface Run {
  job: PipelineJob
  onEvent: (event: PipelineEvent) => void
  signal: AbortSignal | undefined
  watch: Stopwatch
}

export class MultiControlNetPipeline {
  readonly #networks: ModelNetworks
  readonly #preview: LatentPreview
  readonly #monitor: MemoryMonitor | null

  /** @param monitor records what each stage and step takes of memory */
  constructor(
    model: Model,
    keys: NetworkKeys,
    cache: NetworkCache,
    options: LoadOptions,
    preview: LatentPreview,
    monitor: MemoryMonitor | null = null,
  ) {
    this.#monitor = monitor
    this.#networks = new ModelNetworks(model, keys, cache, options)
    this.#preview = preview
  }

  /** Makes the pictures of a job. Throws StudioError. */
  run(asked: PipelineJob, { onEvent = () => {}, signal }: RunOptions = {}): Promise<PipelineResult> {
    const job = this.#networks.known(asked)
    return cancellable(signal, () => this.#run({ job, onEvent, signal, watch: new Stopwatch(this.#monitor) }))
  }

  /**
   * What can be done of a job before its control pictures are drawn: prompts read, networks loaded. The job then finds
   * both. Throws StudioError.
   */
  prepare(asked: PipelinePreparation, signal?: AbortSignal): Promise<void> {
    const job = this.#networks.known(asked)
    return cancellable(signal, async () => {
      this.#sampler(job)
      const { guided, tokens } = await encodePrompts(this.#networks, job)
      await yieldToEventLoop(signal)
      const pictures = this.#networks.batchOf(job.count)
      const { height, width } = latentTiling(job, job.tiling)
      await using _ = await this.#networks.denoiser({ height, width, guided, tokens, pictures }, job.controls)
    })
  }

  async #run(run: Run): Promise<PipelineResult> {
    const { job, onEvent, signal } = run
    this.#sampler(job) // a sampler that cannot be is an error before anything heavy is loaded

    onEvent({ kind: 'stage', stage: 'encode' })
    const prompts = await run.watch.time('encode', () => encodePrompts(this.#networks, job))
    await yieldToEventLoop(signal)

    const pictures: PictureResult[] = []
    const batch = this.#networks.batchOf(job.count)
    for (let i = 0; i < job.count; i += batch) pictures.push(...(await this.#paint(run, prompts, i, batch)))
    return {
      pictures,
      batch,
      tokens: prompts.counts,
      notices: [...this.#networks.model.notices, ...prompts.notices],
      tiles: this.#networks.tiles,
      timings: run.watch.milliseconds,
      peakMemory: process.resourceUsage().maxRSS * 1024,
    }
  }

  /** Pictures `first` to `first + batch - 1` of a job, denoised together. */
  async #paint(run: Run, prompts: EncodedPrompts, first: number, batch: number): Promise<PictureResult[]> {
    const { job, onEvent, signal, watch } = run
    const { guided, tokens } = prompts
    const size = latentSize(job)
    const tiling = latentTiling(job, job.tiling)
    const side = vaeSide(job, tiling)
    const part: PictureSize = { height: tiling.height, width: tiling.width, guided, tokens, pictures: batch }
    const pictures: (Denoised & { index: number; trace: PictureTrace; shown: Float32Array })[] = []
    for (let index = first; index < first + batch; index++) {
      const trace = new PictureTrace(job, size)
      const sampler = this.#sampler(job)
      const noise = await openNoise(job.seed + index, job, index, [4, size.height, size.width])
      const { latents, kept } = await watch.time('init', () =>
        initialLatents(this.#networks, job, sampler, noise, size, side),
      )
      trace.latents('initial', latents)
      pictures.push({ index, sampler, noise, latents, kept, trace, shown: latents })
    }

    {
      // Given back before the picture is decoded, where memory has no room for both.
      onEvent({ kind: 'stage', stage: 'load' })
      await using denoiser = await watch.time('load', () => this.#networks.denoiser(part, job.controls))

      onEvent({ kind: 'stage', stage: 'control' })
      const task = await watch.time('control', () =>
        prepareDenoising(denoiser.network, prompts.inputs, job, tiling, pictures[0].sampler),
      )
      await yieldToEventLoop(signal)

      // Each tile of a step counts as one: what a picture takes is told by how many are left.
      const tiles = tileCount(tiling)
      for await (const { index: call, tile, originals } of watch.each('step', denoise(task, pictures, size))) {
        for (const [row, picture] of pictures.entries()) {
          const { index, sampler, latents, trace } = picture
          if (originals) trace.latents(`after_step.${call}`, latents)
          picture.shown = originals?.[row] ?? picture.shown
          const preview = previewLatents(picture.shown, size.height, size.width, this.#preview)
          const done = { step: call * tiles + tile + 1, steps: sampler.calls * tiles }
          onEvent({ kind: 'step', image: index, images: job.count, ...done, preview })
          await yieldToEventLoop(signal)
        }
      }
    }

    onEvent({ kind: 'stage', stage: 'decode' })
    const results: PictureResult[] = []
    for (const { index, latents, trace } of pictures) {
      const planes = await watch.time('decode', () => decodeLatents(this.#networks, latents, size, side))
      if (job.trace) trace.image(await toUnit(planes))
      await yieldToEventLoop(signal)
      const painted = await toBytes(planes)
      const data = job.init && job.repaint ? laidOver(painted, job.init.image, job.repaint) : painted
      const { width, height } = job
      results.push({ image: { width, height, channels: 3, data }, seed: job.seed + index, trace: trace.tensors })
    }
    return results
  }

  /** A fresh one a picture: it holds the history of its steps. */
  #sampler({ sampler, steps, init, scheduler }: PipelinePreparation): Sampler {
    const strength = init ? { strength: init.strength } : {}
    return createSampler(sampler, this.#networks.model.scheduler, steps, { ...strength, override: scheduler })
  }
}
