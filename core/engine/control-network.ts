/** ControlNet-Union, loaded. */
import { buildControlNetUnion } from '../graph/controlnet-union.ts'
import { sinusoids } from '../graph/sinusoid.ts'
import type { NetworkSize } from '../graph/unet.ts'
import type { UNetConfig } from '../graph/unet-config.ts'
import type { Component } from '../weights/types.ts'
import { type DenoiserInputs, runContext, timeProjection } from './context.ts'
import { type LoadOptions, type Network, type Plan, planOf, profileOf, releaseAll, type Sessions } from './network.ts'
import { floats, ints, type Tensor, type Tensors } from './session.ts'
import type { Residuals } from './unet-network.ts'

/** What one control picture is to the network, before its weight. */
export interface Condition {
  condition: Tensor
  token: Tensor
}

type ControlSessions = Sessions<'context' | 'step' | 'condition' | 'fuse'>

export class ControlNetwork implements Network {
  readonly config: UNetConfig
  readonly size: NetworkSize
  readonly modes: number
  readonly #sessions: ControlSessions
  private constructor(config: UNetConfig, size: NetworkSize, modes: number, sessions: ControlSessions) {
    this.config = config
    this.size = size
    this.modes = modes
    this.#sessions = sessions
  }

  static plan(component: Component, options: LoadOptions, size: NetworkSize): Plan<ControlNetwork> {
    const { config, modes, context, step, condition, fuse } = buildControlNetUnion(component, profileOf(options), size)
    const graphs = { context, step, condition, fuse }
    return planOf(graphs, options, sessions => new ControlNetwork(config, size, modes, sessions))
  }

  /** modes: the kinds of control picture in use. */
  prepare(inputs: DenoiserInputs, modes: readonly number[]): Promise<Tensors> {
    const flags = Array.from({ length: this.modes }, (_, mode) => (modes.includes(mode) ? 1 : 0))
    const { additionTimeEmbedDim: width, flipSinToCos, freqShift } = this.config
    const control_type = floats(sinusoids(flags, width, flipSinToCos, freqShift), 1, this.modes * width)
    return runContext(this.#sessions.context, this.config, this.size, inputs, { control_type })
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
    return sum
  }

  async residuals(
    context: Tensors,
    sample: Float32Array,
    timestep: number,
    fuser: Float32Array,
    scale: number,
  ): Promise<Residuals> {
    const { batch, height, width } = this.size
    const channels = this.config.blocks[0].channels
    return this.#sessions.step.run({
      ...context,
      sample: floats(sample, batch, this.config.inChannels, height, width),
      time_proj: timeProjection(this.config, timestep),
      fuser: floats(fuser, 1, channels, height, width),
      residual_scale: floats(Float32Array.of(scale), 1),
    })
  }

  release(): Promise<void> {
    return releaseAll(this.#sessions)
  }
}
