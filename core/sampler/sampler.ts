/** The samplers by name. */
import type { SamplerName } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { createDdim } from './ddim.ts'
import { createDpmpp2m } from './dpmpp-2m.ts'
import { createEuler } from './euler.ts'
import { createEulerAncestral } from './euler-ancestral.ts'
import { createHeun } from './heun.ts'
import { createLcm } from './lcm.ts'
import { type Resolved, resolveSettings } from './settings.ts'
import { createTcd } from './tcd.ts'
import type { Algorithm, NoiseSource, StepResult } from './types.ts'
import { createUniPc } from './unipc.ts'

/** One picture's way from noise to latents. Holds the multistep history: a fresh one a picture, its calls in order. */
export interface Sampler {
  /** One a model call; Heun has 2N - 1. */
  readonly timesteps: Float64Array
  /** One a model call and the one after the last. */
  readonly sigmas: Float32Array
  /** What unit noise is multiplied with to become the initial latents of text-to-image. */
  readonly initNoiseSigma: number
  readonly calls: number
  /** The latents as the model expects them at call i. */
  scaleInput(latents: Float32Array, i: number): Float32Array
  /** From call i to the next. noise is drawn from only by the samplers that need it, in order. */
  step(modelOutput: Float32Array, i: number, latents: Float32Array, noise: NoiseSource): StepResult
  /**
   * Image-to-image: clean latents with noise as at the first timestep. With `call`, as at that call's timestep: for what is kept
   * while the rest is painted again.
   */
  addNoise(original: Float32Array, noise: Float32Array, call?: number): Float32Array
  /** Progress before and after call i, 0..1: what control windows are compared with. */
  stepFraction(i: number): [before: number, after: number]
}

export interface SamplerOptions {
  /** Image-to-image: the share of the steps that is run, 0..1. */
  readonly strength?: number
  /** A diffusers scheduler config over the sampler's own; _class_name picks another class. */
  readonly override?: Readonly<Record<string, unknown>> | null
}

/**
 * @param modelScheduler the model folder's scheduler_config.json: how the model was trained
 * @throws StudioError 'bad-request' for a config value that is not known, or steps or a strength that leave nothing to do
 */
export function createSampler(
  name: SamplerName,
  modelScheduler: Readonly<Record<string, unknown>>,
  steps: number,
  options: SamplerOptions = {},
): Sampler {
  const resolved = resolveSettings(name, modelScheduler, options.override ?? {})
  checkSteps(resolved, steps)
  const algorithm = createAlgorithm(resolved, steps)
  return startAt(algorithm, firstCall(algorithm.order, steps, options.strength ?? 1))
}

function createAlgorithm(resolved: Resolved, steps: number): Algorithm {
  switch (resolved.class) {
    case 'EulerDiscreteScheduler':
      return createEuler(resolved.settings, steps)
    case 'EulerAncestralDiscreteScheduler':
      return createEulerAncestral(resolved.settings, steps)
    case 'HeunDiscreteScheduler':
      return createHeun(resolved.settings, steps)
    case 'DPMSolverMultistepScheduler':
      return createDpmpp2m(resolved.settings, steps)
    case 'UniPCMultistepScheduler':
      return createUniPc(resolved.settings, steps)
    case 'DDIMScheduler':
      return createDdim(resolved.settings, steps)
    case 'LCMScheduler':
      return createLcm(resolved.settings, steps)
    case 'TCDScheduler':
      return createTcd(resolved.settings, steps)
  }
}

/** The multistep solvers divide the training range into one part more than steps. */
function checkSteps(resolved: Resolved, steps: number): void {
  const multistep = resolved.class === 'DPMSolverMultistepScheduler' || resolved.class === 'UniPCMultistepScheduler'
  const most = resolved.settings.num_train_timesteps - (multistep ? 1 : 0)
  if (Number.isInteger(steps) && steps >= 1 && steps <= most) return
  throw fault('stepsWrong', { steps, most })
}

/** Source: diffusers img2img get_timesteps. */
function firstCall(order: number, steps: number, strength: number): number {
  const run = Math.min(Math.trunc(steps * strength), steps)
  if (run >= 1) return (steps - run) * order
  throw fault('strengthTooLow', { strength, steps })
}

function startAt(algorithm: Algorithm, first: number): Sampler {
  const timesteps = algorithm.timesteps.subarray(first)
  const calls = timesteps.length
  return {
    timesteps,
    sigmas: algorithm.sigmas.subarray(first),
    initNoiseSigma: algorithm.initNoiseSigma,
    calls,
    scaleInput: (latents, i) => algorithm.scaleInput(latents, first + i),
    step: (output, i, latents, noise) => algorithm.step(output, first + i, latents, noise),
    addNoise: (original, noise, call = 0) => algorithm.addNoise(original, noise, first + call),
    stepFraction: i => [i / calls, (i + 1) / calls],
  }
}
