import type { Rgb } from '../raster/raster.ts'

/** How latents map linearly to colours, a first look that needs no decoder. */
export interface LatentPreview {
  /** One row a latent channel, RGB columns; the sum plus bias is −1..1. */
  factors: readonly (readonly [number, number, number])[]
  bias: readonly [number, number, number]
}

/** Source: ComfyUI, comfy/latent_formats.py, class SDXL. For scaled latents as the UNet sees them. */
export const SDXL_PREVIEW: LatentPreview = {
  factors: [
    [0.3651, 0.4232, 0.4341],
    [-0.2533, -0.0042, 0.1068],
    [0.1076, 0.1111, -0.0362],
    [-0.3165, -0.2492, -0.2188],
  ],
  bias: [0.1084, -0.0175, -0.0011],
}

/** Predicted clean latents (channels, height, width) → a picture of one pixel a latent. */
export function previewLatents(
  latents: Float32Array,
  height: number,
  width: number,
  { factors, bias }: LatentPreview,
): Rgb {
  const area = height * width
  const data = new Uint8Array(area * 3)
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) {
      let value = bias[c]
      for (let k = 0; k < factors.length; k++) value += latents[k * area + i] * factors[k][c]
      data[i * 3 + c] = Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)))
    }
  }
  return { width, height, channels: 3, data }
}
