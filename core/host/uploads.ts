/** Pictures that the user uploads: stored by hash in the data folder's assets, as PNG. */

import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { RequestInput } from '../contract/request.ts'
import { fault, phrase } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { writeDurably } from '../files/durable.ts'
import { foreignOf } from '../image/foreign/foreign-door.ts'
import type { Library } from '../library/library.ts'
import { readRecord } from '../library/record.ts'
import { readAsPng, type UploadUse } from '../pictures/door.ts'
import type { ImportedSettings } from './api/library.ts'
import { blobUrl } from './blobs.ts'

/**
 * Keeps a picture, upright, in sRGB, without anything else that the file said. Its alpha is laid on white, that of pale
 * lettering on black.
 * @param use a map of one colour is refused, as no ink stands out in it; a picture to start from may be a plain ground
 * @throws StudioError 'bad-image', 'cannot-write', 'cancelled'
 */
export async function keepUpload(
  library: Library,
  name: string,
  data: Blob,
  use: UploadUse,
  signal?: AbortSignal,
): Promise<{ path: string; url: string }> {
  return keepPng(library, await readAsPng(name, new Uint8Array(await data.arrayBuffer()), use, signal))
}

/** Keeps a PNG of the studio's own making. @throws StudioError 'cannot-write' */
export async function keepPng(library: Library, bytes: Uint8Array): Promise<{ path: string; url: string }> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const path = library.assets.pathOf({ name: 'upload.png', sha256 })
  await writeDurably(path, bytes)
  return { path, url: blobUrl(sha256) }
}

/** A stored picture by its hash; null where there is none. */
export async function readUpload(library: Library, sha256: string): Promise<Uint8Array | null> {
  return readFile(library.assets.pathOf({ name: 'upload.png', sha256 })).catch(() => null)
}

/**
 * The settings in a picture's metadata: the studio's own, with files found by their hashes, or another program's as far
 * as
 * they have a counterpart.
 * @throws StudioError 'bad-image': no picture, or one without settings
 */
export async function importSettings(
  library: Library,
  name: string,
  data: Blob,
  signal?: AbortSignal,
): Promise<ImportedSettings> {
  const folder = await mkdtemp(join(tmpdir(), 'zihua-import-'))
  try {
    const file = join(folder, `picture${/^\.[a-z]{3,4}$/.exec(extname(name).toLowerCase())?.[0] ?? ''}`)
    await writeFile(file, Buffer.from(await data.arrayBuffer()))
    return (await ownSettings(library, file, signal)) ?? (await foreignSettings(file, name, signal))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function ownSettings(library: Library, file: string, signal?: AbortSignal): Promise<ImportedSettings | null> {
  const found = await readRecord(file).catch((error: unknown) => {
    // Not a PNG, or damaged: it may be another program's.
    if (error instanceof StudioError) return null
    throw error
  })
  if (!found) return null
  const { request, missing } = await library.replay(file, signal)
  // As in the request: a prompt that was built from word and style is built again.
  const { prompt, negativePrompt } = found.request
  return {
    request: { ...request, prompt, negativePrompt },
    unmapped: missing
      .filter(({ kind }) => kind !== 'record')
      .map(({ kind, name, reason }) => phrase(reason, { kind, name })),
  }
}

async function foreignSettings(file: string, name: string, signal?: AbortSignal): Promise<ImportedSettings> {
  const found = await foreignOf(file, signal)
  if (found) {
    const request: RequestInput = found.request
    return {
      request,
      unmapped: Object.entries(found.unmapped).map(([key, value]) => ({ message: `${key}: ${value}` })),
    }
  }
  throw fault('pictureTellsNothing', { name })
}
