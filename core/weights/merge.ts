/**
 * Merges LoRA changes into weights in float32, written back in the weight's own dtype. The changed ones go to one scratch
 * file a network, the others stay where they are. Three weights are in memory: one is written while the next is computed
 * and the one after it is read.
 */
import { join } from 'node:path'
import { fault } from '../faults/fault.ts'
import { awaitedLater } from '../files/awaited-later.ts'
import { areFinite, isFiniteSpan } from './finite.ts'
import type { LoraChange, LoraChanges } from './lora.ts'
import { LORA_NETWORKS, type LoraPart } from './lora-keys.ts'
import { applyMethod, type Parts, type Values } from './lora-methods.ts'
import { type AddLowRank, addLowRankPlainly, joinLowRanks, type LowRank, productBy } from './low-rank.ts'
import type { ModelParts } from './model.ts'
import type { Network } from './network.ts'
import { fromFloat32, toFloat32 } from './numbers.ts'
import { dtypeBytes, elementCount, type TensorEntry } from './safetensors.ts'
import { SpanReader } from './span-reader.ts'
import type { Tensor } from './types.ts'
import { streamSafetensors } from './write.ts'

/**
 * @param folder for the changed weights
 * @param addLowRank how W + up @ down is computed
 * @throws StudioError 'cannot-write' where the folder is full, 'bad-weights'
 */
export async function mergeLoras(
  parts: ModelParts,
  changes: LoraChanges,
  folder: string,
  addLowRank: AddLowRank = addLowRankPlainly,
): Promise<ModelParts> {
  const networks = { ...parts.networks }
  for (const kind of LORA_NETWORKS)
    if (changes[kind].size > 0)
      networks[kind] = await mergeNetwork(
        networks[kind],
        changes[kind],
        join(folder, `${kind}.safetensors`),
        addLowRank,
      )
  return { ...parts, networks }
}

async function mergeNetwork(
  network: Network,
  changes: ReadonlyMap<string, readonly LoraChange[]>,
  file: string,
  addLowRank: AddLowRank,
): Promise<Network> {
  const changed = [...changes.keys()].map(key => network.tensors.get(key)!)
  await using reader = new SpanReader()
  const buffers = { read: [new Growing(), new Growing()], merged: [new Growing(), new Growing()] }
  const load = (index: number) => {
    const tensor = changed[index]
    return awaitedLater(loadTensor(tensor, changes.get(tensor.name)!, reader, buffers.read[index % 2]))
  }
  let ahead = load(0)
  const produce = async (tensor: Tensor, index: number) => {
    const loaded = await ahead
    if (index + 1 < changed.length) ahead = load(index + 1)
    return mergeLoaded(tensor, loaded, addLowRank, buffers.merged[index % 2])
  }
  try {
    const spans = await streamSafetensors(file, changed, produce, {}, { durable: false })
    const tensors = new Map(network.tensors)
    for (const tensor of changed) tensors.set(tensor.name, { ...tensor, data: spans.get(tensor.name)! })
    return { ...network, tensors }
  } finally {
    // What is still being read would meet a closed file.
    await ahead.catch(() => {})
  }
}

/** The bytes of a weight with its changes, one after another. */
export async function mergeTensor(tensor: Tensor, changes: readonly LoraChange[]): Promise<Uint8Array> {
  await using reader = new SpanReader()
  const loaded = await loadTensor(tensor, changes, reader, new Growing())
  return mergeLoaded(tensor, loaded, addLowRankPlainly, new Growing())
}

/** Memory that is used again: fresh pages for gigabytes of weights cost as much time as the arithmetic. */
class Growing {
  #buffer = Buffer.allocUnsafeSlow(0)
  /** The first bytes, as many as asked for, with whatever they hold. */
  take(length: number): Buffer {
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length)
    return this.#buffer.subarray(0, length)
  }
}

/** A weight's bytes and the numbers of what changes it: one low rank where every change is one, else each for itself. */
interface Loaded {
  readonly bytes: Uint8Array
  readonly change: LowRank | readonly { change: LoraChange; parts: Parts }[]
  /** The change to name where the weight comes out infinite; null where none reaches that far. */
  readonly suspect: LoraChange | null
}

/** Far above what a change adds to a weight, and far below what fp16 holds: only beyond it is the sum looked through. */
const USUAL = 1000

async function loadTensor(
  { data, shape }: Tensor,
  changes: readonly LoraChange[],
  reader: SpanReader,
  buffer: Growing,
): Promise<Loaded> {
  const bytes =
    data instanceof Uint8Array ? data : await reader.read(data.file, data.offset, data.length, buffer.take(data.length))
  const read: { change: LoraChange; parts: Parts }[] = []
  for (const change of changes) read.push({ change, parts: await readParts(change, reader) })
  if (!changes.every(isLowRank)) return { bytes, change: read, suspect: changes[0] }
  const ranks = read.map(({ change, parts }) => toLowRank(change, parts, shape))
  const reaches = ranks.map(({ up, down, rank }) => greatest(up) * greatest(down) * rank)
  const most = Math.max(...reaches)
  return { bytes, change: joinLowRanks(ranks), suspect: most > USUAL ? changes[reaches.indexOf(most)] : null }
}

function greatest(values: Float32Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]))
  return most
}

async function mergeLoaded(
  { dtype, shape }: Tensor,
  { bytes, change, suspect }: Loaded,
  addLowRank: AddLowRank,
  buffer: Growing,
): Promise<Uint8Array> {
  /** The model's own NaN is the model's fault, and told as such when the network is checked. */
  const checked = (merged: Uint8Array) => {
    if (suspect && !isFiniteSpan(merged, dtype) && isFiniteSpan(bytes, dtype))
      throw fault('loraNotFinite', { file: suspect.file, name: suspect.module })
    return merged
  }
  if ('rank' in change) {
    const merged = buffer.take(elementCount(shape) * dtypeBytes(dtype))
    await addLowRank(dtype, bytes, change, merged)
    return checked(merged)
  }
  // A copy: an F32 tensor's numbers are a view on its bytes.
  const weights = toFloat32(dtype, bytes).slice()
  const product = productBy(addLowRank)
  for (const { change: each, parts } of change) await applyMethod(each.method, weights, shape, parts, each, product)
  return checked(fromFloat32(dtype, weights))
}

const isLowRank = ({ method, parts }: LoraChange): boolean => method === 'lora' && !parts.mid && !parts.dora_scale

function toLowRank({ scale, weight }: LoraChange, { up, down }: Parts, [rows]: readonly number[]): LowRank {
  const rank = down!.shape[0]
  const columns = down!.data.length / rank
  const scaled = new Float32Array(up!.data.length)
  for (let i = 0; i < scaled.length; i++) scaled[i] = up!.data[i] * scale * weight
  return { rows, columns, rank, up: scaled, down: down!.data }
}

/** @throws StudioError 'bad-weights' naming the LoRA's file where a number of it is not finite */
async function readParts({ file, module, parts }: LoraChange, reader: SpanReader): Promise<Parts> {
  const read: Partial<Record<LoraPart, Values>> = {}
  for (const [part, { dtype, shape, offset, length }] of Object.entries(parts) as [LoraPart, TensorEntry][]) {
    const data = toFloat32(dtype, await reader.read(file, offset, length))
    if (!areFinite(data)) throw fault('loraNotFinite', { file, name: `${module}.${part}` })
    read[part] = { shape, data }
  }
  return read
}
