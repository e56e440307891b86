/** What was damaged and made anew, or cannot be written, when the studio opened. */
import { fault } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'
import type { Studio } from '../generate/studio.ts'
import type { Library } from '../library/library.ts'
import type { StudioQueue } from '../queue/studio-jobs.ts'
import type { SettingsFile } from './settings.ts'

export interface OpenedParts {
  studio: Studio
  library: Library
  queue: StudioQueue
  settings: SettingsFile
}

/** One error for each; told to the log and to the first page. */
export async function noticesOf({
  studio: { registry },
  library,
  queue,
  settings,
}: OpenedParts): Promise<StudioError[]> {
  // Reading the list repairs it.
  await registry.list()
  const aside = [library.damaged, queue.damaged, settings.damaged, registry.damaged]
  const errors = aside.flatMap(path =>
    path === null ? [] : [fault('putAside', { file: path.slice(0, path.lastIndexOf('.damaged-')), aside: path })],
  )
  if (queue.trouble) errors.push(queue.trouble)
  else if (library.full) errors.push(fault('databaseFull'))
  return errors
}
