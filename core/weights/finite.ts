/** Finds NaN and infinity in weights before they become a grey picture. */
import { stat } from 'node:fs/promises'
import { fault } from '../faults/fault.ts'
import { readBytes } from './safetensors.ts'
import type { Component, Tensor, WeightDtype } from './types.ts'

/** Bytes read at a time. */
const CHUNK = 1 << 24

/** Tensors that were found finite, by file, time of change, size and span. */
const checked = new Set<string>()

export interface FiniteOptions {
  /** Only tensors of at most this many bytes; the norms and biases of a network are a few MB, and a broken training shows there too. */
  readonly maxBytes?: number
}

/**
 * Reads tensors in pieces and looks at every number's exponent; what was found finite is not read again while its file
 * is unchanged.
 * @throws StudioError 'bad-weights' naming the tensor
 */
export async function assertFinite(component: Component, options: FiniteOptions = {}): Promise<void> {
  const { maxBytes = Number.POSITIVE_INFINITY } = options
  for (const tensor of component.tensors()) {
    if (tensor.data.length > maxBytes) continue
    const key = await cacheKey(tensor)
    if (key !== null && checked.has(key)) continue
    if (!(await isFiniteTensor(tensor)))
      throw fault('weightsNotFinite', { label: component.weights().label, tensor: tensor.name })
    if (key !== null) checked.add(key)
  }
}

async function cacheKey({ data }: Tensor): Promise<string | null> {
  if (data instanceof Uint8Array) return null
  const { mtimeMs, size } = await stat(data.file)
  return [data.file, mtimeMs, size, data.offset, data.length].join('\0')
}

async function isFiniteTensor({ data, dtype }: Tensor): Promise<boolean> {
  if (data instanceof Uint8Array) return isFiniteSpan(data, dtype)
  for (let done = 0; done < data.length; done += CHUNK) {
    const bytes = await readBytes(data.file, data.offset + done, Math.min(CHUNK, data.length - done))
    if (!isFiniteSpan(bytes, dtype)) return false
  }
  return true
}

export const areFinite = (values: Float32Array): boolean =>
  isFiniteSpan(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 'F32')

/** An exponent of all ones is infinity or NaN. Little endian: the exponent lies in the last bytes of a number. */
export function isFiniteSpan(bytes: Uint8Array, dtype: WeightDtype): boolean {
  const size = dtype === 'F32' ? 4 : 2
  const mask = dtype === 'F16' ? 0x7c00 : 0x7f80
  for (let i = size - 2; i < bytes.length; i += size)
    if (((bytes[i] | (bytes[i + 1] << 8)) & mask) === mask) return false
  return true
}
