/** Ways in which a written word gets harder to read, growing with `level` from 0 (not at all) to 1. For tests and the calibration. */
import sharp from 'sharp'
import { seededRandom as random } from './random.ts'
import { blank, type Gray, type Rgb } from './raster.ts'

/** The word in two colours. */
export function painted(mask: Gray, ink: readonly number[], paper: readonly number[]): Rgb {
  const out = blank(mask.width, mask.height, 3)
  for (let i = 0; i < mask.data.length; i++) {
    const m = mask.data[i] / 255
    for (let c = 0; c < 3; c++) out.data[3 * i + c] = Math.round(m * ink[c] + (1 - m) * paper[c])
  }
  return out
}

/** Coloured patches of several sizes, as a busy background has them. */
export function texture(width: number, height: number, seed: number): Rgb {
  const next = random(seed)
  const out = blank(width, height, 3)
  const sum = new Float32Array(out.data.length)
  for (const cell of [6, 14, 34, 80]) {
    const columns = Math.ceil(width / cell) + 2
    const grid = Float32Array.from({ length: columns * (Math.ceil(height / cell) + 2) * 3 }, () => next() - 0.5)
    for (let y = 0, o = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (Math.floor(y / cell) * columns + Math.floor(x / cell)) * 3
        for (let c = 0; c < 3; c++) sum[o++] += 130 * grid[at + c]
      }
    }
  }
  for (let i = 0; i < sum.length; i++) out.data[i] = Math.min(255, Math.max(0, 127 + sum[i]))
  return out
}

async function blur(picture: Rgb, level: number): Promise<Rgb> {
  const sigma = level * 0.07 * picture.width
  if (sigma < 0.3) return picture
  const { width, height, channels } = picture
  const data = await sharp(picture.data, { raw: { width, height, channels } }).blur(sigma).raw().toBuffer()
  return { ...picture, data: new Uint8Array(data) }
}

async function noise(picture: Rgb, level: number, seed: number): Promise<Rgb> {
  const next = random(seed)
  const { width, height } = picture
  // Grain of 4 pixels: finer grain is averaged away by the eye.
  const grain = Float32Array.from(
    { length: Math.ceil(width / 4) * Math.ceil(height / 4) * 3 },
    () => next() + next() - 1,
  )
  const mixed = (i: number) => {
    const [pixel, c] = [Math.floor(i / 3), i % 3]
    const cell = Math.floor(Math.floor(pixel / width) / 4) * Math.ceil(width / 4) + Math.floor((pixel % width) / 4)
    // The contrast falls while the grain grows, so that clipping does not keep the word alive.
    return 127 + (picture.data[i] - 127) * (1 - level) + 330 * level * grain[3 * cell + c]
  }
  return { ...picture, data: Uint8Array.from(picture.data, (_, i) => Math.min(255, Math.max(0, Math.round(mixed(i))))) }
}

async function displace(picture: Rgb, level: number, seed: number): Promise<Rgb> {
  const next = random(seed)
  const { width, height, data } = picture
  const cells = 10
  const grid = Float32Array.from({ length: (cells + 2) ** 2 * 2 }, () => 2 * next() - 1)
  const reach = level * 0.12 * width
  const smooth = (t: number) => t * t * (3 - 2 * t)
  const out = blank(width, height, 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [gx, gy] = [(x * cells) / width, (y * cells) / height]
      const [u, v] = [smooth(gx % 1), smooth(gy % 1)]
      const field = (c: number) => {
        const at = (row: number, column: number) =>
          grid[((Math.floor(gy) + row) * (cells + 2) + Math.floor(gx) + column) * 2 + c]
        return (at(0, 0) * (1 - u) + at(0, 1) * u) * (1 - v) + (at(1, 0) * (1 - u) + at(1, 1) * u) * v
      }
      const fx = Math.min(width - 1, Math.max(0, Math.round(x + reach * field(0))))
      const fy = Math.min(height - 1, Math.max(0, Math.round(y + reach * field(1))))
      for (let c = 0; c < 3; c++) out.data[3 * (y * width + x) + c] = data[3 * (fy * width + fx) + c]
    }
  }
  return out
}

async function blend(picture: Rgb, level: number, seed: number): Promise<Rgb> {
  const over = texture(picture.width, picture.height, seed)
  const data = Uint8Array.from(picture.data, (v, i) => Math.round(v * (1 - level) + over.data[i] * level))
  return { ...picture, data }
}

export const DISTORTIONS = { blur, noise, displace, blend } as const
export type Distortion = keyof typeof DISTORTIONS

/** Spearman's rank correlation, −1..1. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  const ranks = (values: readonly number[]) => {
    const order = [...values].sort((a, b) => a - b)
    return values.map(value => (order.indexOf(value) + order.lastIndexOf(value)) / 2)
  }
  const [a, b] = [ranks(x), ranks(y)]
  const mean = (x.length - 1) / 2
  const dot = (p: number[], q: number[]) => p.reduce((sum, v, i) => sum + (v - mean) * (q[i] - mean), 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}
