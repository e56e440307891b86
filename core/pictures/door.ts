/**
 * The one door for every picture that the studio did not make this moment: uploads, imports, control pictures, pictures to
 * start from and sources of maps. In a process that is ended after a deadline, the file is opened without waiting, has to
 * be a regular one of a known format and of bearable size, and only then is decoded.
 */
import { basename } from 'node:path'
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { UploadUse } from './decode.ts'
import { DEADLINE_MS } from './limits.ts'
import type { PictureSource } from './open.ts'
import type { PictureCalls } from './tasks.ts'
import { WorkerPool } from './worker-pool.ts'

export type { UploadUse } from './decode.ts'
export type { PictureSource } from './open.ts'

export class PictureDoor {
  readonly #pool: WorkerPool<PictureCalls>

  constructor(deadlineMs = DEADLINE_MS) {
    this.#pool = new WorkerPool({ script: new URL('./picture-child.ts', import.meta.url), deadlineMs })
  }

  /** @throws StudioError 'bad-image' as the task, also where it takes too long; 'cancelled' */
  run<K extends Exclude<keyof PictureCalls, 'ready'>>(
    task: K,
    request: PictureCalls[K]['request'],
    signal?: AbortSignal,
  ): Promise<PictureCalls[K]['reply']> {
    return this.#pool.run(task, request, () => fault('pictureTakesTooLong', { name: request.name }), signal)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}

const door = new PictureDoor()

const nameOf = (source: PictureSource): string | Phrase =>
  typeof source === 'string' ? `"${basename(source)}"` : phrase('thePicture')

export interface ReadOptions {
  /** Resampled to this; default: as it is. */
  size?: { width: number; height: number }
  signal?: AbortSignal | undefined
}

/** Any picture as 8-bit sRGB, upright, alpha laid on white. @throws StudioError 'bad-image', 'cancelled' */
export function readPicture(file: string, { size, signal }: ReadOptions = {}): Promise<Rgb> {
  return door.run('rgb', { source: file, name: file, size: size ?? null }, signal)
}

/** A picture as luminance: luminance.ts. @throws StudioError 'bad-image', 'cancelled' */
export function readLuminance(source: PictureSource, side: number | null, signal?: AbortSignal): Promise<Gray> {
  return door.run('luminance', { source, side, name: nameOf(source) }, signal)
}

/** A plain PNG of an uploaded picture: decode.ts. @throws StudioError 'bad-image', 'cancelled' */
export function readAsPng(name: string, bytes: Uint8Array, use: UploadUse, signal?: AbortSignal): Promise<Uint8Array> {
  return door.run('png', { source: bytes, name, use }, signal)
}

/** A WebP of a picture, at most `side` pixels a side. @throws StudioError 'bad-image' */
export function readThumbnail(file: string, side: number): Promise<Uint8Array> {
  return door.run('thumbnail', { source: file, name: file, side })
}
