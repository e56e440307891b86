/** Where a set is made. */
import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { fault } from '../faults/fault.ts'
import { safeName } from '../files/safe-name.ts'
import type { StudioQueue } from '../queue/studio-jobs.ts'
import type { SetInput } from '../sets/definition.ts'
import { fingerprintOf, setIn } from '../sets/state.ts'
import type { PlannedSet } from './api/sets.ts'

export interface SetFolderOptions {
  dataFolder: string
  queue: StudioQueue
  /** As the user has named it. */
  wanted?: string | undefined
}

/**
 * The folder that is wanted, or the first one named after the set that is free or contains the same set.
 * @throws StudioError 'bad-request' where the wanted one is not absolute
 */
export async function folderForSet(
  set: SetInput,
  { dataFolder, queue, wanted }: SetFolderOptions,
): Promise<Pick<PlannedSet, 'folder' | 'found'>> {
  const own = fingerprintOf(set)
  if (wanted !== undefined) {
    if (!isAbsolute(wanted)) throw fault('folderNotAbsolute', { folder: wanted })
    const there = await setIn(wanted)
    return { folder: wanted, found: there === null ? 'nothing' : there === own ? 'same' : 'other' }
  }
  const waiting = foldersOfWaitingSets(queue)
  const first = join(dataFolder, 'sets', safeName(set.name ?? 'set', 'set'))
  for (let n = 1; ; n++) {
    const folder = n === 1 ? first : `${first} (${n})`
    const there = existsSync(folder) ? await setIn(folder) : waiting.get(folder)
    if (there === own) return { folder, found: 'same' }
    if (there === undefined) return { folder, found: 'nothing' }
  }
}

/** Folders of waiting sets, which may not exist yet, with the sets' fingerprints. */
function foldersOfWaitingSets(queue: StudioQueue): ReadonlyMap<string, string> {
  const folders = new Map<string, string>()
  for (const job of queue.list()) {
    if (job.kind !== 'set' || job.state !== 'waiting') continue
    // The list shows sets without their words.
    const whole = queue.get(job.id)
    if (whole?.kind === 'set') folders.set(job.payload.folder, fingerprintOf(whole.payload.set))
  }
  return folders
}
