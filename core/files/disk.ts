/** Room on the disk of a folder. */
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Bytes; null where there is no such folder, or the system does not tell. */
export async function diskOf(folder: string): Promise<{ free: number; total: number } | null> {
  const about = await statfs(folder).catch(() => null)
  return about && { free: about.bavail * about.bsize, total: about.blocks * about.bsize }
}

/** Free bytes where a folder is, or will be; null where the system does not tell. */
export async function freeBytes(folder: string): Promise<number | null> {
  for (let path = folder; ; path = dirname(path)) {
    const disk = await diskOf(path)
    if (disk) return disk.free
    if (dirname(path) === path) return null
  }
}
