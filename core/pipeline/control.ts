/** Control pictures: what acts when, and the one tensor that they contribute. */
import type { Condition, ControlEncoder } from '../engine/control-network.ts'
import type { ControlPicture } from './job.ts'

/**
 * Each control's scale at one step: its weight inside its window, 0 outside.
 * Source: diffusers, pipeline_controlnet_union_sd_xl.py (controlnet_keep).
 */
export function scalesAt(controls: readonly ControlPicture[], [before, after]: readonly [number, number]): number[] {
  return controls.map(({ weight, start, end }) => (before < start || after > end ? 0 : weight))
}

/** 8-bit RGB rows → (3, height, width) in 0..1. */
export function imageToTensor({
  width,
  height,
  data,
}: {
  width: number
  height: number
  data: Uint8Array
}): Float32Array {
  const area = width * height
  const out = new Float32Array(3 * area)
  for (let i = 0; i < area; i++) for (let c = 0; c < 3; c++) out[c * area + i] = data[i * 3 + c] / 255
  return out
}

/** What the control pictures of one job add after conv_in, summed once for each set of scales that occurs. */
export class Fuser {
  readonly #network: ControlEncoder
  readonly #conditions: readonly Condition[]
  #scales: readonly number[] | null = null
  #sum: Float32Array | null = null

  constructor(network: ControlEncoder, conditions: readonly Condition[]) {
    this.#network = network
    this.#conditions = conditions
  }

  /** (C, height, width). Windows change the scales at most a few times a picture, so the last sum is kept. */
  async at(scales: readonly number[]): Promise<Float32Array> {
    if (!this.#sum || this.#scales?.join() !== scales.join()) {
      this.#sum = await this.#network.fuse(this.#conditions, scales)
      this.#scales = scales
    }
    return this.#sum
  }
}
