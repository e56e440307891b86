/**
 * Merges LoRA changes into weights in float32, written back in the weight's own dtype. One weight is in
 * memory at a time; the changed ones go to one scratch file a network, the others stay where they are.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fault } from '../faults/fault.ts'
import type { LoraChange, LoraChanges } from './lora.ts'
import { LORA_NETWORKS, type LoraPart } from './lora-keys.ts'
import { applyMethod, type Parts, type Values } from './lora-methods.ts'
import { type AddLowRank, addLowRankPlainly, joinLowRanks, type LowRank } from './low-rank.ts'
import type { ModelParts } from './model.ts'
import type { Network } from './network.ts'
import { fromFloat32, toFloat32 } from './numbers.ts'
import { readBytes, type TensorEntry } from './safetensors.ts'
import type { Tensor } from './types.ts'
import { streamSafetensors } from './write.ts'

const SCRATCH = 'zihua-merged-'

/** Is the file one that lasts as long as an opened model? */
export const isScratch = (file: string): boolean => basename(dirname(file)).startsWith(SCRATCH)

export interface MergeOptions {
  /** Folder for the scratch files: as large as the changed weights (up to 5 GB for an fp16 UNet). */
  readonly root?: string | undefined
  /** How W + up @ down is computed. */
  readonly addLowRank?: AddLowRank | undefined
}

export interface Merged {
  readonly parts: ModelParts
  /** Deletes the scratch files. Idempotent. */
  dispose(): Promise<void>
}

/**
 * @throws StudioError 'cannot-write' where the scratch folder is full; nothing is left behind
 */
export async function mergeLoras(
  parts: ModelParts,
  changes: LoraChanges,
  { root = tmpdir(), addLowRank = addLowRankPlainly }: MergeOptions = {},
): Promise<Merged> {
  await removeStale(root)
  const folder = await makeScratch(root)
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    const networks = { ...parts.networks }
    for (const kind of LORA_NETWORKS)
      if (changes[kind].size > 0)
        networks[kind] = await mergeNetwork(
          networks[kind],
          changes[kind],
          join(folder, `${kind}.safetensors`),
          addLowRank,
        )
    return { parts: { ...parts, networks }, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function mergeNetwork(
  network: Network,
  changes: ReadonlyMap<string, readonly LoraChange[]>,
  file: string,
  addLowRank: AddLowRank,
): Promise<Network> {
  const changed = [...changes.keys()].map(key => network.tensors.get(key)!)
  const spans = await streamSafetensors(
    file,
    changed,
    tensor => mergeTensor(tensor, changes.get(tensor.name)!, addLowRank),
    {},
    { durable: false },
  )
  const tensors = new Map(network.tensors)
  for (const tensor of changed) tensors.set(tensor.name, { ...tensor, data: spans.get(tensor.name)! })
  return { ...network, tensors }
}

/** The bytes of a weight with its changes, one after another. */
export async function mergeTensor(
  tensor: Tensor,
  changes: readonly LoraChange[],
  addLowRank: AddLowRank = addLowRankPlainly,
): Promise<Uint8Array> {
  const { data, dtype, shape } = tensor
  const bytes = data instanceof Uint8Array ? data : await readBytes(data.file, data.offset, data.length)
  if (changes.every(isLowRank)) {
    const change = joinLowRanks(await Promise.all(changes.map(each => lowRankOf(each, shape))))
    return (await addLowRank(dtype, bytes, change)) ?? (await addLowRankPlainly(dtype, bytes, change))!
  }
  // A copy: an F32 tensor's numbers are a view on its bytes.
  const weights = toFloat32(dtype, bytes).slice()
  for (const change of changes) applyMethod(change.method, weights, shape, await readParts(change), change)
  return fromFloat32(dtype, weights)
}

const isLowRank = ({ method, parts }: LoraChange): boolean => method === 'lora' && !parts.mid && !parts.dora_scale

async function lowRankOf(change: LoraChange, [rows]: readonly number[]): Promise<LowRank> {
  const { up, down } = await readParts(change)
  const strength = change.scale * change.weight
  const rank = down!.shape[0]
  const columns = down!.data.length / rank
  return { rows, columns, rank, up: up!.data.map(value => value * strength), down: down!.data }
}

/** @throws StudioError 'bad-weights' naming the LoRA's file where a number of it is not finite */
async function readParts({ file, module, parts }: LoraChange): Promise<Parts> {
  const read: Partial<Record<LoraPart, Values>> = {}
  for (const [part, { dtype, shape, offset, length }] of Object.entries(parts) as [LoraPart, TensorEntry][]) {
    const data = toFloat32(dtype, await readBytes(file, offset, length))
    if (!data.every(Number.isFinite)) throw fault('loraNotFinite', { file, name: `${module}.${part}` })
    read[part] = { shape, data }
  }
  return read
}

async function makeScratch(root: string): Promise<string> {
  return mkdtemp(join(root, `${SCRATCH}${process.pid}-`)).catch((cause: Error) => {
    throw fault('scratchUnwritable', { folder: root, reason: cause.message }, { cause })
  })
}

/** A killed process leaves gigabytes behind: the folders of processes that are gone are removed. */
async function removeStale(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const pid = name.startsWith(SCRATCH) ? Number.parseInt(name.slice(SCRATCH.length), 10) : Number.NaN
    if (pid > 0 && !isRunning(pid)) await rm(join(root, name), { recursive: true, force: true }).catch(() => {})
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
