/** Files that a set writes beside its pictures, as its manifest lists them. */
import { join } from 'node:path'
import { writeDurably } from '../files/durable.ts'
import { sha256 } from '../files/hashes.ts'
import type { ListedFile } from './manifest.ts'

/** Writes files into a set's folder, and keeps what each must be, in the order they were made. */
export class ListedFiles {
  readonly all: ListedFile[] = []
  readonly #folder: string
  readonly #staging: string

  constructor(folder: string, staging: string) {
    this.#folder = folder
    this.#staging = staging
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await writeDurably(join(this.#folder, name), bytes, this.#staging)
    this.all.push({ name, bytes: bytes.length, sha256: sha256(bytes) })
  }
}
