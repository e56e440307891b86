/** DPM-Solver++(2M) and its SDE. Lu et al. 2022, arXiv 2211.01095, algorithm 2 and appendix on SDE-DPM-Solver++. */
import { alphaSigma, combine, lambdaOf, originalFromAlpha } from './arithmetic.ts'
import type { Settings } from './settings.ts'
import { multistepSchedule } from './sigma-schedule.ts'
import type { Algorithm } from './types.ts'

const f = Math.fround

/** Under this many steps the last ones are of lower order, for stability. Source: diffusers DPMSolverMultistepScheduler. */
const FEW_STEPS = 15

/** The SDE draws noise at every step, the last included. */
export function createDpmpp2m(settings: Settings<'DPMSolverMultistepScheduler'>, steps: number): Algorithm {
  const { timesteps, sigmas } = multistepSchedule(settings, steps)
  const stochastic = settings.algorithm_type === 'sde-dpmsolver++'
  let previous: Float32Array | null = null

  /** The last step to sigma 0 is always of first order: log(sigma) is infinite there. */
  function firstOrder(index: number): boolean {
    if (settings.solver_order === 1 || previous === null) return true
    if (index !== steps - 1) return false
    const few = settings.lower_order_final && steps < FEW_STEPS
    return settings.euler_at_final || few || settings.final_sigmas_type === 'zero'
  }

  return {
    timesteps,
    sigmas,
    order: 1,
    initNoiseSigma: 1,
    scaleInput: latents => latents,
    addNoise(original, noise, index) {
      const { alpha, sigma } = alphaSigma(sigmas[index])
      return combine(alpha, original, sigma, noise)
    },
    step(output, index, latents, noise) {
      const { alpha, sigma } = alphaSigma(sigmas[index])
      const original = originalFromAlpha(settings.prediction_type, output, latents, alpha, sigma)
      const weights = stepWeights(sigmas, index, stochastic, settings.solver_type === 'heun')
      const change = firstOrder(index) ? null : slope(original, previous!, weights.ratio)
      const fresh = stochastic ? noise() : null
      const out = new Float32Array(latents.length)
      for (let i = 0; i < out.length; i++) {
        let value = f(f(weights.latents * latents[i]) + f(weights.original * original[i]))
        if (change) value = f(value + f(weights.change * change[i]))
        if (fresh) value = f(value + f(weights.noise * fresh[i]))
        out[i] = value
      }
      previous = original
      return { latents: out, predOriginal: original }
    },
  }
}

interface StepWeights {
  latents: number
  original: number
  change: number
  noise: number
  /** The step before this one over this one, in lambda. */
  ratio: number
}

/** What the step from sigmas[index] to sigmas[index + 1] multiplies each tensor with. */
function stepWeights(sigmas: Float32Array, index: number, stochastic: boolean, heun: boolean): StepWeights {
  const from = alphaSigma(sigmas[index])
  const to = alphaSigma(sigmas[index + 1])
  const h = f(lambdaOf(sigmas[index + 1]) - lambdaOf(sigmas[index]))
  const ratio = index === 0 ? 1 : f(f(lambdaOf(sigmas[index]) - lambdaOf(sigmas[index - 1])) / h)
  const shrink = f(to.sigma / from.sigma)
  if (!stochastic) {
    const gain = f(f(Math.exp(-h)) - 1)
    const original = f(-to.alpha * gain)
    const change = heun ? f(to.alpha * f(f(gain / h) + 1)) : f(0.5 * original)
    return { latents: shrink, original, change, noise: 0, ratio }
  }
  const gain = f(1 - f(Math.exp(-2 * h)))
  const original = f(to.alpha * gain)
  const change = heun ? f(to.alpha * f(f(gain / f(-2 * h)) + 1)) : f(0.5 * original)
  return {
    latents: f(shrink * f(Math.exp(-h))),
    original,
    change,
    noise: f(to.sigma * f(Math.sqrt(gain))),
    ratio,
  }
}

/** The change of the clean latents over a step of this size. */
function slope(original: Float32Array, previous: Float32Array, ratio: number): Float32Array {
  const scale = f(1 / ratio)
  return original.map((value, i) => scale * f(value - previous[i]))
}
