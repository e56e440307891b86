/**
 * The safetensors container: 8 bytes of header length (little endian), a JSON header, the tensors' bytes.
 * Published by Hugging Face (github.com/huggingface/safetensors, format section of its README); the checks are those of
 * its `validate` (safetensors/src/tensor.rs): spans lie one behind the other without gap or overlap, every span is
 * shape × dtype, and together they cover the file. 8-byte alignment is not given in real files, `__metadata__` may be absent.
 */
import type { FileHandle } from 'node:fs/promises'
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase, StudioError } from '../faults/studio-error.ts'
import { openRegular } from '../files/regular-file.ts'
import { SNIFFED_BYTES, tellNotWeights } from './not-weights.ts'
import { withoutWrappers } from './wrapped-names.ts'

/** Sizes beyond which a header is damage or an attack, not a model. */
export const SAFETENSORS_LIMITS = {
  /** safetensors' own MAX_HEADER_SIZE; SDXL's single file, the longest in use here, has 0.4 MB. */
  headerBytes: 100_000_000,
  /** A network of our kinds has 3,000 tensors; a header of 100 MB could name a million. */
  tensors: 200_000,
  /** No published layout has more than 5 dimensions; numpy itself stops at 64. */
  rank: 16,
} as const

/** Bytes an element of every dtype that is read here. */
const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E8M0: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const
/** The others that the format has (safetensors/src/tensor.rs, Dtype): packed ones of 4 and 6 bits, other 8-bit ones, complex numbers. */
const OTHER_DTYPES = ['F4', 'F6_E2M3', 'F6_E3M2', 'F8_E5M2FNUZ', 'F8_E4M3FNUZ', 'C64']
export type Dtype = keyof typeof DTYPE_BYTES

/** Where a tensor lies: offset and length in bytes, offset counted from the start of the file. */
export interface TensorEntry {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly offset: number
  readonly length: number
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>
  /** `__metadata__`, empty where absent. */
  readonly metadata: Readonly<Record<string, string>>
}

/** A tensor in memory; data holds the file's own little-endian bytes. */
export interface TensorBytes {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/** Bytes of one element. */
export function dtypeBytes(dtype: Dtype): number {
  return DTYPE_BYTES[dtype]
}

/** Number of elements; 1 for a scalar's []. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

export const damaged = (file: string, damage: Phrase): StudioError => fault('weightsDamaged', { file, damage })

/**
 * Reads and checks the header; no weights are read.
 * @throws StudioError 'missing-model' (no such file), 'bad-weights' (not safetensors, told what it is, or damaged)
 */
export async function readHeader(file: string): Promise<SafetensorsHeader> {
  const handle = await openFile(file)
  try {
    const { size } = await handle.stat()
    const other = tellNotWeights(file, await readSpan(handle, file, 0, Math.min(size, SNIFFED_BYTES)))
    if (other) throw other
    if (size < 8) throw damaged(file, phrase('tooFewBytes', { bytes: size }))
    const length = Number((await readSpan(handle, file, 0, 8)).readBigUInt64LE())
    if (length > SAFETENSORS_LIMITS.headerBytes)
      throw damaged(file, phrase('headerTooLong', { bytes: length, most: SAFETENSORS_LIMITS.headerBytes }))
    if (8 + length > size) throw damaged(file, phrase('headerCutOff', { bytes: length, size }))
    return parseHeader(file, await readSpan(handle, file, 8, length), size)
  } finally {
    await handle.close()
  }
}

/**
 * One tensor's bytes, in memory.
 * @throws StudioError 'bad-weights' if the file has no tensor of that name
 */
export async function readTensor(file: string, name: string): Promise<TensorBytes> {
  const { tensors } = await readHeader(file)
  const entry = tensors.get(name)
  if (!entry) throw fault('tensorMissing', { file, name, count: tensors.size })
  return { dtype: entry.dtype, shape: entry.shape, data: await readBytes(file, entry.offset, entry.length) }
}

/** A span of a file, in memory. */
export async function readBytes(file: string, offset: number, length: number): Promise<Uint8Array> {
  const handle = await openFile(file)
  try {
    return await readSpan(handle, file, offset, length)
  } finally {
    await handle.close()
  }
}

/** Opens a weights file for reading; the caller closes it. @throws StudioError 'missing-model' or 'bad-weights' */
export async function openFile(file: string): Promise<FileHandle> {
  try {
    return await openRegular(file)
  } catch (cause) {
    const { cause: system, values } = cause as StudioError
    const reason = values?.['reason'] as string | Phrase
    throw (system as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
      ? fault('weightsMissing', { file }, { cause })
      : fault('weightsRefused', { file, reason }, { cause })
  }
}

/** A span of an opened file, into the buffer given (as long as the span) or into a new one. */
export async function readSpan(
  handle: FileHandle,
  file: string,
  offset: number,
  length: number,
  buffer: Buffer = Buffer.allocUnsafeSlow(length),
): Promise<Buffer> {
  for (let done = 0; done < length; ) {
    // read() takes 2 GiB at most at a time.
    const wanted = Math.min(length - done, 1 << 30)
    const { bytesRead } = await handle.read(buffer, done, wanted, offset + done).catch((cause: Error) => {
      throw fault('weightsUnreadable', { file, reason: cause.message }, { cause })
    })
    if (bytesRead === 0) throw damaged(file, phrase('cutOff', { at: offset + length }))
    done += bytesRead
  }
  return buffer
}

function parseHeader(file: string, bytes: Uint8Array, fileSize: number): SafetensorsHeader {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw damaged(file, phrase('headerNotJson'))
  }
  if (!isRecord(json)) throw damaged(file, phrase('headerNoObject'))
  const { __metadata__: metadata = {}, ...rest } = json
  if (!isRecord(metadata) || !Object.values(metadata).every(value => typeof value === 'string'))
    throw damaged(file, phrase('metadataWrong'))
  const names = Object.keys(rest)
  if (names.length > SAFETENSORS_LIMITS.tensors)
    throw damaged(file, phrase('tooManyTensors', { count: names.length, most: SAFETENSORS_LIMITS.tensors }))
  const base = 8 + bytes.length
  const tensors = new Map(names.map(name => [name, parseEntry(file, name, rest[name], base)]))
  checkCoverage(file, tensors, base, fileSize)
  return { tensors: withoutWrappers(tensors), metadata: metadata as Record<string, string> }
}

function parseEntry(file: string, name: string, value: unknown, base: number): TensorEntry {
  if (!isRecord(value)) throw damaged(file, phrase('tensorUndescribed', { name }))
  const { dtype, shape, data_offsets: offsets } = value
  if (OTHER_DTYPES.includes(dtype as string)) throw fault('numbersNotRead', { dtype: `${dtype}` })
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype))
    throw damaged(file, phrase('tensorDtype', { name, dtype: JSON.stringify(dtype) }))
  if (!isSizes(shape) || shape.length > SAFETENSORS_LIMITS.rank)
    throw damaged(file, phrase('tensorShape', { name, shape: JSON.stringify(shape) }))
  if (!isSizes(offsets) || offsets.length !== 2)
    throw damaged(file, phrase('tensorOffsets', { name, offsets: JSON.stringify(offsets) }))
  const [begin, end] = offsets
  const wanted = elementCount(shape) * DTYPE_BYTES[dtype as Dtype]
  if (end - begin !== wanted) throw damaged(file, phrase('tensorSize', { name, bytes: end - begin, wanted }))
  return { dtype: dtype as Dtype, shape, offset: base + begin, length: wanted }
}

/** Spans in order of offset must follow one another without gap or overlap and end where the file ends. */
function checkCoverage(file: string, tensors: ReadonlyMap<string, TensorEntry>, base: number, fileSize: number): void {
  let end = base
  const ordered = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length)
  for (const [name, { offset, length }] of ordered) {
    if (offset + length > fileSize) throw damaged(file, phrase('tensorCutOff', { name }))
    if (offset < end) throw damaged(file, phrase('tensorOverlaps', { name }))
    if (offset > end) throw damaged(file, phrase('tensorGap', { name, bytes: offset - end }))
    end = offset + length
  }
  if (end !== fileSize) throw damaged(file, phrase('bytesLeftOver', { bytes: fileSize - end }))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(size => Number.isSafeInteger(size) && size >= 0)
}
