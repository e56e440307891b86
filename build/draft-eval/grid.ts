/**
 * The grid that a decoder of stride 8 leaves: steps between neighbouring pixels are larger at some of the eight places of a
 * latent than at others. Measured as blocking is: power of the steps' height at the period of 8 pixels and its harmonics,
 * beside the frequencies around each. Source: Z. Wang, A. Bovik, B. Evans, "Blind measurement of blocking artifacts in
 * images", ICIP 2000.
 */
import type { Rgb } from '../../core/raster/raster.ts'

/** Pixels: what the VAE makes of one latent. */
const PERIOD = 8
/** The period and its harmonics, pixels. */
export const PERIODS = ['8', '4', '8/3', '2'] as const
/** A step above this, of 255, is the edge of a thing and counts as one of this height: it would drown the grid otherwise. */
const EDGE = 8
/** Lines that are averaged before the power is taken: a grid is the same in all of them, a texture is not. */
const BAND = 64
/** Neighbours, in cycles a picture: Hann's window spreads a line over three of these. */
const NEIGHBOURS = { from: 5, to: 20 } as const

/** Power at each of PERIODS over the median power of its neighbours; about 1 where there is no grid. */
export interface Grid {
  /** Upright lines. */
  across: number[]
  /** Lines that lie. */
  down: number[]
}

/** @param picture of sides that 8 and 64 divide, so that the harmonics fall on whole frequencies */
export function gridOf({ width, height, data }: Rgb): Grid {
  const light = Float64Array.from({ length: width * height }, (_, i) => {
    return 0.299 * data[3 * i] + 0.587 * data[3 * i + 1] + 0.114 * data[3 * i + 2]
  })
  return {
    across: ratios(bandsOf(light, { lines: height, length: width, line: width, pixel: 1 })),
    down: ratios(bandsOf(light, { lines: width, length: height, line: 1, pixel: width })),
  }
}

/** How the lines lie in the plane: how many, how long, and the distance of two lines and of two pixels of one. */
interface Lines {
  lines: number
  length: number
  line: number
  pixel: number
}

/** Mean height of the steps, a row for each band of lines, without what changes slowly, under Hann's window. */
function bandsOf(light: Float64Array, { lines, length, line, pixel }: Lines): Float64Array[] {
  return Array.from({ length: Math.floor(lines / BAND) }, (_, band) => {
    const steps = new Float64Array(length)
    for (let at = band * BAND; at < (band + 1) * BAND; at++)
      for (let i = 1; i < length; i++) {
        const here = at * line + i * pixel
        steps[i] += Math.min(EDGE, Math.abs(light[here] - light[here - pixel])) / BAND
      }
    steps[0] = steps[1]
    const mean = steps.reduce((a, b) => a + b, 0) / length
    return steps.map((step, i) => (step - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length)))
  })
}

function ratios(bands: readonly Float64Array[]): number[] {
  const { length } = bands[0]
  return PERIODS.map((_, i) => {
    const bin = ((i + 1) * length) / PERIOD
    const power = (at: number) => bands.reduce((sum, band) => sum + powerAt(at, band), 0)
    const own = [-1, 0, 1].reduce((sum, offset) => sum + power(bin + offset), 0) / 3
    const around = neighbours(bin, length / 2)
      .map(power)
      .sort((a, b) => a - b)
    return own / (around[Math.floor(around.length / 2)] + 1e-6)
  })
}

/** Both sides of the bin; above half the sampling rate there is nothing. */
function neighbours(bin: number, highest: number): number[] {
  const { from, to } = NEIGHBOURS
  const offsets = Array.from({ length: to - from + 1 }, (_, i) => from + i)
  return offsets.flatMap(offset => [bin - offset, bin + offset]).filter(at => at <= highest)
}

/** Power at a frequency, in cycles a line. */
function powerAt(bin: number, line: Float64Array): number {
  let [real, imaginary] = [0, 0]
  for (let i = 0; i < line.length; i++) {
    const angle = (2 * Math.PI * bin * i) / line.length
    real += line[i] * Math.cos(angle)
    imaginary += line[i] * Math.sin(angle)
  }
  return real * real + imaginary * imaginary
}
