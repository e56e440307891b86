/** Checks a finished set against its manifest. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fault } from '../faults/fault.ts'
import { sha256OfFile } from '../files/hashes.ts'
import { MANIFEST, manifestSchema } from './manifest.ts'
import { zipName } from './zip.ts'

export interface Verification {
  /** Every file is there and unchanged, and no picture failed. */
  ok: boolean
  /** Files checked. */
  files: number
  missing: string[]
  /** Other content than when it was made. */
  changed: string[]
  /** Files that the manifest does not know; they do no harm. */
  extra: string[]
  /** Pictures that the set should have and does not, with the reason. */
  failures: { index: number; word: string; message: string }[]
}

/** @throws StudioError 'bad-request' where there is no manifest, or a damaged one */
export async function verifySet(folder: string): Promise<Verification> {
  const manifest = await readManifest(folder)
  const files = [...manifest.pictures.flatMap(picture => picture.files), ...manifest.others]
  const missing: string[] = []
  const changed: string[] = []
  for (const { name, bytes, sha256 } of files) {
    const path = join(folder, name)
    const info = await stat(path).catch(() => null)
    if (!info) missing.push(name)
    else if (info.size !== bytes || (await sha256OfFile(path)) !== sha256) changed.push(name)
  }
  const known = new Set([MANIFEST, zipName(manifest.name), ...files.map(({ name }) => name)])
  const extra = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter(name => !known.has(name) && !name.startsWith('.zihua/'))
    .sort()
  const failures = manifest.failures.map(({ index, word, message }) => ({ index, word, message }))
  const unmade = manifest.total - manifest.pictures.length
  const ok = missing.length === 0 && changed.length === 0 && unmade === 0
  return { ok, files: files.length, missing, changed, extra, failures }
}

async function readManifest(folder: string) {
  const path = join(folder, MANIFEST)
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw absent
      ? fault('setUnfinished', { folder, file: MANIFEST }, { cause })
      : fault('manifestDamaged', { file: path }, { cause })
  }
}
