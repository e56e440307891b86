/**
 * Merges LoRA changes into weights: W + Σ scale · up @ down in float32, written back in W's own dtype. One weight is in
 * memory at a time; the changed ones go to one scratch file a network, the others stay where they are.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fault } from '../faults/fault.ts'
import type { LoraChange, LoraChanges } from './lora.ts'
import { LORA_NETWORKS } from './lora-keys.ts'
import type { ModelParts } from './model.ts'
import type { Network } from './network.ts'
import { fromFloat32, toFloat32 } from './numbers.ts'
import { readBytes } from './safetensors.ts'
import type { Tensor } from './types.ts'
import { streamSafetensors } from './write.ts'

const SCRATCH = 'zihua-merged-'

export interface Merged {
  readonly parts: ModelParts
  /** Deletes the scratch files. Idempotent. */
  dispose(): Promise<void>
}

/**
 * @param root folder for the scratch files: as large as the changed weights (up to 5 GB for an fp16 UNet)
 * @throws StudioError 'cannot-write' where the scratch folder is full; nothing is left behind
 */
export async function mergeLoras(parts: ModelParts, changes: LoraChanges, root = tmpdir()): Promise<Merged> {
  await removeStale(root)
  const folder = await makeScratch(root)
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    const networks = { ...parts.networks }
    for (const kind of LORA_NETWORKS)
      if (changes[kind].size > 0)
        networks[kind] = await mergeNetwork(networks[kind], changes[kind], join(folder, `${kind}.safetensors`))
    return { parts: { ...parts, networks }, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function mergeNetwork(
  network: Network,
  changes: ReadonlyMap<string, LoraChange[]>,
  file: string,
): Promise<Network> {
  const changed = [...changes.keys()].map(key => network.tensors.get(key)!)
  const spans = await streamSafetensors(file, changed, tensor => mergeTensor(tensor, changes.get(tensor.name)!))
  const tensors = new Map(network.tensors)
  for (const tensor of changed) tensors.set(tensor.name, { ...tensor, data: spans.get(tensor.name)! })
  return { ...network, tensors }
}

/** The bytes of W + Σ scale · up @ down. */
export async function mergeTensor(tensor: Tensor, changes: readonly LoraChange[]): Promise<Uint8Array> {
  const { data, dtype, shape } = tensor
  const bytes = data instanceof Uint8Array ? data : await readBytes(data.file, data.offset, data.length)
  // A copy: an F32 tensor's numbers are a view on its bytes.
  const weights = toFloat32(dtype, bytes).slice()
  for (const { file, down, up, rank, scale } of changes) {
    const read = async ({ dtype: type, offset, length }: LoraChange['down']) =>
      toFloat32(type, await readBytes(file, offset, length))
    addProduct(weights, shape[0], await read(up), await read(down), rank, scale)
  }
  return fromFloat32(dtype, weights)
}

/**
 * W (rows, columns) += scale · up (rows, rank) @ down (rank, columns), in place. Four ranks at a time: the sums of a row
 * are loaded and stored a quarter as often, which halves the time.
 */
export function addProduct(
  weights: Float32Array,
  rows: number,
  up: Float32Array,
  down: Float32Array,
  rank: number,
  scale: number,
): void {
  const columns = weights.length / rows
  const sum = new Float32Array(columns)
  /** up[row][r] · scale; 0 beyond the rank, where down is read from its first row. */
  const factor = (row: number, r: number) => (r < rank ? scale * up[row * rank + r] : 0)
  const begin = (r: number) => (r < rank ? r * columns : 0)
  for (let row = 0; row < rows; row++) {
    sum.fill(0)
    for (let r = 0; r < rank; r += 4) {
      const [a, b, c, d] = [factor(row, r), factor(row, r + 1), factor(row, r + 2), factor(row, r + 3)]
      const [i0, i1, i2, i3] = [begin(r), begin(r + 1), begin(r + 2), begin(r + 3)]
      for (let i = 0; i < columns; i++)
        sum[i] += a * down[i0 + i] + b * down[i1 + i] + c * down[i2 + i] + d * down[i3 + i]
    }
    const start = row * columns
    for (let i = 0; i < columns; i++) weights[start + i] += sum[i]
  }
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
