/** From noise to latents of a picture, one step after another. */
import type { DenoiserInputs } from '../engine/context.ts'
import type { ControlInput } from '../engine/control-network.ts'
import type { Denoiser, Prepared } from '../engine/denoiser.ts'
import { fault } from '../faults/fault.ts'
import type { Sampler } from '../sampler/sampler.ts'
import { Fuser, imageToTensor, scalesAt } from './control.ts'
import { requireFinite } from './finite.ts'
import type { ControlPicture, PipelineJob } from './job.ts'
import type { NoiseSource } from './noise-source.ts'
import { type Kept, keep } from './repaint.ts'

/** All that stays the same for the steps of one picture. */
export interface DenoisingTask {
  denoiser: Denoiser
  prepared: Prepared
  /** null without control pictures. */
  fuser: Fuser | null
  controls: readonly ControlPicture[]
  guidanceScale: number
}

/** Reads the texts and, the heavy part of a control picture, each of the pictures: once, whatever their weights. */
export async function prepareDenoising(
  denoiser: Denoiser,
  inputs: DenoiserInputs,
  { controls, guidanceScale }: Pick<PipelineJob, 'controls' | 'guidanceScale'>,
): Promise<DenoisingTask> {
  const modes = controls.map(control => control.mode)
  const { control } = denoiser
  const unknown = modes.find(mode => control && mode >= control.modes)
  if (control && unknown !== undefined) throw fault('controlKindUnknown', { known: control.modes, kind: unknown })
  const conditions = []
  if (control) {
    for (const { image, mode } of controls) conditions.push(await control.condition(imageToTensor(image), mode))
  }
  const prepared = await denoiser.prepare(inputs, modes)
  return { denoiser, prepared, fuser: control && new Fuser(control, conditions), controls, guidanceScale }
}

/** The state after one call of the model. */
export interface DenoisingStep {
  /** From 0. */
  index: number
  latents: Float32Array
  /** The clean latents as the model sees them at this step. */
  original: Float32Array
}

/** One call of the model after another, from the given latents to the clean ones. */
export async function* denoise(
  { denoiser, prepared, fuser, controls, guidanceScale }: DenoisingTask,
  sampler: Sampler,
  start: Float32Array,
  noise: NoiseSource,
  kept: Kept | null = null,
): AsyncGenerator<DenoisingStep> {
  let latents = start
  for (let index = 0; index < sampler.calls; index++) {
    const predicted = await denoiser.predict({
      prepared,
      latents: sampler.scaleInput(latents, index),
      timestep: sampler.timesteps[index],
      control: fuser && (await controlAt(fuser, scalesAt(controls, sampler.stepFraction(index)))),
      guidanceScale,
    })
    requireFinite(predicted, `the UNet at step ${index + 1}`)
    const next = sampler.step(predicted, index, latents, () => noise.next())
    latents = kept ? keep(next.latents, kept, sampler, index) : next.latents
    yield { index, latents, original: next.predOriginal }
  }
}

/**
 * One control: its picture enters unscaled and the residuals carry the scale, so outside its window the network need
 * not run at all. Two or more: the scales act in the fuser, and the residuals are not zero even when all scales are.
 */
async function controlAt(fuser: Fuser, scales: readonly number[]): Promise<ControlInput | null> {
  if (scales.length > 1) return { fuser: await fuser.at(scales), scale: 1 }
  return scales[0] === 0 ? null : { fuser: await fuser.at([1]), scale: scales[0] }
}
