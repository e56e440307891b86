/** One network as opened: its config and where each of its tensors lies, under diffusers names. */
import { isNeverRead } from './left-over.ts'
import { dtypeBytes, elementCount } from './safetensors.ts'
import type { Component, Tensor, WeightDtype } from './types.ts'
import { createWeights } from './weights.ts'
import type { PlacedEntry, WeightsFile } from './weights-file.ts'

export type Config = Readonly<Record<string, unknown>>

/** The five networks of a model, named as in a Hugging Face folder. */
export type NetworkKind = 'text_encoder' | 'text_encoder_2' | 'unet' | 'vae' | 'controlnet'

export interface Network {
  readonly kind: NetworkKind
  /** "unet of /models/sdxl" */
  readonly label: string
  readonly config: Config
  readonly tensors: ReadonlyMap<string, Tensor>
  /** The files that the tensors lie in. */
  readonly files: readonly string[]
}

export function toComponent(network: Network): Component {
  return {
    config: network.config,
    weights: () => createWeights(network.label, network.tensors),
    tensors: () => network.tensors.values(),
  }
}

/** Every tensor of a file where it lies, without the keys that no network reads. */
export function tensorsInPlace({ tensors }: WeightsFile): Map<string, Tensor> {
  const kept = [...tensors].filter(([name]) => !isNeverRead(name))
  return new Map(kept.map(([name, entry]) => [name, inPlace(name, entry)]))
}

/** A span of a file as a tensor of a network. Another dtype than a weight's is refused where the network takes it. */
export function inPlace(name: string, { file, offset, length, shape, dtype }: PlacedEntry): Tensor {
  return { name, dtype: dtype as WeightDtype, shape, data: { file, offset, length } }
}

/** Rows [begin, end) of a tensor in place, as a tensor of their own. */
export function rows(tensor: Tensor, name: string, begin: number, end: number): Tensor {
  const shape = [end - begin, ...tensor.shape.slice(1)]
  const row = dtypeBytes(tensor.dtype) * elementCount(tensor.shape.slice(1))
  if (tensor.data instanceof Uint8Array)
    return { name, dtype: tensor.dtype, shape, data: tensor.data.subarray(begin * row, end * row) }
  const { file, offset } = tensor.data
  return { name, dtype: tensor.dtype, shape, data: { file, offset: offset + begin * row, length: (end - begin) * row } }
}
