/**
 * Files that a stranger's data may name: only regular ones are read. Opening never waits (a pipe without a writer would
 * block one of the few threads that all file work shares), and a device has no end.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { fault, phrase, reasonOf } from '../faults/fault.ts'

/** O_NONBLOCK does not exist on Windows, whose pipes lie under \\.\pipe and are refused by name. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

export interface RegularOptions {
  /** Refused where the file has more bytes. Default: any size. */
  maxBytes?: number | undefined
}

/**
 * Opens a regular file for reading; the caller closes it.
 * @throws StudioError 'bad-request' fileUnreadable: there is none, it is a folder, pipe or device, or too large
 */
export async function openRegular(path: string, { maxBytes }: RegularOptions = {}): Promise<FileHandle> {
  const handle = await open(path, FLAGS).catch(cause => {
    throw unreadable(path, cause)
  })
  try {
    const info = await handle.stat()
    check(path, info.isFile(), info.size, maxBytes)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** The bytes of a regular file, read in this thread. @throws StudioError as openRegular */
export function readRegularSync(path: string, { maxBytes }: RegularOptions = {}): Buffer {
  let file: number | null = null
  try {
    file = openSync(path, FLAGS)
    const info = fstatSync(file)
    check(path, info.isFile(), info.size, maxBytes)
    const bytes = Buffer.allocUnsafe(info.size)
    let at = 0
    for (let read = -1; read !== 0 && at < bytes.length; at += read)
      read = readSync(file, bytes, at, bytes.length - at, at)
    return bytes.subarray(0, at)
  } catch (cause) {
    throw unreadable(path, cause)
  } finally {
    if (file !== null) closeSync(file)
  }
}

function check(path: string, isFile: boolean, size: number, maxBytes = Number.POSITIVE_INFINITY): void {
  if (!isFile) throw fault('fileUnreadable', { file: path, reason: phrase('itIsNoFile') })
  if (size > maxBytes) throw fault('fileUnreadable', { file: path, reason: phrase('tooManyBytes', { most: maxBytes }) })
}

const unreadable = (file: string, cause: unknown) =>
  (cause as { key?: string }).key === 'fileUnreadable'
    ? (cause as Error)
    : fault('fileUnreadable', { file, reason: reasonOf(cause) }, { cause })

/**
 * Whether a path leads to another machine or into a folder of devices: even asking whether such a file exists may send
 * the user's name and password hash over the network (Windows), or wait for ever.
 */
export function leadsElsewhere(path: string): boolean {
  if (/^[\\/]{2}/.test(path) || /^[a-z][a-z0-9+.-]+:[\\/]{2}/i.test(path)) return true
  return /^[\\/](dev|proc|sys|net)([\\/]|$)/.test(path.replace(/[\\/]\.(?=[\\/])/g, ''))
}
