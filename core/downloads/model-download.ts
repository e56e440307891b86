/** A model's files, several at once, into a folder of the data folder; and what is written down about them. */
import { existsSync } from 'node:fs'
import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { makeFolder, readJson, writeDurably } from '../files/durable.ts'
import { sha256OfFile } from '../files/hashes.ts'
import { lockFolder } from '../files/lock.ts'
import { insistOnRoom } from './disk.ts'
import type { HttpOptions } from './http.ts'
import { Journal } from './journal.ts'
import { type DownloadManifest, kindOf, type ManifestKind } from './manifest.ts'
import type { RetryOptions } from './retries.ts'
import { Speed } from './speed.ts'
import type { TransferProgress, Transferred } from './transfer.ts'
import { Transfers } from './transfers.ts'

/** Beside the files: where they came from, and the hashes that they had. */
const RECORD = 'download.json'
const LOCK = '.download.lock'
const AT_ONCE = 2
const RANGES = 4

const recordSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  revision: z.string().nullable(),
  /** ISO 8601, UTC. */
  downloadedAt: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      url: z.string(),
      size: z.int(),
      sha256: z.string(),
      proof: z.enum(['manifest', 'hub', 'git', 'none']),
      commit: z.string().nullable(),
    }),
  ),
})
export type DownloadRecord = z.infer<typeof recordSchema>

export interface DownloadProgress {
  id: string
  /** "verifying" where the last bytes are hashed. */
  state: 'downloading' | 'waiting' | 'verifying'
  received: number
  /** Of all files whose size is known by now. */
  size: number
  /** Bytes a second over the last seconds, and seconds left; null until they are known. */
  speed: number | null
  secondsLeft: number | null
  /** The files that arrive just now. */
  files: string[]
}

export interface DownloadOptions {
  /** The data folder. */
  dataFolder: string
  http: HttpOptions
  signal: AbortSignal
  onProgress?: ((progress: DownloadProgress) => void) | undefined
  retry?: RetryOptions | undefined
}

/** models/ID in the data folder: where a network of maps is looked for too. */
export const folderOf = (dataFolder: string, id: string): string => join(dataFolder, 'models', id)

/** What paints: a checkpoint, LoRA or single file is the file itself, everything else the folder. */
export function usablePath(dataFolder: string, manifest: Pick<DownloadManifest, 'id' | 'files' | 'kind'>): string {
  const folder = folderOf(dataFolder, manifest.id)
  const weights = manifest.files.filter(({ path }) => path.endsWith('.safetensors'))
  const isModel = manifest.files.some(({ path }) => path === 'model_index.json' || path === 'config.json')
  return !isModel && weights.length === 1 ? join(folder, weights[0].path) : folder
}

/**
 * Downloads what is lacking. What has arrived stays for the next try, also after a cancel: discardDownload() deletes it.
 * @throws StudioError 'missing-model', 'cannot-write', 'busy', 'cancelled'
 */
export async function downloadModel(manifest: DownloadManifest, options: DownloadOptions): Promise<DownloadRecord> {
  const folder = folderOf(options.dataFolder, manifest.id)
  await makeFolder(folder)
  const unlock = lock(folder, manifest.id)
  try {
    await insistOnRoom(folder, await bytesLacking(folder, manifest))
    const files = await transferAll(folder, manifest, options)
    const record: DownloadRecord = {
      id: manifest.id,
      name: manifest.name,
      kind: kindOf(manifest),
      revision: manifest.revision ?? null,
      downloadedAt: new Date().toISOString(),
      files,
    }
    await writeDurably(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`)
    return record
  } finally {
    unlock()
  }
}

function lock(folder: string, id: string): () => void {
  try {
    return lockFolder(join(folder, LOCK))
  } catch (error) {
    if (error instanceof StudioError && error.key === 'setLocked') throw fault('downloadBusy', { id })
    throw error
  }
}

async function bytesLacking(folder: string, { files }: DownloadManifest): Promise<number> {
  let lacking = 0
  for (const { path, size } of files) {
    const there = await stat(join(folder, path)).then(
      info => info.size,
      () => 0,
    )
    const found = there === 0 ? await Journal.find(join(folder, path)) : null
    const whole = found ? found.done.reduce((sum, one) => sum + one, 0) * found.head.blockBytes : there
    lacking += Math.max(0, (size ?? found?.head.size ?? 0) - whole)
  }
  return lacking
}

/** Two files at a time; the first failure ends the others. */
async function transferAll(
  folder: string,
  manifest: DownloadManifest,
  { http, signal, onProgress, retry }: DownloadOptions,
): Promise<DownloadRecord['files']> {
  await using transfers = new Transfers()
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const state = new Map<string, TransferProgress>()
  const over = new Set<string>()
  const sizes = new Map(manifest.files.map(({ path, size }) => [path, size ?? 0]))
  const speed = new Speed()
  const tell = (path: string, progress: TransferProgress) => {
    state.set(path, progress)
    if (progress.size > 0) sizes.set(path, progress.size)
    const received = state.values().reduce((sum, file) => sum + file.received, 0)
    const size = sizes.values().reduce((sum, bytes) => sum + bytes, 0)
    // The size may be unknown until the server answers.
    const running = [...state].filter(([name]) => !over.has(name))
    const states = running.map(([, file]) => file.state)
    onProgress?.({
      id: manifest.id,
      state: states.includes('downloading') ? 'downloading' : (states[0] ?? 'downloading'),
      received,
      size,
      ...speed.at(received, size),
      files: running.map(([name]) => name),
    })
  }
  const waiting = [...manifest.files.entries()]
  const done: DownloadRecord['files'] = []
  const work = async () => {
    for (let next = waiting.shift(); next && !either.aborted; next = waiting.shift()) {
      const [at, { path, url, size, sha256 }] = next
      const wanted = { url, file: join(folder, path), size: size ?? null, sha256: sha256 ?? null }
      const request = { wanted, http, ranges: RANGES, ...(retry && { retry }) }
      const got: Transferred = await transfers.run(request, either, progress => tell(path, progress))
      over.add(path)
      tell(path, { received: got.bytes, size: got.bytes, state: 'downloading' })
      done[at] = { path, url, size: got.bytes, sha256: got.sha256, proof: got.proof, commit: got.commit }
    }
  }
  const outcomes = await Promise.allSettled(
    Array.from({ length: AT_ONCE }, () =>
      work().catch(error => {
        stop.abort()
        throw error
      }),
    ),
  )
  const failed = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  const isCancel = (error: unknown) => error instanceof StudioError && error.code === 'cancelled'
  if (failed.length > 0) throw failed.find(error => !isCancel(error)) ?? failed[0]
  if (either.aborted) throw fault('cancelled')
  return await withEarlierProofs(folder, done)
}

/** A file that was there already keeps the proof that its download wrote down. */
async function withEarlierProofs(folder: string, files: DownloadRecord['files']): Promise<DownloadRecord['files']> {
  const before = await readDownload(folder)
  return files.map(file => {
    const old = before?.files.find(({ path, sha256 }) => path === file.path && sha256 === file.sha256)
    return old && file.proof === 'none' ? { ...file, proof: old.proof, commit: old.commit } : file
  })
}

/** What a download wrote down; null where there is none. */
export async function readDownload(folder: string): Promise<DownloadRecord | null> {
  const json = await readJson(join(folder, RECORD)).catch(() => null)
  return recordSchema.safeParse(json).data ?? null
}

export interface Downloaded {
  id: string
  folder: string
  kind: ManifestKind
  /** null: begun, and not complete. */
  record: DownloadRecord | null
  /** Bytes on the disk, parts included. */
  bytes: number
}

/** What lies in models/ of the data folder, complete or begun. */
export async function listDownloads(dataFolder: string): Promise<Downloaded[]> {
  const root = join(dataFolder, 'models')
  const names = existsSync(root)
    ? (await readdir(root, { withFileTypes: true })).filter(entry => entry.isDirectory())
    : []
  const found: Downloaded[] = []
  for (const { name } of names) {
    const folder = join(root, name)
    const record = await readDownload(folder)
    const files = await readdir(folder, { recursive: true, withFileTypes: true })
    // The lock is taken before the first byte and stays until the download is discarded.
    if (!record && !files.some(file => file.name === LOCK)) continue
    let bytes = 0
    // Blocks, not length: a part has holes.
    for (const file of files)
      if (file.isFile()) bytes += ((await stat(join(file.parentPath, file.name))).blocks ?? 0) * 512
    found.push({ id: name, folder, kind: kindOf({ kind: record?.kind ?? '' } as DownloadManifest), record, bytes })
  }
  return found
}

/**
 * Compares the files with what their download wrote down, or with the manifest.
 * @throws StudioError 'bad-weights', which names the files that differ; 'missing-model' where nothing was downloaded
 */
export async function verifyDownload(dataFolder: string, id: string): Promise<DownloadRecord> {
  const folder = folderOf(dataFolder, id)
  const record = await readDownload(folder)
  if (!record) throw fault('downloadNotThere', { id })
  const wrong: string[] = []
  for (const { path, sha256 } of record.files)
    if ((await sha256OfFile(join(folder, path)).catch(() => null)) !== sha256) wrong.push(path)
  if (wrong.length > 0)
    throw fault('downloadNotVerified', { id, count: wrong.length, names: wrong.slice(0, 5).join(', ') })
  return record
}

/** Deletes the files of a download, whole or not; nothing else in its folder. @throws StudioError 'busy' */
export async function discardDownload(dataFolder: string, id: string, paths: readonly string[]): Promise<void> {
  const folder = folderOf(dataFolder, id)
  if (!existsSync(folder)) return
  const record = await readDownload(folder)
  const unlock = lock(folder, id)
  try {
    // The record goes first: half of a model is never taken for one.
    await rm(join(folder, RECORD), { force: true })
    for (const path of new Set([...paths, ...(record?.files.map(file => file.path) ?? [])])) {
      await Journal.discard(join(folder, path))
      await rm(join(folder, path), { force: true })
    }
  } finally {
    unlock()
  }
  await rm(join(folder, LOCK), { force: true })
  await removeEmpty(folder)
}

/** Removes a folder and those in it as far as they are empty. */
async function removeEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const folders = entries.filter(entry => entry.isDirectory()).map(entry => join(entry.parentPath, entry.name))
  for (const inner of [...folders.sort((a, b) => b.length - a.length), folder]) await rmdir(inner).catch(() => {})
}
