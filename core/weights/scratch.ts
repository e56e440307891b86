/** Folders of files that last as long as an opened model: merged LoRA weights, tables with the words of embeddings. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fault } from '../faults/fault.ts'

const SCRATCH = 'zihua-merged-'

/** Is the file one that lasts as long as an opened model? */
export const isScratch = (file: string): boolean => basename(dirname(file)).startsWith(SCRATCH)

export interface Scratch {
  readonly folder: string
  /** Deletes the folder. Idempotent. */
  dispose(): Promise<void>
}

/**
 * @param root as large as the changed weights: up to 5 GB for an fp16 UNet. The system's temporary folder by default
 * @throws StudioError 'cannot-write'
 */
export async function makeScratch(root: string = tmpdir()): Promise<Scratch> {
  await removeStale(root)
  const folder = await mkdtemp(join(root, `${SCRATCH}${process.pid}-`)).catch((cause: Error) => {
    throw fault('scratchUnwritable', { folder: root, reason: cause.message }, { cause })
  })
  return { folder, dispose: () => rm(folder, { recursive: true, force: true }) }
}

/** A killed process leaves gigabytes behind: the folders of processes that are gone are removed. */
async function removeStale(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const pid = name.startsWith(SCRATCH) ? Number.parseInt(name.slice(SCRATCH.length), 10) : Number.NaN
    if (pid > 0 && !isRunning(pid)) await rm(join(root, name), { recursive: true, force: true }).catch(() => {})
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
