/**
 * What predicts the noise of a step, whatever it is made of: ControlNet and UNet as one graph or as two, the negative and
 * the positive prompt as one batch or as two runs. The numbers are the same in all forms, but for rounding.
 */
import { buildFusedDenoiser, type FusedGraphs } from '../graph/denoiser.ts'
import type { NetworkSize } from '../graph/unet.ts'
import type { Model } from '../weights/types.ts'
import { type DenoiserInputs, latentsOf, repeatRows, runContext, timeProjection } from './context.ts'
import { ControlEncoder, type ControlInput, ControlNetwork, controlTensors } from './control-network.ts'
import { type LoadOptions, type Network, type Plan, planOf, profileOf, releaseAll, type Sessions } from './network.ts'
import { doubles, type Tensors } from './tensor.ts'
import { UNetNetwork } from './unet-network.ts'

/** What stays the same for all steps of a picture, for one run of the step. */
export interface StepContext {
  unet: Tensors
  control: Tensors | null
}
/** One entry a run that a step takes. */
export type Prepared = readonly StepContext[]

export interface Denoiser extends Network {
  /** What reads control pictures; null for a UNet alone. */
  readonly control: ControlEncoder | null
  /** inputs: of one picture, as all have the same prompts; modes: the kinds of control picture in use. */
  prepare(inputs: DenoiserInputs, modes: readonly number[]): Promise<Prepared>
  /**
   * latents (pictures, 4, h, w), scaled as the model reads them → the noise (or v) of that shape, guided where there are two
   * prompts. control null: the ControlNet acts at this step not at all.
   */
  predict(step: {
    prepared: Prepared
    latents: Float32Array
    timestep: number
    control: ControlInput | null
    guidanceScale: number
  }): Promise<Float32Array>
}
type Step = Parameters<Denoiser['predict']>[0]

/** The sizes of one picture, latents' height and width. */
export interface PictureSize {
  height: number
  width: number
  /** Text tokens: 77 a chunk. */
  tokens: number
  /** There is a negative prompt to be guided away from. */
  guided: boolean
  /** Pictures of the same prompts and control pictures that are denoised together. Default 1. */
  pictures?: number
}

/** The plan of a denoiser for a model; `controlled` where there are control pictures. */
export function planDenoiser(
  { unet, controlnet }: Pick<Model, 'unet' | 'controlnet'>,
  options: LoadOptions,
  picture: PictureSize,
  controlled: boolean,
): Plan<Denoiser> {
  const { guided, pictures = 1, ...sides } = picture
  const together = guided && options.passes !== 2
  const size: NetworkSize = { ...sides, batch: together ? 2 * pictures : pictures, guided: together }
  const union = controlled ? controlnet : null
  const plan =
    union && profileOf(options).step === 'fused'
      ? planFused(unet, union, options, size)
      : planSplit(unet, union, options, size)
  const load = async () => new Batch(await plan.load(), guided ? 2 : 1, pictures)
  const several = pictures === 1 ? plan : { ...plan, load }
  if (together || !guided) return several
  // Each pass has the rows of one prompt: these are repeated within it.
  const pass = async () => new Batch(await plan.load(), 1, pictures)
  return { ...plan, load: async () => new TwoPasses(await pass()) }
}

/** Several pictures of the same prompts, in rows of one run. */
class Batch implements Denoiser {
  readonly #all: Denoiser
  readonly #rows: number
  readonly #pictures: number
  constructor(all: Denoiser, rows: number, pictures: number) {
    this.#all = all
    this.#rows = rows
    this.#pictures = pictures
  }

  get control(): ControlEncoder | null {
    return this.#all.control
  }

  prepare(inputs: DenoiserInputs, modes: readonly number[]): Promise<Prepared> {
    return this.#all.prepare(repeatRows(inputs, this.#rows, this.#pictures), modes)
  }

  predict(step: Step): Promise<Float32Array> {
    return this.#all.predict(step)
  }

  release(): Promise<void> {
    return this.#all.release()
  }
}

function planSplit(
  unet: Model['unet'],
  controlnet: Model['controlnet'],
  options: LoadOptions,
  size: NetworkSize,
): Plan<Denoiser> {
  const first = UNetNetwork.plan(unet, options, size, controlnet !== null)
  const second = controlnet && ControlNetwork.plan(controlnet, options, size)
  return {
    bytes: first.bytes + (second?.bytes ?? 0),
    weightBytes: first.weightBytes + (second?.weightBytes ?? 0),
    fileBytes: first.fileBytes + (second?.fileBytes ?? 0),
    nodes: first.nodes + (second?.nodes ?? 0),
    workingBytes: Math.max(first.workingBytes, second?.workingBytes ?? 0),
    load: async () => {
      const network = await first.load()
      try {
        return new SplitDenoiser(network, second && (await second.load()))
      } catch (error) {
        await network.release()
        throw error
      }
    },
  }
}

class SplitDenoiser implements Denoiser {
  readonly #unet: UNetNetwork
  readonly control: ControlNetwork | null
  constructor(unet: UNetNetwork, control: ControlNetwork | null) {
    this.#unet = unet
    this.control = control
  }

  async prepare(inputs: DenoiserInputs, modes: readonly number[]): Promise<Prepared> {
    const unet = await this.#unet.prepare(inputs)
    return [{ unet, control: this.control && (await this.control.prepare(inputs, modes)) }]
  }

  async predict({ prepared: [context], latents, timestep, control, guidanceScale }: Step): Promise<Float32Array> {
    const residuals =
      this.control && context.control && control
        ? await this.control.residuals(context.control, latents, timestep, control)
        : null
    return this.#unet.predict(context.unet, latents, timestep, residuals, guidanceScale)
  }

  async release(): Promise<void> {
    await this.#unet.release()
    await this.control?.release()
  }
}

function planFused(
  unet: Model['unet'],
  controlnet: NonNullable<Model['controlnet']>,
  options: LoadOptions,
  size: NetworkSize,
): Plan<Denoiser> {
  const graphs = buildFusedDenoiser(unet, controlnet, profileOf(options), size)
  const { context, control, step } = graphs
  return planOf(
    { context, step, controlContext: control.context, condition: control.condition, fuse: control.fuse },
    options,
    sessions => new FusedDenoiser(graphs, size, sessions),
  )
}

type FusedSessions = Sessions<'context' | 'step' | 'controlContext' | 'condition' | 'fuse'>

class FusedDenoiser implements Denoiser {
  readonly control: ControlEncoder
  readonly #config: FusedGraphs['unet']
  readonly #size: NetworkSize
  readonly #sessions: FusedSessions
  constructor({ unet, control: { config, modes } }: FusedGraphs, size: NetworkSize, sessions: FusedSessions) {
    this.#config = unet
    this.#size = size
    this.#sessions = sessions
    const { controlContext: context, condition, fuse } = sessions
    this.control = new ControlEncoder(config, size, modes, { context, condition, fuse }, 'controlnet/')
  }

  async prepare(inputs: DenoiserInputs, modes: readonly number[]): Promise<Prepared> {
    const unet = await runContext(this.#sessions.context, this.#config, this.#size, inputs, {}, 'unet/')
    return [{ unet, control: await this.control.prepare(inputs, modes) }]
  }

  async predict({ prepared: [context], latents, timestep, control, guidanceScale }: Step): Promise<Float32Array> {
    // A ControlNet that does not act has residuals of scale 0: its run is in the graph, whether it is needed or not.
    const acting = control ?? { fuser: new Float32Array(this.#fuserLength), scale: 0 }
    const { fuser, residual_scale } = controlTensors(acting, this.control.config, this.#size)
    const out = await this.#sessions.step.run({
      ...context.unet,
      ...context.control,
      sample: latentsOf(latents, this.#config, this.#size),
      'unet/time_proj': timeProjection(this.#config, timestep),
      'controlnet/time_proj': timeProjection(this.control.config, timestep),
      'controlnet/fuser': fuser,
      'controlnet/residual_scale': residual_scale,
      guidance_scale: doubles([guidanceScale], 1),
    })
    return out['noise_pred'].data as Float32Array
  }

  get #fuserLength(): number {
    return this.control.config.blocks[0].channels * this.#size.height * this.#size.width
  }

  release(): Promise<void> {
    return releaseAll(this.#sessions)
  }
}

/** The negative prompt and the positive one after each other, on a denoiser of one row. */
class TwoPasses implements Denoiser {
  readonly #one: Denoiser
  constructor(one: Denoiser) {
    this.#one = one
  }

  get control(): ControlEncoder | null {
    return this.#one.control
  }

  async prepare(inputs: DenoiserInputs, modes: readonly number[]): Promise<Prepared> {
    const half = (values: Float32Array, row: number) =>
      values.slice((row * values.length) / 2, ((row + 1) * values.length) / 2)
    const rows: StepContext[] = []
    for (const row of [0, 1]) {
      const own = {
        encoderHiddenStates: half(inputs.encoderHiddenStates, row),
        textEmbeds: half(inputs.textEmbeds, row),
        timeIds: half(inputs.timeIds, row),
      }
      rows.push(...(await this.#one.prepare(own, modes)))
    }
    return rows
  }

  async predict({ prepared, guidanceScale, ...step }: Step): Promise<Float32Array> {
    const [negative, positive] = [
      await this.#one.predict({ ...step, prepared: [prepared[0]], guidanceScale: 1 }),
      await this.#one.predict({ ...step, prepared: [prepared[1]], guidanceScale: 1 }),
    ]
    return negative.map((value, i) => value + guidanceScale * (positive[i] - value))
  }

  release(): Promise<void> {
    return this.#one.release()
  }
}
