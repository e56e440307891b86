/** Room on the disk, asked for before a download begins and while it runs. */
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fault } from '../faults/fault.ts'

/** Left free for everything else, bytes. */
export const RESERVE = 256 << 20

/** Free bytes where a folder is, or will be; null where the system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  for (let path = folder; ; path = dirname(path)) {
    const found = await statfs(path).catch(() => null)
    if (found) return found.bavail * found.bsize
    if (dirname(path) === path) return null
  }
}

/** @throws StudioError 'cannot-write' */
export async function insistOnRoom(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free === null || free >= bytes + RESERVE) return
  throw fault('downloadNoRoom', { folder, megabytes: Math.ceil(bytes / 1e6), free: Math.floor(free / 1e6) })
}
