/** Writes safetensors files: traces, merged weights. A file appears whole or not at all. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StudioError } from '../faults/studio-error.ts'
import { awaitedLater } from '../files/awaited-later.ts'
import { cannotWrite, makeFolder } from '../files/durable.ts'
import { type Dtype, dtypeBytes, elementCount, type TensorBytes } from './safetensors.ts'

export interface NamedTensor extends TensorBytes {
  readonly name: string
}

/** What a header says of a tensor that is yet to be written. */
export interface TensorPlan {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
}

/**
 * Writes all tensors at once, through a temporary file beside.
 * @throws StudioError 'cannot-write'; nothing half-written is left behind
 */
export async function writeSafetensors(
  file: string,
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await streamSafetensors(file, tensors, async ({ data }) => data, metadata)
}

/**
 * Writes tensors one after another as they are produced, each while the next one is computed. Returns where each lies.
 * @param produce its bytes are read until the next but one is asked for: two buffers in turn are enough
 * @param options durable false: a scratch file that need not outlive the machine's next stop is not waited for on the disk
 * @throws StudioError 'cannot-write', or what produce throws; nothing half-written is left behind
 */
export async function streamSafetensors<P extends TensorPlan>(
  file: string,
  plans: readonly P[],
  produce: (plan: P, index: number) => Promise<Uint8Array>,
  metadata: Readonly<Record<string, string>> = {},
  { durable = true }: { durable?: boolean } = {},
): Promise<ReadonlyMap<string, { file: string; offset: number; length: number }>> {
  const temporary = join(dirname(file), `.${randomUUID()}.incomplete`)
  const { bytes, spans } = layOut(plans, metadata)
  let handle: FileHandle | null = null
  try {
    await makeFolder(dirname(file))
    handle = await open(temporary, 'w')
    await writeFully(handle, bytes)
    let writing: Promise<void> | null = null
    for (const [index, plan] of plans.entries()) {
      const data = exactly(plan, await produce(plan, index))
      await writing
      writing = awaitedLater(writeFully(handle, data))
    }
    await writing
    if (durable) await handle.sync()
    await handle.close()
    await rename(temporary, file)
  } catch (cause) {
    await handle?.close().catch(() => {})
    await rm(temporary, { force: true }).catch(() => {})
    throw cause instanceof StudioError ? cause : cannotWrite(file, cause)
  }
  return new Map(spans.map(({ name, begin, length }) => [name, { file, offset: bytes.length + begin, length }]))
}

/** FileHandle.write may write less than it was given. */
async function writeFully(handle: FileHandle, data: Uint8Array): Promise<void> {
  for (let done = 0; done < data.length; ) done += (await handle.write(data, done)).bytesWritten
}

/** The length and the header itself, padded to 8 bytes as safetensors does, and the spans behind it. */
function layOut(plans: readonly TensorPlan[], metadata: Readonly<Record<string, string>>) {
  let end = 0
  const spans = plans.map(({ name, dtype, shape }) => {
    const begin = end
    end += elementCount(shape) * dtypeBytes(dtype)
    return { name, dtype, shape, begin, length: end - begin }
  })
  const entries = spans.map(({ name, dtype, shape, begin, length }) => [
    name,
    { dtype, shape, data_offsets: [begin, begin + length] },
  ])
  const head = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  const json = Buffer.from(JSON.stringify(Object.fromEntries([...head, ...entries])))
  const bytes = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ')
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8))
  json.copy(bytes, 8)
  return { bytes, spans }
}

function exactly(plan: TensorPlan, data: Uint8Array): Uint8Array {
  const wanted = elementCount(plan.shape) * dtypeBytes(plan.dtype)
  if (data.length === wanted) return data
  throw new RangeError(`${plan.name}: ${data.length} bytes for ${plan.dtype} [${plan.shape}]`)
}
