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

/** One of the pictures that are denoised together. */
export interface Denoised {
  /** Its own: it holds the history of its steps. */
  sampler: Sampler
  noise: NoiseSource
  /** Where it stands. */
  latents: Float32Array
  /** What of it stays as it was. */
  kept: Kept | null
}

/** The state after one call of the model. */
export interface DenoisingStep {
  /** From 0. */
  index: number
  /** Of each picture, the clean latents as the model sees them at this step. */
  originals: readonly Float32Array[]
}

/** One call of the model after another, from the given latents of each picture to the clean ones, which take their place. */
export async function* denoise(
  { denoiser, prepared, fuser, controls, guidanceScale }: DenoisingTask,
  pictures: readonly Denoised[],
): AsyncGenerator<DenoisingStep> {
  const { sampler } = pictures[0]
  for (let index = 0; index < sampler.calls; index++) {
    const predicted = await denoiser.predict({
      prepared,
      latents: joined(pictures.map(each => each.sampler.scaleInput(each.latents, index))),
      timestep: sampler.timesteps[index],
      control: fuser && (await controlAt(fuser, scalesAt(controls, sampler.stepFraction(index)))),
      guidanceScale,
    })
    requireFinite(predicted, `the UNet at step ${index + 1}`)
    const originals = pictures.map((picture, row) => {
      const { latents, noise, kept } = picture
      const own = predicted.subarray(row * latents.length, (row + 1) * latents.length)
      const next = picture.sampler.step(own, index, latents, () => noise.next())
      picture.latents = kept ? keep(next.latents, kept, picture.sampler, index) : next.latents
      return next.predOriginal
    })
    yield { index, originals }
  }
}

/** Rows of one array. */
function joined(rows: readonly Float32Array[]): Float32Array {
  if (rows.length === 1) return rows[0]
  const all = new Float32Array(rows.length * rows[0].length)
  rows.forEach((row, i) => {
    all.set(row, i * row.length)
  })
  return all
}

/**
 * One control: its picture enters unscaled and the residuals carry the scale, so outside its window the network need
 * not run at all. Two or more: the scales act in the fuser, and the residuals are not zero even when all scales are.
 */
async function controlAt(fuser: Fuser, scales: readonly number[]): Promise<ControlInput | null> {
  if (scales.length > 1) return { fuser: await fuser.at(scales), scale: 1 }
  return scales[0] === 0 ? null : { fuser: await fuser.at([1]), scale: scales[0] }
}
