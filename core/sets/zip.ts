/** A finished set in one file. */
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { cannotWrite, INCOMPLETE, syncFolder } from '../files/durable.ts'
import { safeName } from '../files/safe-name.ts'
import type { ListedFile } from './manifest.ts'

/** The earliest time that ZIP knows, in local time as the format has it: the same set gives the same file. */
const NO_DATE = new Date(1980, 0, 1)

/** Name of a set's ZIP file. */
export const zipName = (set: string): string => `${safeName(set, 'set')}.zip`

/** Packs the files below a folder named like the set. Pictures are not compressed again. @throws StudioError 'cannot-write' */
export async function writeZip(
  folder: string,
  set: string,
  files: readonly ListedFile[],
  staging: string,
): Promise<string> {
  const target = join(folder, zipName(set))
  const temporary = join(staging, `set.zip${INCOMPLETE}`)
  const zip = new ZipFile()
  for (const { name } of files) {
    zip.addFile(join(folder, name), `${safeName(set, 'set')}/${name}`, {
      mtime: NO_DATE,
      mode: 0o100644,
      compress: /\.(json|csv)$/.test(name),
      forceDosTimestamp: true,
    })
  }
  zip.end()
  try {
    await pipeline(zip.outputStream, createWriteStream(temporary))
    const handle = await open(temporary, 'r+')
    await handle.sync().finally(() => handle.close())
    await rename(temporary, target)
    await syncFolder(folder)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    throw cannotWrite(target, cause)
  }
  return target
}
