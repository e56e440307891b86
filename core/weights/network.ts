/** One network as opened: its config and where each of its tensors lies, under diffusers names. */
import { fault } from '../faults/fault.ts'
import {
  type Dtype,
  dtypeBytes,
  elementCount,
  readHeader,
  type SafetensorsHeader,
  type TensorEntry,
} from './safetensors.ts'
import type { Component, Tensor, WeightDtype } from './types.ts'
import { createWeights, listNames } from './weights.ts'

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

/**
 * Keys that published files carry and no graph uses, with the reason. Everything else that is left over is an error.
 */
const UNUSED_KEYS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/(^|\.)embeddings\.position_ids$/, 'a buffer of 0..76 that older transformers saved; F16, I64 or absent'],
  [/(^|\.)logit_scale$/, "CLIP's contrastive temperature, used in training only"],
  [/^denoiser\.sigmas$/, "sgm's training schedule, which the scheduler's config gives"],
  [/^model_ema\./, 'averages kept for further training'],
  [/^(v_pred|ztsnr)$/, 'marks of a v-prediction checkpoint, read as such by single-file.ts'],
]

/** True for a key that may be left unread. */
export function isLegitimatelyUnused(name: string): boolean {
  return UNUSED_KEYS.some(([pattern]) => pattern.test(name))
}

export function toComponent(network: Network): Component {
  return {
    config: network.config,
    weights: () => createWeights(network.label, network.tensors),
    tensors: () => network.tensors.values(),
  }
}

/** Every tensor of a header where it lies, without the keys that no graph uses. */
export function tensorsInPlace(file: string, header: SafetensorsHeader): Map<string, Tensor> {
  const kept = [...header.tensors].filter(([name]) => !isLegitimatelyUnused(name))
  requireFloats(file, kept)
  return new Map(kept.map(([name, entry]) => [name, inPlace(file, name, entry)]))
}

/** A span of the file as a tensor of a network. The dtype must be one of a weight's. */
export function inPlace(file: string, name: string, entry: TensorEntry): Tensor {
  const { offset, length, shape } = entry
  return { name, dtype: entry.dtype as WeightDtype, shape, data: { file, offset, length } }
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

/** @throws StudioError 'bad-weights' naming the first ten keys that are not F16, BF16 or F32 */
export function requireFloats(file: string, entries: readonly (readonly [string, { readonly dtype: Dtype }])[]): void {
  const wrong = entries
    .filter(([, { dtype }]) => !isWeightDtype(dtype))
    .map(([name, { dtype }]) => `${name} (${dtype})`)
  if (wrong.length > 0) throw fault('weightsNotFloats', { file, count: wrong.length, names: listNames(wrong) })
}

function isWeightDtype(dtype: Dtype): dtype is WeightDtype {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'
}

/** A whole file as a network's tensors. */
export async function openWholeFile(file: string): Promise<ReadonlyMap<string, Tensor>> {
  return tensorsInPlace(file, await readHeader(file))
}
