/**
 * SDXL with ControlNet-Union: encode → control → denoise → decode.
 * Source: diffusers, pipelines/controlnet/pipeline_controlnet_union_sd_xl.py and …_img2img.py.
 */
import { yieldToEventLoop } from '../channel/yield.ts'
import type { Progress } from '../contract/progress.ts'
import type { NetworkCache } from '../engine/network-cache.ts'
import {
  ClipNetwork,
  ControlNetwork,
  type DenoiserInputs,
  type LoadOptions,
  UNetNetwork,
  VaeNetwork,
} from '../engine/networks.ts'
import { fault } from '../faults/fault.ts'
import { createSampler, type Sampler } from '../sampler/sampler.ts'
import { ClipTokenizer } from '../text/clip-tokenizer.ts'
import type { Model } from '../weights/types.ts'
import { Fuser, imageToTensor, scalesAt } from './control.ts'
import type { PictureResult, PipelineJob, PipelineResult, TraceTensor } from './job.ts'
import { type NoiseSource, openNoise } from './noise-source.ts'
import { type LatentPreview, previewLatents } from './preview.ts'
import { Stopwatch } from './stopwatch.ts'
import { encodeText, type TextConditioning, tokenizePrompts } from './text-conditioning.ts'

/** Latents are an eighth of the picture; ControlNet-Union reads pictures at the same stride. */
export const LATENT_STRIDE = 8

/** What the pipeline tells of a job's progress: the stages that it goes through itself, and every step. */
export type PipelineEvent =
  | { kind: 'stage'; stage: 'load' | 'encode' | 'control' | 'decode' }
  | (StepProgress & { preview: NonNullable<StepProgress['preview']> })
type StepProgress = Extract<Progress, { kind: 'step' }>

export interface RunOptions {
  onEvent?: (event: PipelineEvent) => void
  /** Looked at between steps; aborting throws StudioError('cancelled'). */
  signal?: AbortSignal
}

interface Denoiser {
  unet: UNetNetwork
  unetContext: Awaited<ReturnType<UNetNetwork['prepare']>>
  control: { network: ControlNetwork; context: Awaited<ReturnType<ControlNetwork['prepare']>>; fuser: Fuser } | null
}

export class MultiControlNetPipeline {
  readonly #model: Model
  readonly #cache: NetworkCache
  readonly #options: LoadOptions
  readonly #preview: LatentPreview
  /** What tells this model's networks from another's in the cache. */
  readonly #key: string

  constructor(model: Model, key: string, cache: NetworkCache, options: LoadOptions, preview: LatentPreview) {
    this.#model = model
    this.#key = key
    this.#cache = cache
    this.#options = options
    this.#preview = preview
  }

  /** Makes the pictures of a job. Throws StudioError. */
  async run(job: PipelineJob, { onEvent = () => {}, signal }: RunOptions = {}): Promise<PipelineResult> {
    const watch = new Stopwatch()
    const sampler = () =>
      createSampler(job.sampler, this.#model.scheduler, job.steps, {
        ...(job.init ? { strength: job.init.strength } : {}),
        override: job.scheduler,
      })
    sampler() // a sampler that cannot be is an error before anything heavy is loaded

    onEvent({ kind: 'stage', stage: 'encode' })
    const text = await watch.time('encode', () => this.#encode(job))
    await yieldToEventLoop(signal)

    const size = {
      batch: text.batch,
      height: job.height / LATENT_STRIDE,
      width: job.width / LATENT_STRIDE,
      tokens: text.tokens,
    }
    const pictures: PictureResult[] = []
    for (let i = 0; i < job.count; i++) {
      const noise = await openNoise(job.seed + i, job, i, [4, size.height, size.width])
      const start = await watch.time('init', () => this.#start(job, sampler(), noise, size))
      const trace: Record<string, TraceTensor> = {
        latents_initial: { shape: [1, 4, size.height, size.width], data: start },
      }
      onEvent({ kind: 'stage', stage: 'load' })
      await using unet = await watch.time('load', () => this.#unet(job, size))
      await using control = job.controls.length ? await watch.time('load', () => this.#control(size)) : null
      onEvent({ kind: 'stage', stage: 'control' })
      const denoiser = await watch.time('control', () =>
        this.#prepare(job, text.inputs, unet.network, control?.network ?? null),
      )
      await yieldToEventLoop(signal)

      let latents = start
      const steps = sampler()
      for await (const { step, latents: next, original } of this.#denoise(
        job,
        steps,
        denoiser,
        noise,
        start,
        signal,
        watch,
      )) {
        latents = next
        if (job.trace) trace[`latents_after_step.${step}`] = { shape: [1, 4, size.height, size.width], data: next }
        const preview = previewLatents(original, size.height, size.width, this.#preview)
        onEvent({ kind: 'step', image: i, images: job.count, step: step + 1, steps: steps.calls, preview })
      }
      onEvent({ kind: 'stage', stage: 'decode' })
      const image = await watch.time('decode', () => this.#decode(latents, size))
      if (job.trace) trace['image'] = { shape: [1, job.height, job.width, 3], data: image }
      const data = Uint8Array.from(image, value => Math.round(value * 255))
      pictures.push({
        image: { width: job.width, height: job.height, channels: 3, data },
        seed: job.seed + i,
        trace: job.trace ? trace : null,
      })
      await yieldToEventLoop(signal)
    }
    return {
      pictures,
      tokens: text.counts,
      notices: this.#model.notices,
      timings: watch.milliseconds,
      peakMemory: process.resourceUsage().maxRSS * 1024,
    }
  }

  /** One model call after another, yielding the latents after each. */
  async *#denoise(
    job: PipelineJob,
    sampler: Sampler,
    { unet, unetContext, control }: Denoiser,
    noise: NoiseSource,
    start: Float32Array,
    signal: AbortSignal | undefined,
    watch: Stopwatch,
  ): AsyncGenerator<{ step: number; latents: Float32Array; original: Float32Array }> {
    const guided = unet.size.batch === 2
    let latents = start
    for (let i = 0; i < sampler.calls; i++) {
      await yieldToEventLoop(signal)
      const timestep = sampler.timesteps[i]
      const scaled = sampler.scaleInput(latents, i)
      const sample = guided ? twice(scaled) : scaled
      const residuals =
        control && (await watch.time('controlnet', () => this.#residuals(job, sampler, i, control, sample)))
      const predicted = await watch.time('unet', () => unet.predict(unetContext, sample, timestep, residuals))
      const output = guided ? guide(predicted, job.guidanceScale) : predicted
      requireFinite(output, `the UNet at step ${i + 1}`)
      const next = sampler.step(output, i, latents, () => noise.next())
      latents = next.latents
      yield { step: i, latents, original: next.predOriginal }
    }
  }

  /**
   * One control: its picture enters unscaled and the residuals carry the scale, so outside its window the network need
   * not run at all. Two or more: the scales act in the fuser, and the residuals are not zero even when all scales are.
   */
  async #residuals(
    job: PipelineJob,
    sampler: Sampler,
    call: number,
    { network, context, fuser }: NonNullable<Denoiser['control']>,
    sample: Float32Array,
  ) {
    const scales = scalesAt(job.controls, sampler.stepFraction(call))
    const single = scales.length === 1
    if (single && scales[0] === 0) return null
    const sum = await fuser.at(single ? [1] : scales)
    return network.residuals(context, sample, sampler.timesteps[call], sum, single ? scales[0] : 1)
  }

  async #encode(job: PipelineJob) {
    const { forceZerosForEmptyPrompt } = this.#model
    const tokenizers = await tokenizersOf(this.#model)
    const guided = job.guidanceScale > 1
    // A model that was not trained with zero embeddings reads the empty prompt where there is none.
    const negative = job.negativePrompt ?? (forceZerosForEmptyPrompt ? null : '')
    const rows = tokenizePrompts(tokenizers, job.prompt, guided ? negative : null, job.longPrompt, job.promptWeights)

    await using first = await this.#clip('text_encoder', job.clipSkip)
    await using second = await this.#clip('text_encoder_2', job.clipSkip)
    const encoders = [first.network, second.network] as const
    // The reference skips layers for the prompt only, never for the negative one.
    const positive = await encodeText(encoders, rows.prompt, 0)
    requireFinite(positive.hidden, 'the text encoders')
    requireFinite(positive.pooled, 'the text encoders')
    if (!guided) return { ...rowsOf([positive], [job.sizes]), tokens: rows.length, counts: rows.tokens }
    const zero = { hidden: new Float32Array(positive.hidden.length), pooled: new Float32Array(positive.pooled.length) }
    const against = rows.negative ? await encodeText(encoders, rows.negative, 1) : zero
    return { ...rowsOf([against, positive], [job.negativeSizes, job.sizes]), tokens: rows.length, counts: rows.tokens }
  }

  #clip(kind: 'text_encoder' | 'text_encoder_2', clipSkip: number | null) {
    const component = kind === 'text_encoder' ? this.#model.textEncoder : this.#model.textEncoder2
    const family = `${this.#key} ${kind}`
    return this.#cache.acquire(family, `${family} skip ${clipSkip}`, () => {
      const layers = Number(component.config['num_hidden_layers'])
      const penultimate = layers - 1
      const wanted = penultimate - (clipSkip ?? 0)
      if (wanted < 0) {
        throw fault('clipSkipTooLarge', { clipSkip: clipSkip ?? 0, layers })
      }
      return ClipNetwork.plan(kind, component, this.#options, [wanted, penultimate])
    })
  }

  #unet(job: PipelineJob, size: UNetNetwork['size']) {
    const family = `${this.#key} unet`
    const controlled = job.controls.length > 0
    return this.#cache.acquire(family, `${family} ${sizeKey(size)} ${controlled}`, () =>
      UNetNetwork.plan(this.#model.unet, this.#options, size, controlled),
    )
  }

  #control(size: ControlNetwork['size']) {
    const { controlnet } = this.#model
    if (!controlnet) {
      throw fault('noControlnet')
    }
    const family = `${this.#key} controlnet`
    return this.#cache.acquire(family, `${family} ${sizeKey(size)}`, () =>
      ControlNetwork.plan(controlnet, this.#options, size),
    )
  }

  #vae({ height, width }: { height: number; width: number }, half: 'decoder' | 'encoder') {
    const family = `${this.#key} vae ${half}`
    return this.#cache.acquire(family, `${family} ${height}x${width}`, () =>
      VaeNetwork.plan(this.#model.vae, this.#options, { height, width }, half),
    )
  }

  /** All that stays the same for a picture: contexts, and every control picture's condition. */
  async #prepare(
    job: PipelineJob,
    inputs: DenoiserInputs,
    unet: UNetNetwork,
    network: ControlNetwork | null,
  ): Promise<Denoiser> {
    const unetContext = await unet.prepare(inputs)
    if (!network) return { unet, unetContext, control: null }
    const modes = job.controls.map(control => control.mode)
    const unknown = modes.find(mode => mode >= network.modes)
    if (unknown !== undefined) {
      throw fault('controlKindUnknown', { known: network.modes, kind: unknown })
    }
    const conditions = []
    for (const { image, mode } of job.controls) conditions.push(await network.condition(imageToTensor(image), mode))
    const context = await network.prepare(inputs, modes)
    return { unet, unetContext, control: { network, context, fuser: new Fuser(network, conditions) } }
  }

  /** The latents that the first step reads. */
  async #start(
    job: PipelineJob,
    sampler: Sampler,
    noise: NoiseSource,
    size: UNetNetwork['size'],
  ): Promise<Float32Array> {
    if (!job.init) return noise.initial().map(value => value * sampler.initNoiseSigma)
    await using encoder = await this.#vae(size, 'encoder')
    const image = imageToTensor(job.init.image).map(value => value * 2 - 1)
    const { mean, logvar } = await encoder.network.encode(image)
    const clean = encoder.network.sample(mean, logvar, noise.next())
    requireFinite(clean, 'the VAE encoder')
    return sampler.addNoise(clean, job.latents ? noise.initial() : noise.next())
  }

  /** Latents → (height, width, 3) in 0..1. */
  async #decode(latents: Float32Array, size: UNetNetwork['size']): Promise<Float32Array> {
    await using decoder = await this.#vae(size, 'decoder')
    const planes = await decoder.network.decode(latents)
    requireFinite(planes, 'the VAE decoder')
    const area = planes.length / 3
    const image = new Float32Array(planes.length)
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < area; i++) image[i * 3 + c] = Math.min(1, Math.max(0, planes[c * area + i] / 2 + 0.5))
    }
    return image
  }
}

type Tokenizers = readonly [ClipTokenizer, ClipTokenizer]
const tokenizers = new WeakMap<Model, Promise<Tokenizers>>()

/** Read once for each opened model: SDXL's vocabularies have 49,408 entries each. */
function tokenizersOf(model: Model): Promise<Tokenizers> {
  const { tokenizer, tokenizer2 } = model
  const known =
    tokenizers.get(model) ??
    Promise.all([
      ClipTokenizer.load(tokenizer.folder, tokenizer.padToken),
      ClipTokenizer.load(tokenizer2.folder, tokenizer2.padToken),
    ])
  tokenizers.set(model, known)
  return known
}

const sizeKey = ({ batch, height, width, tokens }: UNetNetwork['size']) => `${batch}x${height}x${width}x${tokens}`

/** Rows of the batch in guidance order: negative first. */
function rowsOf(texts: TextConditioning[], sizes: PipelineJob['sizes'][]): { batch: number; inputs: DenoiserInputs } {
  const join = (parts: readonly ArrayLike<number>[]) => Float32Array.from(parts.flatMap(part => Array.from(part)))
  return {
    batch: texts.length,
    inputs: {
      encoderHiddenStates: join(texts.map(text => text.hidden)),
      textEmbeds: join(texts.map(text => text.pooled)),
      timeIds: join(
        sizes.map(({ originalSize, cropTopLeft, targetSize }) => [...originalSize, ...cropTopLeft, ...targetSize]),
      ),
    },
  }
}

function twice(latents: Float32Array): Float32Array {
  const out = new Float32Array(latents.length * 2)
  out.set(latents)
  out.set(latents, latents.length)
  return out
}

/** Classifier-free guidance: negative + scale · (positive − negative). */
function guide(predicted: Float32Array, scale: number): Float32Array {
  const half = predicted.length / 2
  return Float32Array.from({ length: half }, (_, i) => predicted[i] + scale * (predicted[half + i] - predicted[i]))
}

/** @throws StudioError 'bad-weights': damaged weights, or fp16 beyond its range */
function requireFinite(values: Float32Array, where: string): void {
  if (!values.every(Number.isFinite)) throw fault('numbersNotFinite', { where })
}
