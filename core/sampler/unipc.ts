/** UniPC of order 2: a predictor and, one step later, its corrector. Zhao et al. 2023, arXiv 2302.04867. */
import { alphaSigma, combine, lambdaOf, originalFromAlpha } from './arithmetic.ts'
import type { Settings } from './settings.ts'
import { multistepSchedule } from './sigma-schedule.ts'
import type { Algorithm } from './types.ts'

const f = Math.fround

/** Source of the schedule and of the orders: diffusers UniPCMultistepScheduler, predicting x0. */
export function createUniPc(settings: Settings<'UniPCMultistepScheduler'>, steps: number): Algorithm {
  const { timesteps, sigmas } = multistepSchedule(settings, steps)
  const bh1 = settings.solver_type === 'bh1'
  /** Clean latents of the calls so far, newest last; two are needed at most. */
  let originals: Float32Array[] = []
  /** Corrected latents and order of the call before, which its correction starts from. */
  let last: { latents: Float32Array; order: number } | null = null

  function correct(index: number, original: Float32Array, latents: Float32Array): Float32Array {
    if (last === null || settings.disable_corrector.includes(index - 1)) return latents
    const phi = phiWeights(sigmas, index - 1, last.order, bh1)
    const base = firstOrderStep(sigmas, index - 1, last.latents, originals.at(-1)!, phi.gain)
    const [older, newer] = correctorWeights(phi, last.order)
    const anchor = originals.at(-1)!
    const changes = originals.at(-2)
    return base.map((value, i) => {
      const old = last!.order === 2 ? f(older * f(f(changes![i] - anchor[i]) / phi.ratio)) : 0
      return value - f(phi.scale * f(old + f(newer * f(original[i] - anchor[i]))))
    })
  }

  function predict(index: number, latents: Float32Array, order: number): Float32Array {
    const phi = phiWeights(sigmas, index, order, bh1)
    const anchor = originals.at(-1)!
    const base = firstOrderStep(sigmas, index, latents, anchor, phi.gain)
    const older = originals.at(-2)
    if (order === 1 || older === undefined) return base
    return base.map((value, i) => value - f(phi.scale * f(0.5 * f(f(older[i] - anchor[i]) / phi.ratio))))
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
    step(output, index, latents) {
      const { alpha, sigma } = alphaSigma(sigmas[index])
      const original = originalFromAlpha(settings.prediction_type, output, latents, alpha, sigma)
      const corrected = correct(index, original, latents)
      originals = [...originals.slice(-1), original]
      const order = Math.min(settings.solver_order, steps - index, originals.length)
      last = { latents: corrected, order }
      return { latents: predict(index, corrected, order), predOriginal: original }
    },
  }
}

interface PhiWeights {
  /** e^-h - 1 */
  gain: number
  /** alpha · B(h), with B(h) = -h (bh1) or e^-h - 1 (bh2) */
  scale: number
  /** The older call's place in lambda over this step: negative. */
  ratio: number
  /** Right-hand side of the corrector's equations. */
  b: [number, number]
}

/** The coefficients of the step from sigmas[index] to sigmas[index + 1]. */
function phiWeights(sigmas: Float32Array, index: number, order: number, bh1: boolean): PhiWeights {
  const start = lambdaOf(sigmas[index])
  const h = f(lambdaOf(sigmas[index + 1]) - start)
  const ratio = order === 2 ? f(f(lambdaOf(sigmas[index - 1]) - start) / h) : 1
  const gain = f(Math.expm1(-h))
  const B = bh1 ? -h : gain
  const phi1 = f(f(gain / -h) - 1)
  const phi2 = f(f(phi1 / -h) - 0.5)
  return { gain, scale: f(alphaSigma(sigmas[index + 1]).alpha * B), ratio, b: [f(phi1 / B), f(f(phi2 * 2) / B)] }
}

/** Weights of the older change and of the new one: solves [[1, 1], [ratio, 1]] w = b for order 2. */
function correctorWeights({ ratio, b }: PhiWeights, order: number): [older: number, newer: number] {
  if (order === 1) return [0, 0.5]
  const older = (b[0] - b[1]) / (1 - ratio)
  return [f(older), f(b[0] - older)]
}

/** sigma_t / sigma_s · x - alpha_t · (e^-h - 1) · x0. */
function firstOrderStep(
  sigmas: Float32Array,
  index: number,
  latents: Float32Array,
  original: Float32Array,
  gain: number,
): Float32Array {
  const from = alphaSigma(sigmas[index])
  const to = alphaSigma(sigmas[index + 1])
  return combine(f(to.sigma / from.sigma), latents, -f(to.alpha * gain), original)
}
