/** The UNet, loaded. */
import { buildUNet, type NetworkSize } from '../graph/unet.ts'
import type { UNetConfig } from '../graph/unet-config.ts'
import type { Component } from '../weights/types.ts'
import { type DenoiserInputs, latentsOf, runContext, timeProjection } from './context.ts'
import { type LoadOptions, type Network, type Plan, planOf, profileOf, releaseAll, type Sessions } from './network.ts'
import { doubles, floats, type Tensors } from './tensor.ts'

/** ControlNet outputs by name: down.0 … and mid. */
export type Residuals = Tensors

export class UNetNetwork implements Network {
  readonly config: UNetConfig
  readonly size: NetworkSize
  readonly #sessions: Sessions<'context' | 'step'>
  private constructor(config: UNetConfig, size: NetworkSize, sessions: Sessions<'context' | 'step'>) {
    this.config = config
    this.size = size
    this.#sessions = sessions
  }

  static plan(
    component: Component,
    options: LoadOptions,
    size: NetworkSize,
    withResiduals: boolean,
  ): Plan<UNetNetwork> {
    const { config, context, step } = buildUNet(component, profileOf(options), size, withResiduals)
    return planOf({ context, step }, options, sessions => new UNetNetwork(config, size, sessions))
  }

  prepare(inputs: DenoiserInputs): Promise<Tensors> {
    return runContext(this.#sessions.context, this.config, this.size, inputs)
  }

  /** sample (batch or, where guided, 1; 4, h, w) → predicted noise (or v) of the same shape. */
  async predict(
    context: Tensors,
    sample: Float32Array,
    timestep: number,
    residuals: Residuals | null,
    guidanceScale = 1,
  ): Promise<Float32Array> {
    const out = await this.#sessions.step.run({
      ...context,
      ...(residuals ?? this.#noResiduals()),
      sample: latentsOf(sample, this.config, this.size),
      time_proj: timeProjection(this.config, timestep),
      guidance_scale: doubles([guidanceScale], 1),
    })
    return out['noise_pred'].data as Float32Array
  }

  /** Zeros for every residual that the graph reads: a ControlNet that has nothing to say at this step. */
  #noResiduals(): Tensors {
    const inputs = this.#sessions.step.inputs.filter(({ name }) => name === 'mid' || name.startsWith('down.'))
    return Object.fromEntries(
      inputs.map(({ name, shape }) => [name, floats(new Float32Array(shape.reduce((a, b) => a * b)), ...shape)]),
    )
  }

  release(): Promise<void> {
    return releaseAll(this.#sessions)
  }
}
