/**
 * One host with a page on a data folder: two would each have a window on the same queue and tell their users different
 * things. Commands that only add pictures go on beside it; the queue is made for that.
 */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { lockFolder } from '../files/lock.ts'
import { keepPrivate } from '../files/private-folder.ts'
import { readInvitation, removeInvitation } from './invitation.ts'

const fileIn = (dataFolder: string) => join(dataFolder, 'host.lock')

/** The first host of two that start together needs so long until it listens. */
const LONGEST_START_MS = 15_000
const LOOK_MS = 200

/**
 * Makes this process the folder's host until it ends or gives that back. On a disk that takes no lock (read-only) there is
 * none to have, and the studio itself says what is wrong.
 * @returns a function that gives it back
 * @throws StudioError studioOpen, with an address that opens the other host's page, where it has one
 */
export async function becomeHost(dataFolder: string): Promise<() => void> {
  for (const start = performance.now(); ; await wait(LOOK_MS)) {
    const release = tryToBecomeHost(dataFolder)
    if (release) return release
    const address = await readInvitation(dataFolder)
    // The other host is starting, or ending.
    if (address === null && performance.now() - start < LONGEST_START_MS) continue
    throw fault('studioOpen', { address })
  }
}

/** Resolves when the other host has ended. */
export async function otherHostEnded(dataFolder: string): Promise<void> {
  for (;;) {
    const release = tryToBecomeHost(dataFolder)
    if (release) return release()
    await wait(1000)
  }
}

/** null: another process is the host. */
function tryToBecomeHost(dataFolder: string): (() => void) | null {
  const file = fileIn(dataFolder)
  try {
    keepPrivate(dataFolder)
    const release = lockFolder(file, () => fault('studioOpen', { address: null }))
    if (process.platform !== 'win32') chmodSync(file, 0o600)
    removeInvitation(dataFolder)
    return release
  } catch (error) {
    if (error instanceof StudioError && error.key === 'studioOpen') return null
    return () => {}
  }
}
