/**
 * Repainting a part: after every step, what is to stay is put back as it is at that step's noise.
 * Source: diffusers, pipeline_controlnet_union_inpaint_sd_xl.py and pipeline_stable_diffusion_xl_inpaint.py, the blend of a UNet
 * with four channels.
 */
import type { Gray, Rgb } from '../raster/raster.ts'
import type { Sampler } from '../sampler/sampler.ts'

/** What stays, and where. */
export interface Kept {
  /** The picture's own latents, (4, height, width). */
  clean: Float32Array
  /** The noise that it began with. */
  noise: Float32Array
  /** Of each latent pixel: 1 painted again, 0 kept, (height, width). */
  mask: Float32Array
}

/** A mask of the picture at the latents' size: the mean of each cell, so that a soft edge stays soft. */
export function latentMask({ width, height, data }: Gray, stride: number): Float32Array {
  const [columns, rows] = [width / stride, height / stride]
  const out = new Float32Array(columns * rows)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      out[Math.floor(y / stride) * columns + Math.floor(x / stride)] += data[y * width + x]
  return out.map(sum => sum / (255 * stride * stride))
}

/** Latents after call i with what is kept put back; after the last call without noise. */
export function keep(latents: Float32Array, { clean, noise, mask }: Kept, sampler: Sampler, i: number): Float32Array {
  const kept = i + 1 < sampler.calls ? sampler.addNoise(clean, noise, i + 1) : clean
  const area = mask.length
  return latents.map((value, at) => {
    const share = mask[at % area]
    return share * value + (1 - share) * kept[at]
  })
}

/** The new picture where it was painted again, the old one to the last bit where it was not. */
export function laidOver(image: Uint8Array, before: Rgb, { data: mask }: Gray): Uint8Array {
  return image.map((value, i) => {
    const share = mask[Math.floor(i / 3)]
    return Math.round((share * value + (255 - share) * before.data[i]) / 255)
  })
}
