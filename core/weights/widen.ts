/**
 * Quantised weights are written once as floats that graphs read in place, into a file of the data folder's cache:
 *
 *     F64            → F32, rounded
 *     F8_E4M3, F8_E5M2 → F16, exactly; with a scale: value · scale, rounded once
 *     I8 with a scale  → F16, value · scale, rounded once
 *
 * Scales stand beside their weight: "X.scale_weight" (ComfyUI's scaled_fp8, Kohya's musubi-tuner), "X.weight_scale"
 * (ComfyUI's comfy_quant, compressed-tensors), "X.weight.scale", "X.SCB" (bitsandbytes: row's greatest absolute value, 127 of it
 * is 1). One number for the tensor, one a row, or one a block of a row: [rows, blocks, 1].
 */
import { createHash } from 'node:crypto'
import { readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../faults/fault.ts'
import { dataFolder } from '../files/data-folder.ts'
import { makeFolder } from '../files/durable.ts'
import { float8Table } from './float8.ts'
import { isNeverRead } from './left-over.ts'
import { fromFloat32, toFloat32 } from './numbers.ts'
import {
  dtypeBytes,
  elementCount,
  readBytes,
  readHeader,
  type SafetensorsHeader,
  type TensorEntry,
} from './safetensors.ts'
import type { WeightDtype } from './types.ts'
import { streamSafetensors } from './write.ts'

export interface WidenedTensor {
  readonly name: string
  readonly source: TensorEntry
  /** null: the numbers are their own. */
  readonly scale: { entry: TensorEntry; divisor: number } | null
  readonly shape: readonly number[]
  readonly dtype: WeightDtype
}

export interface Widening {
  readonly tensors: readonly WidenedTensor[]
  /** Names of the scales that are used up. */
  readonly scales: ReadonlySet<string>
  /** What the copy will take on disk, without its header. */
  readonly bytes: number
}

/** Which tensors of a file have to be widened. A pure function of its header. */
export function planWidening(header: SafetensorsHeader, wanted: (name: string) => boolean = () => true): Widening {
  const tensors: WidenedTensor[] = []
  const scales = new Set<string>()
  for (const [name, source] of header.tensors) {
    if (!/^(F64|F8_E4M3|F8_E5M2|I8)$/.test(source.dtype) || isNeverRead(name) || !wanted(name)) continue
    const scale = scaleOf(name, source, header)
    if (scale) scales.add(scale.name)
    // Whole numbers without a scale mean nothing as weights: the network that needs them says so.
    else if (source.dtype === 'I8') continue
    tensors.push({ name, source, scale, shape: source.shape, dtype: source.dtype === 'F64' ? 'F32' : 'F16' })
  }
  const bytes = tensors.reduce((sum, { shape, dtype }) => sum + elementCount(shape) * dtypeBytes(dtype), 0)
  return { tensors, scales, bytes }
}

/** Rows of one block each of a scale [rows, blocks, 1], one block for [rows] and [rows, 1]. */
function scaleOf(name: string, weight: TensorEntry, { tensors }: SafetensorsHeader) {
  const module = name.replace(/\.weight$/, '')
  for (const [scale, divisor] of [
    [`${module}.scale_weight`, 1],
    [`${module}.weight_scale`, 1],
    [`${name}.scale`, 1],
    [`${name}_scale`, 1],
    [`${module}.SCB`, 127],
  ] as const) {
    const entry = tensors.get(scale)
    if (entry && /^(F32|F16|BF16|F64)$/.test(entry.dtype) && fits(entry, weight)) return { name: scale, entry, divisor }
  }
  return null
}

function fits({ shape }: TensorEntry, weight: TensorEntry): boolean {
  const count = elementCount(shape)
  if (count === 1) return true
  const rows = weight.shape[0]
  const columns = elementCount(weight.shape) / rows
  return shape[0] === rows && columns % (count / rows) === 0
}

/** Bytes a write at most: 4 million numbers as floats are 16 MB. */
const CHUNK = 1 << 22

/** The folder of widened copies, beside what the studio makes. Each may be deleted at any time: it is made again. */
export const widenedFolder = (): string => join(dataFolder(), 'widened')

/**
 * The widened copy of a file: the one that is there, if it was made from this very file and is whole, or a new one.
 * @throws StudioError 'cannot-write' (no room: says how much is needed), 'bad-weights'
 */
export async function widenedCopy(file: string, plan: Widening): Promise<string> {
  const folder = widenedFolder()
  const source = await sourceOf(file, plan)
  const copy = join(folder, `${source}.safetensors`)
  if (await isWhole(copy, source)) return copy
  await makeFolder(folder)
  await removeAbandoned(folder)
  await requireRoom(file, folder, plan.bytes)
  await streamSafetensors(copy, plan.tensors, tensor => widen(file, tensor), { source, of: file })
  return copy
}

/** Names the content: where each tensor lies, and the file's size and time of change. */
async function sourceOf(file: string, plan: Widening): Promise<string> {
  const { size, mtimeMs } = await stat(file)
  const hash = createHash('sha256').update(JSON.stringify([1, file, size, mtimeMs, plan.tensors]))
  return hash.digest('hex').slice(0, 32)
}

/** readHeader checks that the tensors cover the file to its end; a copy appears under its name only when it is written whole. */
async function isWhole(copy: string, source: string): Promise<boolean> {
  return readHeader(copy).then(
    ({ metadata }) => metadata['source'] === source,
    () => false,
  )
}

/** A process that was killed leaves a part behind; one that is being written changes every second. */
async function removeAbandoned(folder: string): Promise<void> {
  const old = Date.now() - 600_000
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const info = name.endsWith('.incomplete') ? await stat(path).catch(() => null) : null
    if (info && info.mtimeMs < old) await rm(path, { force: true }).catch(() => {})
  }
}

async function requireRoom(file: string, folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const megabytes = (count: number) => Math.ceil(count / 1e6)
  if (bavail * bsize < bytes)
    throw fault('widenNoRoom', { file, folder, megabytes: megabytes(bytes), free: megabytes(bavail * bsize) })
}

/** One tensor's numbers in their new dtype. */
async function widen(file: string, { source, scale, dtype, shape }: WidenedTensor): Promise<Uint8Array> {
  const factors = scale && (await readScale(file, scale))
  const out = new Uint8Array(elementCount(shape) * dtypeBytes(dtype))
  const size = dtypeBytes(source.dtype)
  const count = elementCount(shape)
  // Numbers that one factor covers: the whole tensor, a row, or a block of it.
  const span = factors ? count / factors.length : count
  for (let begin = 0; begin < count; begin += CHUNK) {
    const length = Math.min(CHUNK, count - begin)
    const bytes = await readBytes(file, source.offset + begin * size, length * size)
    const values = factors
      ? toFloat32(source.dtype, bytes).map((value, i) => value * factors[Math.floor((begin + i) / span)])
      : null
    const written = values ? fromFloat32(dtype, values) : plain(source.dtype, dtype, bytes)
    out.set(written, begin * dtypeBytes(dtype))
  }
  return out
}

const halves = new Map<string, Uint16Array>()

/** An 8-bit float has 256 values: their fp16 bits are looked up. */
function plain(from: TensorEntry['dtype'], to: WeightDtype, bytes: Uint8Array): Uint8Array {
  if (from !== 'F8_E4M3' && from !== 'F8_E5M2') return fromFloat32(to, toFloat32(from, bytes))
  const table = halves.get(from) ?? new Uint16Array(new Float16Array(float8Table(from)).buffer)
  halves.set(from, table)
  const out = new Uint16Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i]]
  return new Uint8Array(out.buffer)
}

async function readScale(file: string, { entry, divisor }: NonNullable<WidenedTensor['scale']>): Promise<Float32Array> {
  const values = toFloat32(entry.dtype, await readBytes(file, entry.offset, entry.length))
  return divisor === 1 ? values : values.map(value => value / divisor)
}

/** The copies that lie there, and which file each was made of. */
export async function widenedCopies(): Promise<{ file: string; of: string; bytes: number }[]> {
  const folder = widenedFolder()
  const copies = []
  for (const name of await readdir(folder).catch(() => [])) {
    const file = join(folder, name)
    const header = name.endsWith('.safetensors') ? await readHeader(file).catch(() => null) : null
    if (header) copies.push({ file, of: header.metadata['of'] ?? '', bytes: (await stat(file)).size })
  }
  return copies
}

/** Removes every copy. A picture that is being made keeps those that it has open. */
export async function clearWidened(): Promise<void> {
  await rm(widenedFolder(), { recursive: true, force: true })
}
