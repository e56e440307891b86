/** The autoencoder, loaded: one half of it. */
import { buildVae, readVaeConfig, type VaeConfig, vaeStride } from '../graph/vae.ts'
import type { Component } from '../weights/types.ts'
import { type LoadOptions, type Network, type Plan, planOf, profileOf } from './network.ts'
import type { Session } from './session.ts'
import { chooseTiling, cutTile, scaleTiling, TileBlend, type Tiling, tileCount, tilesOf, tilingOf } from './tiles.ts'

/** Height and width in latents. */
interface Size {
  height: number
  width: number
}

export class VaeNetwork implements Network {
  readonly config: VaeConfig
  readonly size: Size
  /** How the latents are cut; one tile where the whole picture may be run at once. */
  readonly tiling: Tiling
  readonly #session: Session
  private constructor(config: VaeConfig, size: Size, tiling: Tiling, session: Session) {
    this.config = config
    this.size = size
    this.tiling = tiling
    this.#session = session
  }

  /**
   * height and width are those of the latents. A decoder that would need more than options.workingBytes for the whole is
   * planned for tiles.
   * @param side both halves are planned for tiles of at most this side, latents
   */
  static plan(
    component: Component,
    options: LoadOptions,
    size: Size,
    half: 'decoder' | 'encoder',
    side: number | null = null,
  ): Plan<VaeNetwork> & { tiles: number } {
    const config = readVaeConfig(component.config)
    const build = (part: Size) => buildVae(component, profileOf(options), part)[half]
    const whole = build(size)
    const share = half === 'decoder' ? Math.min(1, (options.workingBytes ?? Infinity) / whole.activationBytes) : 1
    const fitting = chooseTiling(size.height, size.width, share)
    const asked = side === null ? fitting : tilingOf(size.height, size.width, side)
    const tiling = asked.height * asked.width < fitting.height * fitting.width ? asked : fitting
    const tiles = tileCount(tiling)
    const graph = tiles === 1 ? whole : build(tiling)
    return { ...planOf({ graph }, options, sessions => new VaeNetwork(config, size, tiling, sessions.graph)), tiles }
  }

  /** Scaled latent (1, 4, h, w) → image (1, 3, H, W), about −1..1. */
  async decode(latent: Float32Array): Promise<Float32Array> {
    const { scalingFactor, shiftFactor, latentChannels, imageChannels } = this.config
    const { height, width } = this.size
    const unscaled = latent.map(value => value / scalingFactor + shiftFactor)
    if (tileCount(this.tiling) === 1) return this.#decode(unscaled)
    const stride = vaeStride(this.config)
    const blend = new TileBlend(imageChannels, height * stride, width * stride, scaleTiling(this.tiling, stride))
    for (const { row, column, at } of tilesOf(this.tiling))
      blend.add(row, column, await this.#decode(cutTile(unscaled, [latentChannels, height, width], at, this.tiling)))
    return blend.finish()
  }

  async #decode(latent: Float32Array): Promise<Float32Array> {
    const out = await this.#session.run({ latent: { data: latent, shape: this.#session.inputs[0].shape } })
    return out['image'].data as Float32Array
  }

  /** Image (1, 3, H, W) in −1..1 → mean and log variance of the latents' distribution, (1, 4, h, w) each. */
  async encode(image: Float32Array): Promise<{ mean: Float32Array; logvar: Float32Array }> {
    const moments = await this.#momentsOf(image)
    const half = moments.length / 2
    return { mean: moments.subarray(0, half), logvar: moments.subarray(half) }
  }

  async #momentsOf(image: Float32Array): Promise<Float32Array> {
    const { latentChannels, imageChannels } = this.config
    const { height, width } = this.size
    if (tileCount(this.tiling) === 1) return this.#encode(image)
    const stride = vaeStride(this.config)
    const pixels = scaleTiling(this.tiling, stride)
    const shape = [imageChannels, height * stride, width * stride] as const
    const blend = new TileBlend(2 * latentChannels, height, width, this.tiling)
    for (const { row, column, at } of tilesOf(this.tiling)) {
      const tile = cutTile(image, shape, [at[0] * stride, at[1] * stride], pixels)
      blend.add(row, column, await this.#encode(tile))
    }
    return blend.finish()
  }

  async #encode(image: Float32Array): Promise<Float32Array> {
    const out = await this.#session.run({ image: { data: image, shape: this.#session.inputs[0].shape } })
    return out['moments'].data as Float32Array
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
