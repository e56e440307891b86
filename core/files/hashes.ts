/** SHA-256 of large files, computed once: kept by path, size and time of last change. */
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { fault, reasonOf } from '../faults/fault.ts'
import { troubleOf } from '../faults/sqlite.ts'
import { transaction } from './database.ts'
import { openRegular, type RegularOptions } from './regular-file.ts'

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

export interface HashOptions extends RegularOptions {
  signal?: AbortSignal | undefined
}

/**
 * Bit by bit into one buffer, so that a file of gigabytes never fills the memory nor stalls the host; only regular files.
 * @throws StudioError 'bad-request' fileUnreadable; the signal's reason
 */
export async function sha256OfFile(file: string, { signal, ...options }: HashOptions = {}): Promise<string> {
  signal?.throwIfAborted()
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(1 << 20)
  const handle = await openRegular(file, options)
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) return hash.digest('hex')
      signal?.throwIfAborted()
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}

/** Files of a model folder that decide its pictures; training logs, previews and other formats do not. */
const COUNTS = /\.(safetensors|json|txt)$/
/**
 * Not part of the folder's hash: ControlNet has one of its own, the manifest's defaults are spelled out in every complete
 * request, and former weights made other pictures.
 */
const APART = new Set(['controlnet', 'training', 'former', 'manifest.json'])

/** Bytes of a file that nobody wants to wait for twice, also after a kill. */
const LARGE = 1 << 26

/** A file's hash, and what it was found with. */
interface Found {
  path: string
  bytes: number
  mtime: number
  sha256: string
  isNew: boolean
}

export class HashCache {
  readonly #database: DatabaseSync
  /** By path: many may ask for the same gigabytes at once. */
  readonly #reading = new Map<string, Promise<string>>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** The file's hash. @throws StudioError 'missing-model' where it cannot be read */
  async file(path: string, signal?: AbortSignal): Promise<{ sha256: string; bytes: number }> {
    const found = await this.#find(path, signal)
    if (found.isNew) this.#remember([found])
    return { sha256: found.sha256, bytes: found.bytes }
  }

  async #find(path: string, signal?: AbortSignal): Promise<Found> {
    const info = await stat(path).catch(cause => {
      throw unreadable(path, cause)
    })
    const known = this.#database
      .prepare('SELECT sha256 FROM hashes WHERE path = ? AND bytes = ? AND mtime = ?')
      .get(path, info.size, info.mtimeMs) as { sha256: string } | undefined
    const about = { path, bytes: info.size, mtime: info.mtimeMs }
    if (known) return { ...about, sha256: known.sha256, isNew: false }
    const hash = await this.#read(path, signal).catch(cause => {
      throw signal?.aborted ? cause : unreadable(path, cause)
    })
    return { ...about, sha256: hash, isNew: true }
  }

  /** All at once: each time the disk is waited for, and the host with it. */
  #remember(files: readonly Found[]): void {
    if (files.length === 0) return
    try {
      transaction(this.#database, () => {
        const insert = this.#database.prepare(
          'INSERT OR REPLACE INTO hashes (path, bytes, mtime, sha256) VALUES (?, ?, ?, ?)',
        )
        for (const { path, bytes, mtime, sha256: hash } of files) insert.run(path, bytes, mtime, hash)
      })
    } catch (error) {
      // Busy, or the disk is full: they are computed again next time.
      if (troubleOf(error) === null) throw error
    }
  }

  /** Callers without a signal share one reading of a file. */
  #read(path: string, signal?: AbortSignal): Promise<string> {
    if (signal) return sha256OfFile(path, { signal })
    const reading = this.#reading.get(path) ?? sha256OfFile(path).finally(() => this.#reading.delete(path))
    this.#reading.set(path, reading)
    return reading
  }

  /** A file, or a model folder as a whole. @throws StudioError 'missing-model'; the signal's reason */
  async tree(path: string, signal?: AbortSignal): Promise<HashedTree> {
    const names = await filesIn(path)
    if (!names) {
      const { sha256: hash, bytes } = await this.file(path, signal)
      return { sha256: hash, files: [{ name: basename(path), sha256: hash, bytes }] }
    }
    return this.named(path, names, signal)
  }

  /** These files of a folder as a whole; names in the order of the alphabet. @throws as tree() */
  async named(path: string, names: readonly string[], signal?: AbortSignal): Promise<HashedTree> {
    const found: Found[] = []
    let small: Found[] = []
    try {
      for (const name of names) {
        const file = await this.#find(join(path, name), signal)
        found.push(file)
        if (!file.isNew) continue
        small.push(file)
        if (file.bytes < LARGE) continue
        this.#remember(small)
        small = []
      }
    } finally {
      this.#remember(small)
    }
    const files = found.map(({ sha256: hash, bytes }, i): HashedFile => ({ name: names[i]!, sha256: hash, bytes }))
    return { sha256: sha256(files.map(file => `${file.sha256}  ${file.name}\n`).join('')), files }
  }

  /** Paths of files that had this hash when they were last read. */
  known(hash: string): string[] {
    const rows = this.#database.prepare('SELECT path FROM hashes WHERE sha256 = ?').all(hash)
    return rows.map(row => String(row['path']))
  }

  /** Whether a file of this path was hashed before, whatever it holds now. */
  has(path: string): boolean {
    return this.#database.prepare('SELECT 1 FROM hashes WHERE path = ?').get(path) !== undefined
  }

  /** Whether a folder holds exactly these files, all of them hashed before; nothing is read but the names. */
  async hasFolder(path: string, names: readonly string[]): Promise<boolean> {
    if (!names.every(name => this.has(join(path, name)))) return false
    const there = await filesIn(path).catch(() => null)
    return there !== null && there.length === names.length && there.every((name, i) => name === names[i])
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
    const inner = await stat(join(path, entry.name))
    if (inner.isFile() && COUNTS.test(entry.name)) found.push(entry.name)
    if (!inner.isDirectory()) continue
    for (const name of await readdir(join(path, entry.name))) if (COUNTS.test(name)) found.push(`${entry.name}/${name}`)
  }
  return found.sort()
}

const unreadable = (path: string, cause: unknown) =>
  fault('modelUnreadable', { path, reason: reasonOf(cause) }, { cause })
