/** Durable writes: a file appears whole or not at all, and survives a power cut. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fault, reasonOf } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'

/** Ending of files that are still being written. One that is left over from a crash may be deleted. */
export const INCOMPLETE = '.incomplete'

/**
 * Writes to a temporary file, flushes it, renames it, and flushes the folder, so that the name never stands for half a
 * file, not even after a power cut.
 * @param staging folder of the temporary file, on the same disk; default the file's own folder
 * @param mode rights of a new file, as far as the user's umask leaves them; 0o600 for what is private
 * @throws StudioError 'cannot-write'; nothing half-written is left behind
 */
export async function writeDurably(
  file: string,
  bytes: Uint8Array | string | AsyncIterable<string>,
  staging = dirname(file),
  mode = 0o666,
): Promise<void> {
  const temporary = join(staging, `.${randomUUID()}${INCOMPLETE}`)
  let handle: FileHandle | null = null
  try {
    await makeFolder(dirname(file))
    handle = await open(temporary, 'wx', mode)
    await handle.writeFile(bytes)
    await handle.sync()
    await handle.close()
    handle = null
    await rename(temporary, file)
    await syncFolder(dirname(file))
  } catch (cause) {
    await handle?.close().catch(() => {})
    await rm(temporary, { force: true }).catch(() => {})
    throw cannotWrite(file, cause)
  }
}

/**
 * A folder and those above it, one level at a time: in /proc, which takes no folders, Node's recursive mkdir never returns.
 * @throws the system's error
 */
export async function makeFolder(folder: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(folder)
      return
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') return
      if (code !== 'ENOENT' || dirname(folder) === folder || tries > 1) throw error
      // If the parent exists by now, another caller has made it meanwhile.
      if (!existsSync(dirname(folder))) await makeFolder(dirname(folder))
    }
  }
}

/**
 * Flushes a folder: a rename survives a power cut only then. Windows has no such call; its file system journals
 * renames.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export function cannotWrite(file: string, cause: unknown): StudioError {
  return (cause as NodeJS.ErrnoException).code === 'ENOSPC'
    ? fault('diskFull', { file }, { cause })
    : fault('fileUnwritable', { file, reason: reasonOf(cause) }, { cause })
}

/** The file's JSON, or null where there is no such file. Throws SyntaxError for damaged JSON. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
