import { type FloatPlane, resizeBilinear, resizeCubic } from '../../raster/float-resize.ts'
import { blank, type Gray, type Rgb } from '../../raster/raster.ts'
import { resample } from '../../raster/resample.ts'
import type { DepthInput } from './ai-models.ts'

/** What goes into a network: (1, 3, height, width). */
export interface Pixels {
  data: Float32Array
  dims: readonly [1, 3, number, number]
}

/**
 * The size a depth network sees. Source: transformers DPTImageProcessor get_resize_output_image_size: with the aspect kept
 * the side that changes less decides, each side is rounded (half to even) to the multiple. Never less than one multiple,
 * where the source would give a side of 0.
 */
export function depthSize(
  width: number,
  height: number,
  { size, multiple, keepAspect }: { size: number; multiple: number; keepAspect: boolean },
): { width: number; height: number } {
  let scaleX = size / width
  let scaleY = size / height
  if (keepAspect) {
    if (Math.abs(1 - scaleX) < Math.abs(1 - scaleY)) scaleY = scaleX
    else scaleX = scaleY
  }
  const side = (pixels: number) => Math.max(1, roundHalfEven(pixels / multiple)) * multiple
  return { width: side(scaleX * width), height: side(scaleY * height) }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** A picture as the network wants it: resized, 0..1, normalised, channels first. */
export function depthInput(picture: Rgb, input: DepthInput): Pixels {
  if (input.kind === 'cubic') {
    const { size } = input
    const data = new Float32Array(3 * size * size)
    for (let c = 0; c < 3; c++) data.set(resizeCubic(channelOf(picture, c), size, size).data, c * size * size)
    return { data, dims: [1, 3, size, size] }
  }
  const { width, height } = depthSize(picture.width, picture.height, input)
  const resized = resample(picture, width, height, input.filter)
  return { data: normalised(resized, input.mean, input.std, width, height), dims: [1, 3, height, width] }
}

function channelOf(picture: Rgb, channel: number): FloatPlane {
  const { width, height } = picture
  const data = new Float32Array(width * height)
  for (let i = 0, o = channel; i < data.length; i++, o += 3) data[i] = picture.data[o] / 255
  return { width, height, data }
}

/** (v / 255 - mean) / std, channels first, on a canvas whose rest stays 0: (3, height, width). */
export function normalised(
  picture: Rgb,
  mean: readonly number[],
  std: readonly number[],
  width: number,
  height: number,
): Float32Array {
  const out = new Float32Array(3 * width * height)
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < picture.height; y++) {
      let o = (c * height + y) * width
      let i = y * picture.width * 3 + c
      for (let x = 0; x < picture.width; x++, o++, i += 3) out[o] = (picture.data[i] / 255 - mean[c]) / std[c]
    }
  return out
}

/** The network's answer at the picture's size as depth: floor(255 (d - min) / (max - min) + 0.5); a flat one is all 0. */
export function depthImage(predicted: FloatPlane, width: number, height: number): Gray {
  const { data } = resizeBilinear(predicted, width, height)
  let min = Infinity
  let max = -Infinity
  for (const value of data) {
    if (value < min) min = value
    if (value > max) max = value
  }
  const out = blank(width, height, 1)
  if (!(max > min)) return out
  for (let i = 0; i < data.length; i++) out.data[i] = Math.floor((255 * (data[i] - min)) / (max - min) + 0.5)
  return out
}
