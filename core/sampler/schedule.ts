/**
 * Noise schedules: from a scheduler's settings to timesteps and sigmas. Pure functions of arrays.
 * Source: huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951, src/diffusers/schedulers; every operation is
 * rounded to float32 where torch rounds there, because a sigma of a zero-terminal-SNR model is 4096 and half a unit of
 * it is seen in the picture.
 */

const f = Math.fround

/** What the training schedule is made of. */
export interface TrainSettings {
  readonly num_train_timesteps: number
  readonly beta_start: number
  readonly beta_end: number
  readonly beta_schedule: 'linear' | 'scaled_linear'
  readonly rescale_betas_zero_snr: boolean
}

export type Spacing = 'linspace' | 'leading' | 'trailing'

/** (num_train_timesteps), float32 values: the variance added at every training step. */
export function betas(settings: TrainSettings): Float32Array {
  const { num_train_timesteps: n, beta_start: start, beta_end: end } = settings
  const plain =
    settings.beta_schedule === 'linear'
      ? linspace32(start, end, n)
      : linspace32(Math.sqrt(start), Math.sqrt(end), n).map(root => root * root)
  return settings.rescale_betas_zero_snr ? rescaleZeroTerminalSnr(plain) : plain
}

/** (num_train_timesteps): the share of the signal's variance that is left at every training step. */
export function alphasCumprod(betas: Float32Array): Float32Array {
  // torch accumulates a float32 cumprod in float64.
  let product = 1
  return betas.map(beta => (product *= f(1 - beta)))
}

/** The first sigma of a zero-terminal-SNR schedule, which would be infinite: sqrt((1 - ᾱ) / ᾱ) at ᾱ = 2⁻²⁴, float16's smallest. */
const ZERO_SNR_SIGMA = 4096

/** (num_train_timesteps), ascending: sqrt((1 - ᾱ) / ᾱ), finite. */
export function trainSigmas(settings: TrainSettings): Float32Array {
  const sigmas = alphasCumprod(betas(settings)).map(alpha => Math.sqrt(f(f(1 - alpha) / alpha)))
  if (settings.rescale_betas_zero_snr) sigmas[sigmas.length - 1] = ZERO_SNR_SIGMA
  return sigmas
}

/** Shifts and scales sqrt(ᾱ) so that it ends at 0. Lin et al. 2023, arXiv 2305.08891, algorithm 1. */
function rescaleZeroTerminalSnr(plain: Float32Array): Float32Array {
  const roots = alphasCumprod(plain).map(Math.sqrt)
  const first = roots[0]
  const last = roots[roots.length - 1]
  const scale = f(first / f(first - last))
  const bars = roots.map(root => {
    const shifted = f(f(root - last) * scale)
    return shifted * shifted
  })
  return bars.map((bar, i) => 1 - (i === 0 ? bar : f(bar / bars[i - 1])))
}

/** torch.linspace in float32: from both ends towards the middle, each value rounded once (a fused multiply-add). */
function linspace32(start: number, end: number, n: number): Float32Array {
  const [a, b] = [f(start), f(end)]
  const step = f(f(b - a) / (n - 1))
  return Float32Array.from({ length: n }, (_, i) => (i < n / 2 ? a + step * i : b - step * (n - 1 - i)))
}

/**
 * Timesteps from the noisiest to the cleanest. Table 2 of arXiv 2305.08891.
 * @param extra 1 for the multistep solvers, which divide the range into one part more and leave the last out
 * @param rounded false for the solvers that take fractional timesteps
 */
export function spacedTimesteps(
  spacing: Spacing,
  trainSteps: number,
  steps: number,
  offset: number,
  extra: 0 | 1,
  rounded: boolean,
): Float64Array {
  const parts = steps + extra
  switch (spacing) {
    case 'linspace': {
      const step = parts > 1 ? (trainSteps - 1) / (parts - 1) : 0
      const round = rounded ? roundHalfEven : f
      return Float64Array.from({ length: steps }, (_, i) =>
        round(i === 0 && parts > 1 ? trainSteps - 1 : (parts - 1 - i) * step),
      )
    }
    case 'leading': {
      const ratio = Math.floor(trainSteps / parts)
      return Float64Array.from({ length: steps }, (_, i) => (parts - 1 - i) * ratio + offset)
    }
    case 'trailing': {
      const ratio = trainSteps / steps
      return Float64Array.from({ length: steps }, (_, i) => roundHalfEven(trainSteps - i * ratio) - 1)
    }
  }
}

/** A table's value at a fractional index, linearly between neighbours. */
export function interpolate(table: Float32Array, index: number): number {
  const low = Math.min(Math.max(Math.floor(index), 0), table.length - 1)
  const high = Math.min(low + 1, table.length - 1)
  return low === high || index <= low ? table[low] : table[low] + (table[high] - table[low]) * (index - low)
}

/** (steps) from max to min, float64. Karras et al. 2022, arXiv 2206.00364, equation 5, rho = 7. */
export function karrasSigmas(min: number, max: number, steps: number): Float64Array {
  const rho = 7
  const [low, high] = [min ** (1 / rho), max ** (1 / rho)]
  const ramp = (i: number) => (steps > 1 ? i / (steps - 1) : 0)
  return Float64Array.from({ length: steps }, (_, i) => (high + ramp(i) * (low - high)) ** rho)
}

/** The fractional timestep of a sigma: log-linear between the training sigmas (ascending). */
export function sigmaToTimestep(sigma: number, sigmas: Float32Array): number {
  const log = Math.log(Math.max(sigma, 1e-10))
  const logOf = (i: number) => f(Math.log(sigmas[i]))
  let low = 0
  while (low < sigmas.length - 2 && logOf(low + 1) <= log) low++
  const [a, b] = [logOf(low), logOf(low + 1)]
  const weight = Math.min(Math.max((a - log) / f(a - b), 0), 1)
  return (1 - weight) * low + weight * (low + 1)
}

/** Sigmas with the one after the last step, rounded to float32. */
export function withFinal(sigmas: Float64Array, last: number): Float32Array {
  return Float32Array.from([...sigmas, last])
}

/** As numpy rounds: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}
