/** Latent consistency sampling. Luo et al. 2023, arXiv 2310.04378, algorithm 3. */
import { clamp, combine, originalFromAlpha } from './arithmetic.ts'
import { consistencyTimesteps } from './consistency-timesteps.ts'
import { alphasCumprod, betas } from './schedule.ts'
import type { Settings } from './settings.ts'
import type { Algorithm } from './types.ts'

const f = Math.fround

/** The data's standard deviation in the boundary conditions, as the consistency models were trained. */
const SIGMA_DATA = 0.5

/**
 * Timesteps are picked evenly from the ones of the distillation. Noise is drawn at every step but the last.
 * Source: diffusers LCMScheduler.
 * @throws StudioError 'bad-request' for more steps than the distillation had
 */
export function createLcm(settings: Settings<'LCMScheduler'>, steps: number): Algorithm {
  const alphas = alphasCumprod(betas(settings))
  const timesteps = consistencyTimesteps(settings, steps, 'lcm')
  const alphaAt = (index: number) => alphas[timesteps[Math.min(index, steps - 1)]]
  const root = (value: number) => f(Math.sqrt(f(value)))

  return {
    timesteps,
    sigmas: Float32Array.from([...timesteps.keys().map(i => Math.sqrt((1 - alphaAt(i)) / alphaAt(i))), 0]),
    order: 1,
    initNoiseSigma: 1,
    scaleInput: latents => latents,
    addNoise: (original, noise, index) => combine(root(alphaAt(index)), original, root(1 - alphaAt(index)), noise),
    step(output, index, latents, noise) {
      const alpha = alphaAt(index)
      const raw = originalFromAlpha(settings.prediction_type, output, latents, root(alpha), root(1 - alpha))
      const original = settings.clip_sample ? clamp(raw, settings.clip_sample_range) : raw
      const { skip, out } = boundary(timesteps[index] * settings.timestep_scaling)
      const denoised = combine(out, original, skip, latents)
      if (index === steps - 1) return { latents: denoised, predOriginal: denoised }
      const next = alphaAt(index + 1)
      return { latents: combine(root(next), denoised, root(1 - next), noise()), predOriginal: denoised }
    },
  }
}

/** How much of the latents and of the clean prediction make the consistent one: at t = 0 only the latents. */
function boundary(scaled: number): { skip: number; out: number } {
  const total = scaled ** 2 + SIGMA_DATA ** 2
  return { skip: f(SIGMA_DATA ** 2 / total), out: f(scaled / Math.sqrt(total)) }
}
