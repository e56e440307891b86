/** Parts of a picture as the networks want them. */
import type { Box } from '../glyph/types.ts'
import type { Rgb } from '../raster/raster.ts'
import { resample } from '../raster/resample.ts'

/** A part of a picture. What lies outside of the picture repeats its border. */
export function crop(picture: Rgb, { x, y, width, height }: Box): Rgb {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const w = Math.max(1, Math.ceil(x + width) - left)
  const h = Math.max(1, Math.ceil(y + height) - top)
  const data = new Uint8Array(w * h * 3)
  for (let row = 0, o = 0; row < h; row++) {
    const from = clamp(top + row, picture.height) * picture.width
    for (let column = 0; column < w; column++) {
      const i = 3 * (from + clamp(left + column, picture.width))
      data[o++] = picture.data[i]
      data[o++] = picture.data[i + 1]
      data[o++] = picture.data[i + 2]
    }
  }
  return { width: w, height: h, channels: 3, data }
}

const clamp = (value: number, size: number) => Math.min(size - 1, Math.max(0, value))

/** Beside each other, all as high as the first. */
export function beside(parts: readonly Rgb[]): Rgb {
  if (parts.length === 1) return parts[0]
  const { height } = parts[0]
  const same = parts.map(part =>
    resample(part, Math.max(1, Math.round((part.width * height) / part.height)), height, 'bilinear'),
  )
  const width = same.reduce((sum, part) => sum + part.width, 0)
  const data = new Uint8Array(width * height * 3)
  let at = 0
  for (const part of same) {
    for (let y = 0; y < height; y++) {
      const row = part.data.subarray(3 * y * part.width, 3 * (y + 1) * part.width)
      data.set(row, 3 * (y * width + at))
    }
    at += part.width
  }
  return { width, height, channels: 3, data }
}

/** A quarter turn against the clock: what ran from top to bottom runs from left to right. */
export function turned({ width, height, data }: Rgb): Rgb {
  const out = new Uint8Array(data.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const to = 3 * ((width - 1 - x) * height + y)
      for (let c = 0; c < 3; c++) out[to + c] = data[3 * (y * width + x) + c]
    }
  return { width: height, height: width, channels: 3, data: out }
}
