/** Euler's method on the probability flow ODE. Karras et al. 2022, arXiv 2206.00364, algorithm 2 without churn. */
import { addScaled, originalFromSigma, scaleToUnit } from './arithmetic.ts'
import type { Settings } from './settings.ts'
import { eulerSchedule, initialSigma } from './sigma-schedule.ts'
import type { Algorithm } from './types.ts'

const f = Math.fround

/** Source of the schedule: diffusers EulerDiscreteScheduler. */
export function createEuler(settings: Settings<'EulerDiscreteScheduler'>, steps: number): Algorithm {
  const { timesteps, sigmas } = eulerSchedule(settings, steps)
  return {
    timesteps,
    sigmas,
    order: 1,
    initNoiseSigma: initialSigma(sigmas, settings.timestep_spacing),
    scaleInput: (latents, index) => scaleToUnit(latents, sigmas[index]),
    addNoise: (original, noise, index) => addScaled(original, sigmas[index], noise),
    step(output, index, latents) {
      const sigma = sigmas[index]
      const predOriginal = originalFromSigma(settings.prediction_type, output, latents, sigma)
      return { latents: eulerStep(latents, predOriginal, sigma, sigmas[index + 1]), predOriginal }
    },
  }
}

/** From sigma to another along the straight line through the clean latents. */
export function eulerStep(latents: Float32Array, original: Float32Array, from: number, to: number): Float32Array {
  const dt = f(to - from)
  const out = new Float32Array(latents.length)
  for (let i = 0; i < out.length; i++) out[i] = latents[i] + f(f(f(latents[i] - original[i]) / from) * dt)
  return out
}
