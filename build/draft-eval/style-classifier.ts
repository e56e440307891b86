/** A style classifier: multinomial logistic regression on colours and on roughness at several scales. */
import { type Channel, sixPlanes } from '../../core/raster/planes.ts'
import type { Rgb } from '../../core/raster/raster.ts'

const SIDES = [256, 128, 64, 32]
const MEASURED: readonly Channel[] = ['L', 'a', 'b']
/** Bins of the colour histogram along each of R, G and B; the histogram is taken at 64². */
const LEVELS = 4

/** Features: mean, spread and roughness of lightness and colour at four scales, and a colour histogram. */
export function features(picture: Rgb): Float64Array {
  const out: number[] = []
  for (const side of SIDES) {
    const planes = sixPlanes(picture, side)
    for (const channel of MEASURED) {
      const { width, data } = planes[channel]
      const mean = data.reduce((a, b) => a + b, 0) / data.length
      const spread = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length)
      let [across, down, strong] = [0, 0, 0]
      for (let i = width; i < data.length; i++) {
        const dx = i % width ? Math.abs(data[i] - data[i - 1]) : 0
        const dy = Math.abs(data[i] - data[i - width])
        across += dx
        down += dy
        strong += Number(dx + dy > 40)
      }
      const edges = [across, down, strong].map(sum => Math.log1p(sum / data.length))
      out.push(...(side === SIDES[0] ? [mean] : []), spread, ...edges)
    }
    if (side !== 64) continue
    const { R, G, B } = planes
    const counts = new Float64Array(LEVELS ** 3)
    const level = (value: number) => Math.min(LEVELS - 1, Math.floor((value * LEVELS) / 256))
    for (let i = 0; i < R.data.length; i++)
      counts[(level(R.data[i]) * LEVELS + level(G.data[i])) * LEVELS + level(B.data[i])]++
    out.push(...Array.from(counts, count => Math.sqrt(count / R.data.length)))
  }
  return Float64Array.from(out)
}

export interface Example {
  style: string
  features: Float64Array
}

const ROUNDS = 400
/** Learning rate. Inputs have a norm of about 1, so that a large rate is stable. */
const RATE = 10
/** Weight decay. */
const DECAY = 1e-5

/** @returns what names the style of a picture's features */
export function learnStyles(examples: readonly Example[]): (features: Float64Array) => string {
  const styles = [...new Set(examples.map(({ style }) => style))]
  const length = examples[0]?.features.length ?? 0
  const mean = new Float64Array(length)
  const spread = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    for (const { features } of examples) mean[i] += features[i] / examples.length
    for (const { features } of examples) spread[i] += (features[i] - mean[i]) ** 2 / examples.length
  }
  const scaled = (values: Float64Array) =>
    values.map((value, i) => (value - mean[i]) / (Math.sqrt(spread[i]) + 1e-6) / Math.sqrt(length))
  const inputs = examples.map(({ features }) => scaled(features))
  const weights = styles.map(() => new Float64Array(length + 1))
  for (let round = 0; round < ROUNDS; round++) {
    const steps = styles.map(() => new Float64Array(length + 1))
    for (const [at, input] of inputs.entries()) {
      const shares = softmax(weights.map(row => score(row, input)))
      for (const [k, style] of styles.entries()) {
        const error = (shares[k] - Number(style === examples[at].style)) / inputs.length
        for (let i = 0; i < length; i++) steps[k][i] += error * input[i]
        steps[k][length] += error
      }
    }
    for (const [k, step] of steps.entries())
      for (let i = 0; i <= length; i++) weights[k][i] -= RATE * (step[i] + DECAY * weights[k][i])
  }
  return values => {
    const input = scaled(values)
    const scores = weights.map(row => score(row, input))
    return styles[scores.indexOf(Math.max(...scores))]
  }
}

function score(row: Float64Array, input: Float64Array): number {
  let sum = row[input.length]
  for (let i = 0; i < input.length; i++) sum += row[i] * input[i]
  return sum
}

function softmax(scores: number[]): number[] {
  const top = Math.max(...scores)
  const powers = scores.map(value => Math.exp(value - top))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map(value => value / total)
}
