/** Helpers of the tests beside: files made from nothing but a list of names. */
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { StudioError } from '../faults/studio-error.ts'
import type { TensorBytes } from './safetensors.ts'
import { writeSafetensors } from './write.ts'

/** What the headers of the real-size golden set hold. */
export interface HeaderList {
  metadata: Record<string, string> | null
  file_bytes: number
  tensors: { name: string; dtype: string; shape: number[]; data_offsets: [number, number] }[]
}

export function readGzipJson<T>(file: string): T {
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'))
}

/** A safetensors file with this header and zeros behind it, which take no room on disk. */
export async function writeSparse(file: string, list: HeaderList): Promise<void> {
  const entries = list.tensors.map(({ name, ...entry }) => [name, entry])
  const head = list.metadata ? [['__metadata__', list.metadata]] : []
  const json = Buffer.from(JSON.stringify(Object.fromEntries([...head, ...entries])))
  const end = list.tensors.reduce((max, { data_offsets }) => Math.max(max, data_offsets[1]), 0)
  await writeRaw(file, json.length, json, 8 + json.length + end)
}

/** Tensors by name, as a file. */
export async function writeTensors(
  file: string,
  tensors: ReadonlyMap<string, TensorBytes>,
  metadata?: Record<string, string>,
): Promise<void> {
  const named = [...tensors].map(([name, tensor]) => ({ name, ...tensor }))
  await writeSafetensors(file, named, metadata)
}

/** Any header after any length, cut or filled to a size. */
export async function writeRaw(
  file: string,
  length: number | bigint,
  header: string | Uint8Array,
  size?: number,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'w')
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(length))
  await handle.write(Buffer.concat([prefix, Buffer.from(header)]))
  if (size !== undefined) await handle.truncate(size)
  await handle.close()
}

/** A folder that is removed with the test file's process scope. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string; at(...names: string[]): string }> {
  const path = await mkdtemp(join(tmpdir(), 'zihua-test-'))
  return {
    path,
    at: (...names) => join(path, ...names),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

/** "code: message" of the StudioError that was thrown, or what came instead. */
export async function complaintOf(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    return error instanceof StudioError ? `${error.code}: ${error.message}` : `not a StudioError: ${error}`
  }
  return 'nothing was thrown'
}
