/** SHA-256 of large files, computed once: kept by path, size and time of last change. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { fault, reasonOf } from '../faults/fault.ts'

export interface HashedFile {
  /** Relative to what was named, with "/": "unet/config.json". */
  name: string
  sha256: string
  bytes: number
}

/** A model, LoRA or font as it was when the picture was made. */
export interface HashedTree {
  /** Of the file; of a folder: over the lines "sha256  name\n" of its files, sorted by name. */
  sha256: string
  files: HashedFile[]
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** Streams, so that a file of gigabytes never fills the memory nor stalls the host. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(part as Buffer)
  return hash.digest('hex')
}

/** Files of a model folder that decide its pictures; training logs, previews and other formats do not. */
const COUNTS = /\.(safetensors|json|txt)$/
/**
 * Not part of the folder's hash: ControlNet has one of its own, and the manifest's defaults are spelled out in every
 * complete request.
 */
const APART = new Set(['controlnet', 'training', 'manifest.json'])

export class HashCache {
  readonly #database: DatabaseSync
  /** By path: many may ask for the same gigabytes at once. */
  readonly #reading = new Map<string, Promise<string>>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** The file's hash. @throws StudioError 'missing-model' where it cannot be read */
  async file(path: string): Promise<{ sha256: string; bytes: number }> {
    const info = await stat(path).catch(cause => {
      throw unreadable(path, cause)
    })
    const known = this.#database
      .prepare('SELECT sha256 FROM hashes WHERE path = ? AND bytes = ? AND mtime = ?')
      .get(path, info.size, info.mtimeMs) as { sha256: string } | undefined
    if (known) return { sha256: known.sha256, bytes: info.size }
    const hash = await this.#read(path).catch(cause => {
      throw unreadable(path, cause)
    })
    this.#database
      .prepare('INSERT OR REPLACE INTO hashes (path, bytes, mtime, sha256) VALUES (?, ?, ?, ?)')
      .run(path, info.size, info.mtimeMs, hash)
    return { sha256: hash, bytes: info.size }
  }

  #read(path: string): Promise<string> {
    const reading = this.#reading.get(path) ?? sha256OfFile(path).finally(() => this.#reading.delete(path))
    this.#reading.set(path, reading)
    return reading
  }

  /** A file, or a model folder as a whole. @throws StudioError 'missing-model' */
  async tree(path: string): Promise<HashedTree> {
    const names = await filesIn(path)
    if (!names) {
      const { sha256: hash, bytes } = await this.file(path)
      return { sha256: hash, files: [{ name: basename(path), sha256: hash, bytes }] }
    }
    const files: HashedFile[] = []
    for (const name of names) files.push({ name, ...(await this.file(join(path, name))) })
    return { sha256: sha256(files.map(file => `${file.sha256}  ${file.name}\n`).join('')), files }
  }

  /** Paths of files that had this hash when they were last read. */
  known(hash: string): string[] {
    const rows = this.#database.prepare('SELECT path FROM hashes WHERE sha256 = ?').all(hash)
    return rows.map(row => String(row['path']))
  }
}

/** The files of a model folder that count, sorted by name; null where the path is no folder. */
async function filesIn(path: string): Promise<string[] | null> {
  const info = await stat(path).catch(cause => {
    throw unreadable(path, cause)
  })
  if (!info.isDirectory()) return null
  const found: string[] = []
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (APART.has(entry.name)) continue
    const inner = (await stat(join(path, entry.name))).isDirectory()
    if (!inner && COUNTS.test(entry.name)) found.push(entry.name)
    if (!inner) continue
    for (const name of await readdir(join(path, entry.name))) if (COUNTS.test(name)) found.push(`${entry.name}/${name}`)
  }
  return found.sort()
}

const unreadable = (path: string, cause: unknown) =>
  fault('modelUnreadable', { path, reason: reasonOf(cause) }, { cause })
