/** What every sampler is made of. */

/** Fresh N(0, 1) noise, as long as the latents; drawn in order. */
export type NoiseSource = () => Float32Array

export interface StepResult {
  /** The latents after the step. */
  latents: Float32Array
  /** The clean latents as the model sees them at this step: what a preview shows. */
  predOriginal: Float32Array
}

/** One algorithm over its whole schedule; index counts model calls from the noisiest. History lives inside. */
export interface Algorithm {
  /** One a model call. */
  readonly timesteps: Float64Array
  /** One a model call and the one after the last. */
  readonly sigmas: Float32Array
  /** Model calls a step: 2 for Heun. */
  readonly order: 1 | 2
  /** What unit noise is multiplied with to become the initial latents. */
  readonly initNoiseSigma: number
  scaleInput(latents: Float32Array, index: number): Float32Array
  step(modelOutput: Float32Array, index: number, latents: Float32Array, noise: NoiseSource): StepResult
  addNoise(original: Float32Array, noise: Float32Array, index: number): Float32Array
}
