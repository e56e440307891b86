/** Timesteps and sigmas of the samplers that walk over sigma: Euler, Heun, DPM-Solver++, UniPC. */
import {
  interpolate,
  karrasSigmas,
  roundHalfEven,
  type Spacing,
  sigmaToTimestep,
  spacedTimesteps,
  type TrainSettings,
  trainSigmas,
  withFinal,
} from './schedule.ts'

export interface SigmaSettings extends TrainSettings {
  readonly timestep_spacing: Spacing
  readonly steps_offset: number
  readonly use_karras_sigmas: boolean
  readonly sigma_min?: number | undefined
  readonly sigma_max?: number | undefined
  readonly final_sigmas_type: 'zero' | 'sigma_min'
}

export interface SigmaSchedule {
  /** (steps) */
  timesteps: Float64Array
  /** (steps + 1) */
  sigmas: Float32Array
}

/** Euler and Heun: fractional timesteps, Karras sigmas between the ends of the spaced ones. */
export function eulerSchedule(settings: SigmaSettings, steps: number): SigmaSchedule {
  const train = trainSigmas(settings)
  const { timestep_spacing, num_train_timesteps, steps_offset } = settings
  const spaced = spacedTimesteps(timestep_spacing, num_train_timesteps, steps, steps_offset, 0, false)
  const sigmas = spaced.map(t => interpolate(train, t))
  const last = settings.final_sigmas_type === 'sigma_min' ? train[0] : 0
  if (!settings.use_karras_sigmas) return { timesteps: spaced, sigmas: withFinal(sigmas, last) }
  const karras = karrasSigmas(settings.sigma_min ?? sigmas[steps - 1], settings.sigma_max ?? sigmas[0], steps)
  return {
    timesteps: karras.map(sigma => Math.fround(sigmaToTimestep(sigma, train))),
    sigmas: withFinal(karras, last),
  }
}

/** DPM-Solver++ and UniPC: whole timesteps, Karras sigmas over the whole training range. */
export function multistepSchedule(settings: SigmaSettings, steps: number): SigmaSchedule {
  const train = trainSigmas(settings)
  const { timestep_spacing, num_train_timesteps, steps_offset } = settings
  if (!settings.use_karras_sigmas) {
    const timesteps = spacedTimesteps(timestep_spacing, num_train_timesteps, steps, steps_offset, 1, true)
    const last = settings.final_sigmas_type === 'sigma_min' ? train[0] : 0
    return {
      timesteps,
      sigmas: withFinal(
        timesteps.map(t => interpolate(train, t)),
        last,
      ),
    }
  }
  const karras = karrasSigmas(settings.sigma_min ?? train[0], settings.sigma_max ?? train[train.length - 1], steps)
  return {
    timesteps: karras.map(sigma => roundHalfEven(sigmaToTimestep(sigma, train))),
    sigmas: withFinal(karras, settings.final_sigmas_type === 'sigma_min' ? karras[steps - 1] : 0),
  }
}

/** Standard deviation of the initial latents of a VE sampler. */
export function initialSigma(sigmas: Float32Array, spacing: Spacing): number {
  const max = sigmas.reduce((a, b) => Math.max(a, b))
  if (spacing !== 'leading') return max
  return Math.fround(Math.sqrt(Math.fround(Math.fround(max * max) + 1)))
}
