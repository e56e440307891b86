/** One maker at a time in a set's folder. */
import { open, readFile, rm, stat } from 'node:fs/promises'
import { fault } from '../faults/fault.ts'
import { cannotWrite } from './durable.ts'

/**
 * Takes the lock, also from a process that is dead.
 * @returns what gives it back
 * @throws StudioError 'cannot-write' while another process, or this one, makes the same set
 */
export async function lockFolder(file: string): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid)).finally(() => handle.close())
      return () => rm(file, { force: true })
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(file, cause)
      if (attempt > 0 || (await isHeld(file))) {
        throw fault('setLocked', { file }, { cause })
      }
      await rm(file, { force: true })
    }
  }
}

/** A lock that is empty and young is just being written. */
const WRITING_MS = 10_000

async function isHeld(file: string): Promise<boolean> {
  const [text, info] = await Promise.all([readFile(file, 'utf8').catch(() => ''), stat(file).catch(() => null)])
  const pid = Number(text)
  if (pid > 0) return isAlive(pid)
  return info !== null && Date.now() - info.mtimeMs < WRITING_MS
}

/** EPERM: it lives and belongs to someone else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
