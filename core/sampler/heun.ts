/** Heun's second-order method. Karras et al. 2022, arXiv 2206.00364, algorithm 1 without churn. */
import { addScaled, clamp, originalFromSigma, scaleToUnit } from './arithmetic.ts'
import type { Settings } from './settings.ts'
import { eulerSchedule, initialSigma } from './sigma-schedule.ts'
import type { Algorithm } from './types.ts'

const f = Math.fround

/** 2N - 1 model calls for N steps: every step but the last is an Euler step and its correction. Source: diffusers HeunDiscreteScheduler. */
export function createHeun(settings: Settings<'HeunDiscreteScheduler'>, steps: number): Algorithm {
  const schedule = eulerSchedule({ ...settings, rescale_betas_zero_snr: false, final_sigmas_type: 'zero' }, steps)
  // t0 t1 t1 t2 t2 …, and sigmas alike with the final one at the end.
  const timesteps = Float64Array.from(schedule.timesteps.values().flatMap((t, i) => (i === 0 ? [t] : [t, t])))
  const inner = schedule.sigmas.subarray(0, steps)
  const sigmas = Float32Array.from([
    ...inner.values().flatMap((s, i) => (i === 0 ? [s] : [s, s])),
    schedule.sigmas[steps],
  ])
  let half: { latents: Float32Array; derivative: Float32Array; dt: number } | null = null

  /** The clean latents, and the slope (latents - original) / sigma. */
  function look(output: Float32Array, latents: Float32Array, sigma: number) {
    const raw = originalFromSigma(settings.prediction_type, output, latents, sigma)
    const predOriginal = settings.clip_sample ? clamp(raw, settings.clip_sample_range) : raw
    return { predOriginal, derivative: latents.map((value, i) => f(value - predOriginal[i]) / sigma) }
  }

  return {
    timesteps,
    sigmas,
    order: 2,
    initNoiseSigma: initialSigma(sigmas, settings.timestep_spacing),
    scaleInput: (latents, index) => scaleToUnit(latents, sigmas[index]),
    addNoise: (original, noise, index) => addScaled(original, sigmas[index], noise),
    step(output, index, latents) {
      const { predOriginal, derivative } = look(output, latents, sigmas[index])
      if (half === null) {
        half = { latents, derivative, dt: f(sigmas[index + 1] - sigmas[index]) }
        return { latents: addScaled(latents, half.dt, derivative), predOriginal }
      }
      const { derivative: first, dt, latents: start } = half
      half = null
      const mean = derivative.map((slope, i) => f(first[i] + slope) / 2)
      return { latents: addScaled(start, dt, mean), predOriginal }
    },
  }
}
