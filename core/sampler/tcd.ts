/** Trajectory consistency sampling. Zheng et al. 2024, arXiv 2402.19159, algorithm 4 ("strategic stochastic sampling"). */
import { combine, epsilonFromAlpha, originalFromAlpha } from './arithmetic.ts'
import { consistencyTimesteps } from './consistency-timesteps.ts'
import { alphasCumprod, betas } from './schedule.ts'
import type { Settings } from './settings.ts'
import type { Algorithm } from './types.ts'

const f = Math.fround
const root = (value: number) => f(Math.sqrt(f(value)))

/**
 * A step goes to the timestep s = (1 − eta) · t′ along the trajectory, and from there back up to t′ with fresh noise; at
 * eta 0, and after the last step, there is no noise. Source: diffusers TCDScheduler.
 * @throws StudioError 'bad-request' for more steps than the distillation had
 */
export function createTcd(settings: Settings<'TCDScheduler'>, steps: number): Algorithm {
  const { eta, prediction_type: type } = settings
  const alphas = alphasCumprod(betas(settings))
  const timesteps = consistencyTimesteps(settings, steps, 'tcd')
  const alphaAt = (index: number) => alphas[timesteps[index]]
  /** After the last step: timestep 0, which still has its own little noise. */
  const target = (index: number) => (index + 1 < steps ? timesteps[index + 1] : 0)

  return {
    timesteps,
    sigmas: Float32Array.from([...timesteps, 0], t => Math.sqrt((1 - alphas[t]) / alphas[t])),
    order: 1,
    initNoiseSigma: 1,
    scaleInput: latents => latents,
    addNoise: (original, noise, index) => combine(root(alphaAt(index)), original, root(1 - alphaAt(index)), noise),
    step(output, index, latents, noise) {
      const alpha = alphaAt(index)
      const [signal, spread] = [root(alpha), root(f(1 - alpha))]
      const predOriginal = originalFromAlpha(type, output, latents, signal, spread)
      const epsilon = epsilonFromAlpha(type, output, latents, signal, spread)
      const next = alphas[target(index)]
      const lower = alphas[Math.floor(f(f(1 - eta) * target(index)))]
      const noised = combine(root(lower), predOriginal, root(f(1 - lower)), epsilon)
      if (eta === 0 || index === steps - 1) return { latents: noised, predOriginal }
      const share = f(next / lower)
      return { latents: combine(root(share), noised, root(f(1 - share)), noise()), predOriginal }
    },
  }
}
