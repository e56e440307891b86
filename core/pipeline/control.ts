/** Control pictures: what acts when, and the one tensor that they contribute. */
import type { Condition, ControlEncoder } from '../engine/control-network.ts'
import { KEPT_BYTES, LATENT_STRIDE, type Tiling, tileCount, tilesOf } from '../engine/tiles.ts'
import type { ControlPicture } from './job.ts'

/**
 * Each control's scale at one step: its weight inside its window, 0 outside.
 * Source: diffusers, pipeline_controlnet_union_sd_xl.py (controlnet_keep).
 */
export function scalesAt(controls: readonly ControlPicture[], [before, after]: readonly [number, number]): number[] {
  return controls.map(({ weight, start, end }) => (before < start || after > end ? 0 : weight))
}

interface Size {
  width: number
  height: number
}

/**
 * 8-bit RGB rows → (3, height, width) in 0..1.
 * @param at top and left of the part that is read
 * @param part its size; default: the whole
 */
export function imageToTensor(
  { data, ...whole }: Size & { data: Uint8Array },
  [top, left]: readonly [number, number] = [0, 0],
  { width, height }: Size = whole,
): Float32Array {
  const area = width * height
  const out = new Float32Array(3 * area)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * whole.width + left) * 3
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) out[c * area + y * width + x] = data[from + x * 3 + c] / 255
  }
  return out
}

/** What the control pictures of one job add after conv_in, summed once for each set of scales that occurs. */
export class Fuser {
  readonly #network: ControlEncoder
  readonly #conditions: () => Promise<readonly Condition[]>
  #scales: readonly number[] | null = null
  #sum: Float32Array | null = null

  /** @param conditions called for each set of scales: what they take, and what they cost, is the caller's */
  constructor(network: ControlEncoder, conditions: () => Promise<readonly Condition[]>) {
    this.#network = network
    this.#conditions = conditions
  }

  /** (C, height, width). Windows change the scales at most a few times a picture, so the last sum is kept. */
  async at(scales: readonly number[], isKept = true): Promise<Float32Array> {
    if (this.#sum && this.#scales?.join() === scales.join()) return this.#sum
    const sum = await this.#network.fuse(await this.#conditions(), scales)
    if (isKept) [this.#sum, this.#scales] = [sum, scales]
    return sum
  }
}

/** What the control pictures add to each tile of a picture. */
export class TileFusers {
  readonly #fusers: readonly Fuser[]
  readonly #kept: number

  private constructor(fusers: readonly Fuser[], kept: number) {
    this.#fusers = fusers
    this.#kept = kept
  }

  /** Reads the control pictures, the heavy part of them, whatever their weights: of one tile once, of several when a tile asks. */
  static async open(network: ControlEncoder, controls: readonly ControlPicture[], tiling: Tiling): Promise<TileFusers> {
    const part = { width: tiling.width * LATENT_STRIDE, height: tiling.height * LATENT_STRIDE }
    const read = async ([top, left]: readonly [number, number]) => {
      const conditions: Condition[] = []
      for (const { image, mode } of controls)
        conditions.push(
          await network.condition(imageToTensor(image, [top * LATENT_STRIDE, left * LATENT_STRIDE], part), mode),
        )
      return conditions
    }
    if (tileCount(tiling) === 1) {
      const conditions = await read([0, 0])
      return new TileFusers([new Fuser(network, async () => conditions)], 1)
    }
    const fusers = [...tilesOf(tiling)].map(({ at }) => new Fuser(network, () => read(at)))
    const bytes = 4 * network.config.blocks[0].channels * tiling.height * tiling.width
    return new TileFusers(fusers, Math.floor(KEPT_BYTES / bytes))
  }

  /** Reads all tiles that are kept, before the first step. */
  async read(scales: readonly number[]): Promise<void> {
    for (let tile = 0; tile < Math.min(this.#kept, this.#fusers.length); tile++) await this.at(tile, scales)
  }

  /** (C, height, width) of one tile. */
  at(tile: number, scales: readonly number[]): Promise<Float32Array> {
    return this.#fusers[tile].at(scales, tile < this.#kept)
  }
}
