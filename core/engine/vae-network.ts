/** The autoencoder, loaded: one half of it. */
import { buildVae, readVaeConfig, type VaeConfig, vaeStride } from '../graph/vae.ts'
import type { Component } from '../weights/types.ts'
import { type LoadOptions, type Network, type Plan, planOf, profileOf } from './network.ts'
import type { Session } from './session.ts'
import { chooseTiling, cutTile, scaleTiling, TileBlend, type Tiling } from './tiles.ts'

/** Height and width in latents. */
interface Size {
  height: number
  width: number
}

export class VaeNetwork implements Network {
  readonly config: VaeConfig
  readonly size: Size
  /** How the decoder cuts the latents; one tile where the whole picture may be decoded at once. */
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
   */
  static plan(
    component: Component,
    options: LoadOptions,
    size: Size,
    half: 'decoder' | 'encoder',
  ): Plan<VaeNetwork> & { tiles: number } {
    const config = readVaeConfig(component.config)
    const build = (part: Size) => buildVae(component, profileOf(options), part)[half]
    const whole = build(size)
    const share = half === 'decoder' ? Math.min(1, (options.workingBytes ?? Infinity) / whole.activationBytes) : 1
    const tiling = chooseTiling(size.height, size.width, share)
    const tiles = tiling.tops.length * tiling.lefts.length
    const graph = tiles === 1 ? whole : build(tiling)
    return { ...planOf({ graph }, options, sessions => new VaeNetwork(config, size, tiling, sessions.graph)), tiles }
  }

  /** Scaled latent (1, 4, h, w) → image (1, 3, H, W), about −1..1. */
  async decode(latent: Float32Array): Promise<Float32Array> {
    const { scalingFactor, shiftFactor, latentChannels, imageChannels } = this.config
    const { height, width } = this.size
    const unscaled = latent.map(value => value / scalingFactor + shiftFactor)
    const { tops, lefts } = this.tiling
    if (tops.length * lefts.length === 1) return this.#decode(unscaled)
    const stride = vaeStride(this.config)
    const blend = new TileBlend(imageChannels, height * stride, width * stride, scaleTiling(this.tiling, stride))
    for (const [row, top] of tops.entries()) {
      for (const [column, left] of lefts.entries()) {
        const tile = cutTile(unscaled, [latentChannels, height, width], [top, left], this.tiling)
        blend.add(row, column, await this.#decode(tile))
      }
    }
    return blend.finish()
  }

  async #decode(latent: Float32Array): Promise<Float32Array> {
    const out = await this.#session.run({ latent: { data: latent, shape: this.#session.inputs[0].shape } })
    return out['image'].data as Float32Array
  }

  /** Image (1, 3, H, W) in −1..1 → mean and log variance of the latents' distribution, (1, 4, h, w) each. */
  async encode(image: Float32Array): Promise<{ mean: Float32Array; logvar: Float32Array }> {
    const out = await this.#session.run({ image: { data: image, shape: this.#session.inputs[0].shape } })
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
