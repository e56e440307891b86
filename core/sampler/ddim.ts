/** DDIM. Song et al. 2020, arXiv 2010.02502, formulas 12 and 16. */
import { addScaled, clamp, combine, epsilonFromAlpha, originalFromAlpha } from './arithmetic.ts'
import { alphasCumprod, betas, spacedTimesteps } from './schedule.ts'
import type { Settings } from './settings.ts'
import type { Algorithm } from './types.ts'

const f = Math.fround

/**
 * Source: diffusers DDIMScheduler. The step goes to t - floor(T / steps), whatever the spacing of the timesteps.
 * Its eta: 0 is DDIM (no noise is drawn), 1 is DDPM.
 */
export function createDdim(settings: Settings<'DDIMScheduler'>, steps: number): Algorithm {
  const { eta } = settings
  const alphas = alphasCumprod(betas(settings))
  const { timestep_spacing, num_train_timesteps, steps_offset, prediction_type: type } = settings
  const timesteps = spacedTimesteps(timestep_spacing, num_train_timesteps, steps, steps_offset, 0, true)
  const stride = Math.floor(num_train_timesteps / steps)
  const finalAlpha = settings.set_alpha_to_one ? 1 : alphas[0]
  const alphaAt = (t: number) => (t >= 0 ? alphas[Math.min(t, alphas.length - 1)] : finalAlpha)

  return {
    timesteps,
    sigmas: Float32Array.from([...timesteps, timesteps[steps - 1] - stride], t => sigmaOf(alphaAt(t))),
    order: 1,
    initNoiseSigma: 1,
    scaleInput: latents => latents,
    addNoise(original, noise, index) {
      const alpha = alphaAt(timesteps[index])
      return combine(root(alpha), original, root(1 - alpha), noise)
    },
    step(output, index, latents, noise) {
      const alpha = alphaAt(timesteps[index])
      const alphaNext = alphaAt(timesteps[index] - stride)
      const [signal, spread] = [root(alpha), root(1 - alpha)]
      const raw = originalFromAlpha(type, output, latents, signal, spread)
      const predOriginal = settings.clip_sample ? clamp(raw, settings.clip_sample_range) : raw
      const epsilon = epsilonFromAlpha(type, output, latents, signal, spread)
      const variance = f(f(f(1 - alphaNext) / f(1 - alpha)) * f(1 - f(alpha / alphaNext)))
      const deviation = f(eta * root(variance))
      const direction = root(f(1 - alphaNext) - f(deviation * deviation))
      const next = combine(root(alphaNext), predOriginal, direction, epsilon)
      return { latents: eta > 0 ? addScaled(next, deviation, noise()) : next, predOriginal }
    },
  }
}

function root(value: number): number {
  return f(Math.sqrt(f(value)))
}

function sigmaOf(alpha: number): number {
  return Math.sqrt((1 - alpha) / alpha)
}
