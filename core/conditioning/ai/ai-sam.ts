import { resizeBilinear } from '../../raster/float-resize.ts'
import type { Rgb } from '../../raster/raster.ts'
import { resample } from '../../raster/resample.ts'
import { normalised, type Pixels } from './ai-depth.ts'
import { IMAGENET } from './ai-models.ts'

/** Side of the square input of every segment-anything network, pixels. */
const SIDE = 1024

/** A point in pixels of the original picture; positive = inside the region that is asked for. */
export interface SamPoint {
  x: number
  y: number
  positive: boolean
}
export type SamPrompt = readonly SamPoint[]

/** The longer side becomes 1024. Source: transformers SamImageProcessor: int(side · scale + 0.5). */
export function samSize(width: number, height: number): { width: number; height: number } {
  const scale = SIDE / Math.max(width, height)
  const side = (pixels: number) => Math.max(1, Math.floor(pixels * scale + 0.5))
  return { width: side(width), height: side(height) }
}

/** Resized (bilinear), normalised, then zeros to the right and below: (1, 3, 1024, 1024). */
export function samInput(picture: Rgb): Pixels {
  const { width, height } = samSize(picture.width, picture.height)
  const resized = resample(picture, width, height, 'bilinear')
  return { data: normalised(resized, IMAGENET.mean, IMAGENET.std, SIDE, SIDE), dims: [1, 3, SIDE, SIDE] }
}

/** Points on the network's square, (1, 1, n, 2), and their labels, 1 inside and 0 outside, (1, 1, n). */
export function samPoints(
  prompt: SamPrompt,
  width: number,
  height: number,
): { points: Float32Array; labels: BigInt64Array } {
  const resized = samSize(width, height)
  const points = Float32Array.from(
    prompt.flatMap(({ x, y }) => [(x * resized.width) / width, (y * resized.height) / height]),
  )
  return { points, labels: BigInt64Array.from(prompt, ({ positive }) => (positive ? 1n : 0n)) }
}

/**
 * A predicted mask at the picture's size, as logits: inside is above 0.
 * Source: transformers post_process_masks: to the padded square, without the padding, to the original, all bilinear.
 * @param low (side, side), 256 for all published networks
 */
export function samLogits(low: Float32Array, side: number, width: number, height: number): Float32Array {
  const full = resizeBilinear({ width: side, height: side, data: low }, SIDE, SIDE)
  const used = samSize(width, height)
  const cropped = new Float32Array(used.width * used.height)
  for (let y = 0; y < used.height; y++) cropped.set(full.data.subarray(y * SIDE, y * SIDE + used.width), y * used.width)
  return resizeBilinear({ ...used, data: cropped }, width, height).data
}
