/**
 * From noise to latents of a picture, one step after another; a picture that is larger than the model's in tiles, whose
 * predictions are averaged where they overlap, each weighed by how far a pixel lies inside it.
 * Source of the tiles: Barbero Jiménez, Mixture of Diffusers (arXiv 2302.02412), which averages predicted noise; Bar-Tal et
 * al., MultiDiffusion (arXiv 2302.08113), eq. 5, for the weighted mean. Weights: core/engine/tiles.ts.
 */
import type { DenoiserInputs } from '../engine/context.ts'
import type { ControlInput } from '../engine/control-network.ts'
import type { Denoiser, Prepared } from '../engine/denoiser.ts'
import { cutTile, TileBlend, type Tiling, tileCount, tilesOf } from '../engine/tiles.ts'
import { fault } from '../faults/fault.ts'
import type { Sampler } from '../sampler/sampler.ts'
import { scalesAt, TileFusers } from './control.ts'
import { requireFinite } from './finite.ts'
import type { ControlPicture, PipelineJob } from './job.ts'
import type { NoiseSource } from './noise-source.ts'
import { type Kept, keep } from './repaint.ts'

/** All that stays the same for the steps of one picture. */
export interface DenoisingTask {
  denoiser: Denoiser
  prepared: Prepared
  /** null without control pictures. */
  fusers: TileFusers | null
  /** Of the latents. */
  tiling: Tiling
  controls: readonly ControlPicture[]
  guidanceScale: number
}

/** Reads the texts and, the heavy part of a control picture, each of the pictures: once, whatever their weights. */
export async function prepareDenoising(
  denoiser: Denoiser,
  inputs: DenoiserInputs,
  { controls, guidanceScale }: Pick<PipelineJob, 'controls' | 'guidanceScale'>,
  tiling: Tiling,
  sampler: Sampler,
): Promise<DenoisingTask> {
  const modes = controls.map(control => control.mode)
  const { control } = denoiser
  const unknown = modes.find(mode => control && mode >= control.modes)
  if (control && unknown !== undefined) throw fault('controlKindUnknown', { known: control.modes, kind: unknown })
  const fusers = control && (await TileFusers.open(control, controls, tiling))
  const prepared = await denoiser.prepare(inputs, modes)
  if (fusers && tileCount(tiling) > 1) {
    const scales = scalesAt(controls, sampler.stepFraction(0))
    await fusers.read(scales.length > 1 ? scales : [1])
  }
  return { denoiser, prepared, fusers, tiling, controls, guidanceScale }
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
  /** From 0: of the step, and of the tile within it. */
  index: number
  tile: number
  /** Of each picture, the clean latents as the model sees them at this step; null while tiles of it are missing. */
  originals: readonly Float32Array[] | null
}

/** One call of the model after another, from the given latents of each picture to the clean ones, which take their place. */
export async function* denoise(
  task: DenoisingTask,
  pictures: readonly Denoised[],
  { height, width }: { height: number; width: number },
): AsyncGenerator<DenoisingStep> {
  const { sampler } = pictures[0]
  const { tiling } = task
  const planes = (pictures.length * pictures[0].latents.length) / (height * width)
  const last = tileCount(tiling) - 1
  for (let index = 0; index < sampler.calls; index++) {
    const latents = joined(pictures.map(each => each.sampler.scaleInput(each.latents, index)))
    const blend = last === 0 ? null : new TileBlend(planes, height, width, tiling)
    let predicted = latents
    let tile = 0
    for (const { row, column, at } of tilesOf(tiling)) {
      const part = blend ? cutTile(latents, [planes, height, width], at, tiling) : latents
      predicted = await predictTile(task, sampler, index, tile, part)
      blend?.add(row, column, predicted)
      if (tile < last) yield { index, tile, originals: null }
      tile++
    }
    if (blend) predicted = blend.finish()
    requireFinite(predicted, `the UNet at step ${index + 1}`)
    const originals = pictures.map((picture, row) => {
      const { latents, noise, kept } = picture
      const own = predicted.subarray(row * latents.length, (row + 1) * latents.length)
      const next = picture.sampler.step(own, index, latents, () => noise.next())
      picture.latents = kept ? keep(next.latents, kept, picture.sampler, index) : next.latents
      return next.predOriginal
    })
    yield { index, tile: last, originals }
  }
}

/** @param latents of the tile, (pictures · 4, height, width), scaled as the model reads them */
async function predictTile(
  { denoiser, prepared, fusers, controls, guidanceScale }: DenoisingTask,
  sampler: Sampler,
  index: number,
  tile: number,
  latents: Float32Array,
): Promise<Float32Array> {
  const control = fusers && (await controlAt(fusers, tile, scalesAt(controls, sampler.stepFraction(index))))
  return denoiser.predict({ prepared, latents, timestep: sampler.timesteps[index], control, guidanceScale })
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
async function controlAt(fusers: TileFusers, tile: number, scales: readonly number[]): Promise<ControlInput | null> {
  if (scales.length > 1) return { fuser: await fusers.at(tile, scales), scale: 1 }
  return scales[0] === 0 ? null : { fuser: await fusers.at(tile, [1]), scale: scales[0] }
}
