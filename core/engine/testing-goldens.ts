/** The golden sets of the networks, as tests of several providers read them: sdxl/clip, unet, controlnet_union, vae. */
import { join } from 'node:path'
import sharp from 'sharp'
import { fixture } from '../testing/fixtures.ts'
import { openNetwork } from '../weights/folder.ts'
import { type NetworkKind, toComponent } from '../weights/network.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readHeader, readTensor } from '../weights/safetensors.ts'
import type { DenoiserInputs } from './context.ts'

/** Folders; null where a set is not there. */
export const sets = {
  clip: fixture('sdxl/clip'),
  unet: fixture('sdxl/unet'),
  controlnet_union: fixture('sdxl/controlnet_union'),
  vae: fixture('sdxl/vae'),
}
type SetName = keyof typeof sets

/** "unet/io_16x16.safetensors" → its path. */
export const at = (path: string): string => join(sets[path.split('/')[0] as SetName]!, '..', path)

export async function component(kind: NetworkKind, path: string, variant: string | null = null) {
  return toComponent(await openNetwork(kind, at(path), { variant }))
}

/** All tensors of a file as floats. */
export async function load(file: string) {
  const path = at(file)
  const names = [...(await readHeader(path)).tensors.keys()]
  const entries = await Promise.all(
    names.map(async name => {
      const { dtype, data, shape } = await readTensor(path, name)
      return [name, { data: toFloat32(dtype, data), shape }] as const
    }),
  )
  const tensors = Object.fromEntries(entries)
  return { tensors, get: (name: string) => tensors[name].data }
}

/** NaN where a value is; throws where the lengths differ. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values in place of ${b.length}`)
  let max = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i])
    if (!(difference <= max)) max = difference // NaN too
  }
  return max
}

export const inputsOf = (get: (name: string) => Float32Array): DenoiserInputs => ({
  encoderHiddenStates: get('encoder_hidden_states'),
  textEmbeds: get('text_embeds'),
  timeIds: get('time_ids'),
})

/** ProMax's tile and repaint cases were made with pictures of other kinds. */
const STAND_INS: Record<string, string> = { tileX: 'segment', repaintX: 'depth' }

/** A control picture as the network reads it: (3, height, width) in 0..1. */
export async function picture(types: string, width: number, height: number, control: string): Promise<Float32Array> {
  const name = STAND_INS[control] ?? control
  const file = at(`controlnet_union/${types}/control_${width}x${height}_${name}.png`)
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const area = info.width * info.height
  return Float32Array.from(
    { length: 3 * area },
    (_, i) => data[(i % area) * info.channels + Math.floor(i / area)] / 255,
  )
}

export interface GoldenCase {
  controls: string[]
  control_type_idx: number[]
  conditioning_scale: number | number[]
  guess_mode: boolean
}
