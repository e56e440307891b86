import { fault } from '../faults/fault.ts'
import { createNoise } from '../sampler/noise.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readHeader, readTensor } from '../weights/safetensors.ts'
import type { TensorReference } from './job.ts'

/** Everything random about one picture, drawn in order: initial latents first, or an init picture's two draws, then the sampler's. */
export interface NoiseSource {
  /** The initial latents of text-to-image, unit variance. */
  initial(): Float32Array
  next(): Float32Array
}

export interface Replay {
  /** The initial latents. */
  latents: TensorReference | null
  /** prefix.0, prefix.1 … in draw order. */
  noise: TensorReference | null
}

/**
 * The noise of a seed, the same on every machine; a replay's latents and draws come from its files instead, read up
 * front. `picture` is the row to read from tensors that hold several pictures.
 */
export async function openNoise(
  seed: number,
  replay: Replay,
  picture: number,
  shape: readonly number[],
): Promise<NoiseSource> {
  const seeded = createNoise(seed, 0)
  const length = shape.reduce((a, b) => a * b)
  const latents = replay.latents === null ? null : await readRow(replay.latents, picture, shape)
  const draws = replay.noise === null ? null : await readDraws(replay.noise, picture, shape)
  const next = () => {
    if (!draws) return seeded.next(length)
    const draw = draws.shift()
    if (draw) return draw
    throw fault('noiseTooShort', { noise: replay.noise ?? '' })
  }
  return { initial: () => latents ?? next(), next }
}

async function readDraws(prefix: TensorReference, picture: number, shape: readonly number[]): Promise<Float32Array[]> {
  const [file, name] = split(prefix)
  const { tensors } = await readHeader(file)
  const draws: Float32Array[] = []
  while (tensors.has(`${name}.${draws.length}`)) draws.push(await readRow(`${prefix}.${draws.length}`, picture, shape))
  return draws
}

function split(reference: TensorReference): [file: string, name: string] {
  const at = reference.lastIndexOf('#')
  if (at > 0) return [reference.slice(0, at), reference.slice(at + 1)]
  throw fault('tensorUnnamed', { reference })
}

async function readRow(reference: TensorReference, picture: number, shape: readonly number[]): Promise<Float32Array> {
  const [file, name] = split(reference)
  if (!(await readHeader(file)).tensors.has(name)) {
    throw fault('latentsMissing', { file, name })
  }
  const tensor = await readTensor(file, name)
  const values = toFloat32(tensor.dtype, tensor.data)
  const length = shape.reduce((a, b) => a * b)
  if (values.length % length !== 0 || values.length / length <= picture) {
    throw fault('latentsMisshapen', {
      ...{ file, name, shape: tensor.shape.join('×'), picture: picture + 1, wanted: shape.join('×') },
    })
  }
  return values.slice(picture * length, (picture + 1) * length)
}
