/** Thumbnails: WebP, 256 pixels on the longer side, cached on disk. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, reasonOf } from '../faults/fault.ts'
import { writeDurably } from '../files/durable.ts'
import { readThumbnail } from '../pictures/door.ts'

export const THUMBNAIL_SIDE = 256

export class Thumbnails {
  readonly #folder: string
  /** Thumbnails that are being made: concurrent callers share one. */
  readonly #making = new Map<string, Promise<string>>()
  constructor(folder: string) {
    this.#folder = folder
  }

  pathOf(id: string): string {
    return join(this.#folder, `${id}.webp`)
  }

  /**
   * Path of the thumbnail, which is made if it is missing or older than the picture. @throws StudioError 'bad-image'
   */
  of(id: string, picture: string): Promise<string> {
    const running = this.#making.get(id)
    if (running) return running
    const made = this.#make(this.pathOf(id), picture).finally(() => this.#making.delete(id))
    this.#making.set(id, made)
    return made
  }

  async #make(file: string, picture: string): Promise<string> {
    const [small, whole] = await Promise.all([stat(file).catch(() => null), stat(picture).catch(() => null)])
    if (small && whole && small.mtimeMs >= whole.mtimeMs) return file
    const bytes = await readThumbnail(picture, THUMBNAIL_SIDE).catch(cause => {
      throw fault('libraryPictureUnreadable', { path: picture, reason: reasonOf(cause) }, { cause })
    })
    await writeDurably(file, bytes)
    return file
  }
}
