/** Room on the disk, asked for before a download begins and while it runs. */
import { fault } from '../faults/fault.ts'
import { freeBytes } from '../files/disk.ts'

/** Left free for everything else, bytes. */
export const RESERVE = 256 << 20

/** @throws StudioError 'cannot-write' */
export async function insistOnRoom(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free === null || free >= bytes + RESERVE) return
  throw fault('downloadNoRoom', { folder, megabytes: Math.ceil(bytes / 1e6), free: Math.floor(free / 1e6) })
}
