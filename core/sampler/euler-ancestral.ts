/** Euler steps below the target and fresh noise back up to it. k-diffusion sampling.py, sample_euler_ancestral. */
import { addScaled, originalFromSigma, scaleToUnit } from './arithmetic.ts'
import { eulerStep } from './euler.ts'
import type { Settings } from './settings.ts'
import { eulerSchedule, initialSigma } from './sigma-schedule.ts'
import type { Algorithm } from './types.ts'

const f = Math.fround

/** Source of the schedule: diffusers EulerAncestralDiscreteScheduler. Noise is drawn at every step, the last included. */
export function createEulerAncestral(settings: Settings<'EulerAncestralDiscreteScheduler'>, steps: number): Algorithm {
  const { timesteps, sigmas } = eulerSchedule(
    { ...settings, use_karras_sigmas: false, final_sigmas_type: 'zero' },
    steps,
  )
  return {
    timesteps,
    sigmas,
    order: 1,
    initNoiseSigma: initialSigma(sigmas, settings.timestep_spacing),
    scaleInput: (latents, index) => scaleToUnit(latents, sigmas[index]),
    addNoise: (original, noise, index) => addScaled(original, sigmas[index], noise),
    step(output, index, latents, noise) {
      const sigma = sigmas[index]
      const { up, down } = ancestralSigmas(sigma, sigmas[index + 1])
      const predOriginal = originalFromSigma(settings.prediction_type, output, latents, sigma)
      const lower = eulerStep(latents, predOriginal, sigma, down)
      return { latents: addScaled(lower, up, noise()), predOriginal }
    },
  }
}

/** Where to step to (down) and how much noise to add (up): down² + up² = to². */
function ancestralSigmas(from: number, to: number): { up: number; down: number } {
  const [from2, to2] = [f(from * from), f(to * to)]
  const up = f(Math.sqrt(f(f(to2 * f(from2 - to2)) / from2)))
  return { up, down: f(Math.sqrt(f(to2 - f(up * up)))) }
}
