/** The five networks, loaded: each knows its graphs' inputs and outputs, so that the pipeline reads like arithmetic. */
import type { Graph } from '../graph/builder.ts'
import { buildClip, type ClipConfig, readClipConfig } from '../graph/clip.ts'
import { buildControlNetUnion } from '../graph/controlnet-union.ts'
import { OP_PROFILES, type OpProfile } from '../graph/profile.ts'
import { sinusoids } from '../graph/sinusoid.ts'
import { buildUNet, type NetworkSize } from '../graph/unet.ts'
import type { UNetConfig } from '../graph/unet-config.ts'
import { buildVae, readVaeConfig, type VaeConfig } from '../graph/vae.ts'
import type { Component } from '../weights/types.ts'
import { floats, ints, Session, type SessionOptions, type Tensor, type Tensors } from './session.ts'

export interface LoadOptions extends SessionOptions {
  /** What differs from the provider's row in OP_PROFILES. */
  ops?: Partial<OpProfile>
}

const profileOf = ({ provider, ops }: LoadOptions): OpProfile => ({ ...OP_PROFILES[provider], ...ops })

/** A network whose graphs are built and whose weights are not loaded yet. */
export interface Plan<T extends Network> {
  /** Memory that its weights will take. */
  bytes: number
  load(): Promise<T>
}

const bytesOf = (...graphs: Graph[]): number => graphs.reduce((sum, graph) => sum + graph.weightBytes, 0)

/** A loaded network that can be given back. */
export interface Network {
  release(): Promise<void>
}

export class ClipNetwork implements Network {
  readonly config: ClipConfig
  readonly #session: Session
  readonly #layers: number[]
  private constructor(config: ClipConfig, session: Session, layers: number[]) {
    this.config = config
    this.#session = session
    this.#layers = layers
  }

  /** hiddenStates: which to return; 0 = embeddings, `layers` = the last before the final norm. Default: SDXL's penultimate. */
  static plan(name: string, component: Component, options: LoadOptions, hiddenStates?: number[]): Plan<ClipNetwork> {
    const config = readClipConfig(name, component.config)
    const layers = hiddenStates ?? [config.layers - 1]
    const graph = buildClip(name, component, profileOf(options), 1, layers)
    return {
      bytes: bytesOf(graph),
      load: async () => new ClipNetwork(config, await Session.load(graph, options), layers),
    }
  }

  /** ids: one row of `positions` tokens → hidden states (1, positions, hidden) in the order asked for, pooled (1, width). */
  async encode(ids: readonly number[]): Promise<{ hidden: Float32Array[]; pooled: Float32Array }> {
    const out = await this.#session.run({ ids: ints(ids, 1, ids.length), pooled_rows: ints([this.#pooledRow(ids)]) })
    const data = (name: string) => out[name].data as Float32Array
    return { hidden: this.#layers.map(layer => data(`hidden.${layer}`)), pooled: data('pooled') }
  }

  /** eos_token_id 2 is a mistake of the published configs that transformers reads as "the highest id". */
  #pooledRow(ids: readonly number[]): number {
    const { eosTokenId } = this.config
    return Math.max(0, ids.indexOf(eosTokenId === 2 ? Math.max(...ids) : eosTokenId))
  }

  release(): Promise<void> {
    return this.#session.release()
  }
}

/** What stays the same for a whole picture. */
export interface DenoiserInputs {
  /** (batch, tokens, dim) */
  encoderHiddenStates: Float32Array
  /** (batch, pooled) */
  textEmbeds: Float32Array
  /** (batch, 6) */
  timeIds: Float32Array
}

/** Runs the context graph once a picture; UNet and ControlNet share it. */
async function runContext(
  session: Session,
  config: UNetConfig,
  { batch, tokens }: NetworkSize,
  inputs: DenoiserInputs,
  more: Tensors = {},
): Promise<Tensors> {
  const width = config.additionTimeEmbedDim
  const sizes = sinusoids([...inputs.timeIds], width, config.flipSinToCos, config.freqShift)
  const hidden = floats(inputs.encoderHiddenStates, batch, tokens, config.crossAttentionDim)
  const out = await session.run({
    text_embeds: floats(inputs.textEmbeds, batch, inputs.textEmbeds.length / batch),
    time_ids: floats(sizes, batch, 6 * width),
    encoder_hidden_states: hidden,
    ...more,
  })
  // Providers that project the text at every step read the embeddings themselves.
  return { ...out, encoder_hidden_states: hidden }
}

const timeProjection = (config: UNetConfig, timestep: number): Tensor => {
  const width = config.blocks[0].channels
  return floats(sinusoids([timestep], width, config.flipSinToCos, config.freqShift), 1, width)
}

/** ControlNet outputs by name: down.0 … and mid. */
export type Residuals = Tensors

export class UNetNetwork implements Network {
  readonly config: UNetConfig
  readonly size: NetworkSize
  readonly #context: Session
  readonly #step: Session
  private constructor(config: UNetConfig, size: NetworkSize, context: Session, step: Session) {
    this.config = config
    this.size = size
    this.#context = context
    this.#step = step
  }

  static plan(
    component: Component,
    options: LoadOptions,
    size: NetworkSize,
    withResiduals: boolean,
  ): Plan<UNetNetwork> {
    const { config, context, step } = buildUNet(component, profileOf(options), size, withResiduals)
    const load = async () =>
      new UNetNetwork(config, size, await Session.load(context, options), await Session.load(step, options))
    return { bytes: bytesOf(context, step), load }
  }

  prepare(inputs: DenoiserInputs): Promise<Tensors> {
    return runContext(this.#context, this.config, this.size, inputs)
  }

  /** sample (batch, 4, h, w) → predicted noise (or v) of the same shape. */
  async predict(
    context: Tensors,
    sample: Float32Array,
    timestep: number,
    residuals: Residuals | null,
  ): Promise<Float32Array> {
    const { batch, height, width } = this.size
    const out = await this.#step.run({
      ...context,
      ...(residuals ?? this.#noResiduals()),
      sample: floats(sample, batch, this.config.inChannels, height, width),
      time_proj: timeProjection(this.config, timestep),
    })
    return out['noise_pred'].data as Float32Array
  }

  /** Zeros for every residual that the graph reads: a ControlNet that has nothing to say at this step. */
  #noResiduals(): Tensors {
    const inputs = this.#step.graph.inputs.filter(({ name }) => name === 'mid' || name.startsWith('down.'))
    return Object.fromEntries(
      inputs.map(({ name, shape }) => [name, floats(new Float32Array(shape.reduce((a, b) => a * b)), ...shape)]),
    )
  }

  async release(): Promise<void> {
    await this.#context.release()
    await this.#step.release()
  }
}

/** What one control picture is to the network, before its weight. */
export interface Condition {
  condition: Tensor
  token: Tensor
}

interface ControlSessions {
  context: Session
  step: Session
  condition: Session
  fuse: Session
}

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
    const graphs = buildControlNetUnion(component, profileOf(options), size)
    const load = async () =>
      new ControlNetwork(graphs.config, size, graphs.modes, {
        context: await Session.load(graphs.context, options),
        step: await Session.load(graphs.step, options),
        condition: await Session.load(graphs.condition, options),
        fuse: await Session.load(graphs.fuse, options),
      })
    return { bytes: bytesOf(graphs.context, graphs.step, graphs.condition, graphs.fuse), load }
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

  async release(): Promise<void> {
    for (const session of Object.values(this.#sessions)) await session.release()
  }
}

export class VaeNetwork implements Network {
  readonly config: VaeConfig
  readonly #session: Session
  private constructor(config: VaeConfig, session: Session) {
    this.config = config
    this.#session = session
  }

  /** height and width are those of the latents. */
  static plan(
    component: Component,
    options: LoadOptions,
    size: { height: number; width: number },
    half: 'decoder' | 'encoder',
  ): Plan<VaeNetwork> {
    const graph = buildVae(component, profileOf(options), size)[half]
    const config = readVaeConfig(component.config)
    return { bytes: bytesOf(graph), load: async () => new VaeNetwork(config, await Session.load(graph, options)) }
  }

  /** Scaled latent (1, 4, h, w) → image (1, 3, H, W), about −1..1. */
  async decode(latent: Float32Array): Promise<Float32Array> {
    const { scalingFactor, shiftFactor } = this.config
    const unscaled = latent.map(value => value / scalingFactor + shiftFactor)
    const out = await this.#session.run({ latent: { data: unscaled, shape: this.#session.graph.inputs[0].shape } })
    return out['image'].data as Float32Array
  }

  /** Image (1, 3, H, W) in −1..1 → mean and log variance of the latents' distribution, (1, 4, h, w) each. */
  async encode(image: Float32Array): Promise<{ mean: Float32Array; logvar: Float32Array }> {
    const out = await this.#session.run({ image: { data: image, shape: this.#session.graph.inputs[0].shape } })
    const moments = out['moments'].data as Float32Array
    const half = moments.length / 2
    return { mean: moments.subarray(0, half), logvar: moments.subarray(half) }
  }

  /** mean + std · noise, scaled as the UNet sees it. Source: diffusers, DiagonalGaussianDistribution (log variance clamped to ±30, 20). */
  sample(mean: Float32Array, logvar: Float32Array, noise: Float32Array): Float32Array {
    const { scalingFactor, shiftFactor } = this.config
    return mean.map((value, i) => {
      const std = Math.exp(0.5 * Math.min(20, Math.max(-30, logvar[i])))
      return (value + std * noise[i] - shiftFactor) * scalingFactor
    })
  }

  release(): Promise<void> {
    return this.#session.release()
  }
}
