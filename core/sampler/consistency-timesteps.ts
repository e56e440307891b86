/** Timesteps of the consistency models, LCM and TCD: taken from the ones of their distillation. */
import { fault } from '../faults/fault.ts'

export interface ConsistencySettings {
  readonly num_train_timesteps: number
  readonly original_inference_steps: number
  /** In their stead: exactly these, from the noisiest to the cleanest. */
  readonly timesteps?: readonly number[] | undefined
}

/**
 * (steps), evenly from the timesteps of the distillation, the noisiest first. Source: diffusers LCMScheduler and TCDScheduler,
 * set_timesteps, which are the same here.
 * @throws StudioError 'bad-request' for more steps than the distillation had, or given timesteps that do not fit
 */
export function consistencyTimesteps(
  settings: ConsistencySettings,
  steps: number,
  sampler: 'lcm' | 'tcd',
): Float64Array {
  const { original_inference_steps: original, num_train_timesteps: trained, timesteps: given } = settings
  if (given) {
    const falls = given.every((t, i) => t < (i === 0 ? trained : given[i - 1]))
    if (!falls || given.length !== steps) throw fault('timestepsWrong', { steps, most: trained - 1 })
    return Float64Array.from(given)
  }
  if (steps > original || original > trained)
    throw fault('consistencyStepsWrong', {
      sampler,
      steps: Math.max(steps, original),
      most: Math.min(original, trained),
    })
  const stride = Math.floor(trained / original)
  return Float64Array.from({ length: steps }, (_, i) => (original - Math.floor((i * original) / steps)) * stride - 1)
}
