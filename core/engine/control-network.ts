/** ControlNet-Union, loaded: what is run once a picture, and the step where it is a graph of its own. */
import { buildControlNetUnion } from '../graph/controlnet-union.ts'
import { sinusoids } from '../graph/sinusoid.ts'
import type { NetworkSize } from '../graph/unet.ts'
import type { UNetConfig } from '../graph/unet-config.ts'
import type { Component } from '../weights/types.ts'
import { constant } from './constants.ts'
import { type DenoiserInputs, latentsOf, runContext, timeProjection } from './context.ts'
import { type LoadOptions, type Network, type Plan, planOf, profileOf, releaseAll, type Sessions } from './network.ts'
import { floats, ints, type Tensor, type Tensors } from './tensor.ts'
import type { Residuals } from './unet-network.ts'

/** What one control picture is to the network, before its weight. */
export interface Condition {
  condition: Tensor
  token: Tensor
}

/** What all control pictures of one step come to. */
export interface ControlInput {
  /** Added after conv_in, (C, h, w). */
  fuser: Float32Array
  /** What the residuals are multiplied with. */
  scale: number
}

/** The part of ControlNet-Union that is run once a picture. Its sessions belong to whoever made it. */
export class ControlEncoder {
  readonly config: UNetConfig
  readonly size: NetworkSize
  /** How many kinds of control picture it knows. */
  readonly modes: number
  readonly #sessions: Sessions<'context' | 'condition' | 'fuse'>
  /** Of the context's outputs, as the step names them. */
  readonly #prefix: string
  constructor(
    config: UNetConfig,
    size: NetworkSize,
    modes: number,
    sessions: Sessions<'context' | 'condition' | 'fuse'>,
    prefix = '',
  ) {
    this.config = config
    this.size = size
    this.modes = modes
    this.#sessions = sessions
    this.#prefix = prefix
  }

  /** modes: the kinds of control picture in use. */
  prepare(inputs: DenoiserInputs, modes: readonly number[]): Promise<Tensors> {
    const flags = Array.from({ length: this.modes }, (_, mode) => (modes.includes(mode) ? 1 : 0))
    const { additionTimeEmbedDim: width, flipSinToCos, freqShift } = this.config
    const control_type = floats(sinusoids(flags, width, flipSinToCos, freqShift), 1, this.modes * width)
    return runContext(this.#sessions.context, this.config, this.size, inputs, { control_type }, this.#prefix)
  }

  /** image (3, 8h, 8w) in 0..1. The heavy part of a control picture: once a picture, whatever the weights. */
  async condition(image: Float32Array, mode: number): Promise<Condition> {
    const { height, width } = this.size
    const out = await this.#sessions.condition.run({
      image: floats(image, 1, 3, height * 8, width * 8),
      mode: ints([mode]),
    })
    return { condition: out['condition'], token: out['token'] }
  }

  /** Σ over the controls of what each contributes at its scale, (C, h, w). */
  async fuse(conditions: readonly Condition[], scales: readonly number[]): Promise<Float32Array> {
    const { height, width } = this.size
    const sum = new Float32Array(this.config.blocks[0].channels * height * width)
    for (const [i, condition] of conditions.entries()) {
      if (scales[i] === 0) continue // both terms carry the scale as a factor
      const out = await this.#sessions.fuse.run({ ...condition, scale: floats(Float32Array.of(scales[i]), 1) })
      const contribution = out['contribution'].data as Float32Array
      for (let j = 0; j < sum.length; j++) sum[j] += contribution[j]
    }
    return constant(sum)
  }
}

export class ControlNetwork extends ControlEncoder implements Network {
  readonly #sessions: Sessions<'context' | 'step' | 'condition' | 'fuse'>
  private constructor(
    config: UNetConfig,
    size: NetworkSize,
    modes: number,
    sessions: Sessions<'context' | 'step' | 'condition' | 'fuse'>,
  ) {
    super(config, size, modes, sessions)
    this.#sessions = sessions
  }

  static plan(component: Component, options: LoadOptions, size: NetworkSize): Plan<ControlNetwork> {
    const { config, modes, context, step, condition, fuse } = buildControlNetUnion(component, profileOf(options), size)
    const graphs = { context, step, condition, fuse }
    return planOf(graphs, options, sessions => new ControlNetwork(config, size, modes, sessions))
  }

  /** sample as the UNet's predict() reads it → what is added to the UNet's feature maps. */
  residuals(context: Tensors, sample: Float32Array, timestep: number, control: ControlInput): Promise<Residuals> {
    return this.#sessions.step.run({
      ...context,
      sample: latentsOf(sample, this.config, this.size),
      time_proj: timeProjection(this.config, timestep),
      ...controlTensors(control, this.config, this.size),
    })
  }

  release(): Promise<void> {
    return releaseAll(this.#sessions)
  }
}

/** As the step reads them. */
export function controlTensors(
  { fuser, scale }: ControlInput,
  { blocks }: UNetConfig,
  { height, width }: NetworkSize,
): { fuser: Tensor; residual_scale: Tensor } {
  return {
    fuser: floats(fuser, 1, blocks[0].channels, height, width),
    residual_scale: floats(Float32Array.of(scale), 1),
  }
}
