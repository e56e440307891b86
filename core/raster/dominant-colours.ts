/** The colours that a picture is made of. */
import { type Oklab, oklabDistance, oklabOf, rgbOf } from './oklab.ts'
import type { Rgb } from './raster.ts'

/** Pixels that are looked at, evenly spread: more change no colour by a visible amount. */
const SAMPLES = 20_000
const ROUNDS = 30
/** Squared distance under which two colours are one to the eye: 0.05. */
const SAME = 0.0025

export interface DominantColour {
  /** 8-bit sRGB. */
  colour: [number, number, number]
  /** Of the picture, 0..1. */
  share: number
}

/**
 * At most `count` colours, the commonest first: k-means in OKLab. It begins with the commonest of coarse cells and then what
 * is farthest from all before, by distance times number, so that the same picture always gives the same colours.
 * Source: Lloyd's algorithm; the begin is that of Celebi, "Improving the performance of k-means for color quantization" (2011).
 */
export function dominantColours({ width, height, data }: Rgb, count: number): DominantColour[] {
  const area = width * height
  const step = Math.max(1, Math.floor(area / SAMPLES))
  const pixels: Oklab[] = []
  for (let i = 0; i < area; i += step) pixels.push(oklabOf(data[3 * i], data[3 * i + 1], data[3 * i + 2]))
  let centres = begin(pixels, count)
  for (let round = 0; round < ROUNDS; round++) {
    const next = means(pixels, centres)
    const moved = next.some((centre, k) => oklabDistance(centre, centres[k]) > 1e-8)
    centres = next
    if (!moved) break
  }
  const counts = new Uint32Array(centres.length)
  for (const pixel of pixels) counts[nearest(pixel, centres)]++
  return centres
    .map((centre, k) => ({ colour: rgbOf(centre), share: counts[k] / pixels.length }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
}

function begin(pixels: readonly Oklab[], count: number): Oklab[] {
  const cells = new Map<string, { sum: [number, number, number]; n: number }>()
  for (const pixel of pixels) {
    const key = pixel.map(value => Math.round(value * 12)).join()
    const cell = cells.get(key) ?? { sum: [0, 0, 0], n: 0 }
    for (let c = 0; c < 3; c++) cell.sum[c] += pixel[c]
    cell.n++
    cells.set(key, cell)
  }
  const candidates = [...cells.values()].map(({ sum, n }) => ({ at: sum.map(v => v / n) as unknown as Oklab, n }))
  candidates.sort((a, b) => b.n - a.n)
  const centres = [candidates[0].at]
  while (centres.length < count) {
    const away = ({ at }: (typeof candidates)[number]) => Math.min(...centres.map(centre => oklabDistance(at, centre)))
    const best = candidates.reduce((most, each) => (away(each) * each.n > away(most) * most.n ? each : most))
    if (away(best) < SAME) break
    centres.push(best.at)
  }
  return centres
}

function means(pixels: readonly Oklab[], centres: readonly Oklab[]): Oklab[] {
  const sums = centres.map(() => [0, 0, 0, 0])
  for (const pixel of pixels) {
    const sum = sums[nearest(pixel, centres)]
    for (let c = 0; c < 3; c++) sum[c] += pixel[c]
    sum[3]++
  }
  return sums.map(([l, a, b, n], k) => (n > 0 ? [l / n, a / n, b / n] : centres[k]))
}

function nearest(pixel: Oklab, centres: readonly Oklab[]): number {
  let best = 0
  for (let k = 1; k < centres.length; k++)
    if (oklabDistance(pixel, centres[k]) < oklabDistance(pixel, centres[best])) best = k
  return best
}
