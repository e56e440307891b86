/** A model's networks as the pipeline asks for them: planned for a size, kept in the cache, on loan while they are used. */
import { ClipNetwork } from '../engine/clip-network.ts'
import { type Denoiser, type PictureSize, planDenoiser } from '../engine/denoiser.ts'
import { batchOf, type LoadOptions } from '../engine/network.ts'
import type { Lease, NetworkCache } from '../engine/network-cache.ts'
import { tileCount } from '../engine/tiles.ts'
import { VaeNetwork } from '../engine/vae-network.ts'
import { fault } from '../faults/fault.ts'
import type { NetworkKeys } from '../weights/network-keys.ts'
import type { Model } from '../weights/types.ts'
import type { PlannedControl } from './job.ts'

type Families = Readonly<Record<'text_encoder' | 'text_encoder_2' | 'denoiser' | 'decoder' | 'encoder', string>>

/** How a model's networks are named in the cache, each by the weights that it is made of. */
export const familiesOf = (keys: NetworkKeys): Families => ({
  text_encoder: `${keys.text_encoder} text_encoder`,
  text_encoder_2: `${keys.text_encoder_2} text_encoder_2`,
  denoiser: `${keys.unet} ${keys.controlnet} denoiser`,
  decoder: `${keys.vae} vae decoder`,
  encoder: `${keys.vae} vae encoder`,
})

export class ModelNetworks {
  readonly model: Model
  /** That the decoder asked for last cuts its picture into; 1 before. */
  tiles = 1
  readonly #families: Families
  readonly #cache: NetworkCache
  readonly #options: LoadOptions

  /** @param keys what tells this model's networks from another's in the cache */
  constructor(model: Model, keys: NetworkKeys, cache: NetworkCache, options: LoadOptions) {
    this.model = model
    this.#families = familiesOf(keys)
    this.#cache = cache
    this.#options = options
  }

  /** Gives two hidden states: the one that clipSkip names, then the penultimate. */
  textEncoder(kind: 'text_encoder' | 'text_encoder_2', clipSkip: number | null): Promise<Lease<ClipNetwork>> {
    const component = kind === 'text_encoder' ? this.model.textEncoder : this.model.textEncoder2
    const family = this.#families[kind]
    return this.#cache.acquire(
      family,
      `${family} skip ${clipSkip}`,
      () => {
        const layers = Number(component.config['num_hidden_layers'])
        const penultimate = layers - 1
        const wanted = penultimate - (clipSkip ?? 0)
        if (wanted < 0) throw fault('clipSkipTooLarge', { clipSkip: clipSkip ?? 0, layers })
        return ClipNetwork.plan(kind, component, this.#options, [wanted, penultimate])
      },
      'text encoder',
    )
  }

  /** The job without the optional control pictures that this ControlNet does not know. */
  known<Job extends { controls: readonly PlannedControl[] }>(job: Job): Job {
    if (!job.controls.some(({ optional }) => optional)) return job
    const modes = Number(this.model.controlnet?.config['num_control_type'] ?? 0)
    return { ...job, controls: job.controls.filter(({ optional, mode }) => !optional || mode < modes) }
  }

  /** How many of a job's pictures are denoised together. */
  batchOf(count: number): number {
    return batchOf(count, this.#options)
  }

  /** UNet, and ControlNet where there are control pictures. */
  denoiser(size: PictureSize, controls: readonly PlannedControl[]): Promise<Lease<Denoiser>> {
    const controlled = controls.length > 0
    if (controlled && !this.model.controlnet) throw fault('noControlnet')
    // One control outside its window needs no ControlNet; in the fused graph it would run all the same.
    const windowed = controls.length === 1 && (controls[0].start > 0 || controls[0].end < 1)
    const options = windowed
      ? { ...this.#options, ops: { ...this.#options.ops, step: 'split' as const } }
      : this.#options
    const family = this.#families.denoiser
    const { height, width, tokens, guided, pictures = 1 } = size
    const key = [family, height, width, tokens, guided, pictures, controlled, windowed].join(' ')
    return this.#cache.acquire(family, key, () => planDenoiser(this.model, options, size, controlled))
  }

  /** height and width are those of the latents. @param side of its tiles at most, latents */
  async vae(
    { height, width }: { height: number; width: number },
    half: 'decoder' | 'encoder',
    side: number | null = null,
  ): Promise<Lease<VaeNetwork>> {
    const family = this.#families[half]
    const lease = await this.#cache.acquire(
      family,
      `${family} ${height}x${width}${side === null ? '' : ` in tiles of ${side}`}`,
      () => VaeNetwork.plan(this.model.vae, this.#options, { height, width }, half, side),
      'vae',
    )
    if (half === 'decoder') this.tiles = tileCount(lease.network.tiling)
    return lease
  }
}
