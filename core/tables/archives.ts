/** Workbooks and Anki packages are read in a thread of their own, with a limit of memory and time. */
import { Channel } from '../channel/channel.ts'
import { startThread } from '../channel/endpoint.ts'
import { fault } from '../faults/fault.ts'
import type { Sheet } from './workbook.ts'

export type ArchiveKind = 'workbook' | 'anki'

export interface ArchiveCalls {
  read: { request: { bytes: Uint8Array; file: string; kind: ArchiveKind }; event: never; reply: Sheet[] }
}

const DEADLINE_MS = 60_000
const HEAP_MB = 1024

/** @throws StudioError 'bad-request': damaged, too large; also where it is not read in time */
export async function readArchive(bytes: Uint8Array, file: string, kind: ArchiveKind): Promise<Sheet[]> {
  const thread = new Channel<ArchiveCalls>(startThread(new URL('./archive-worker.ts', import.meta.url), HEAP_MB), {
    died: ({ how }) => fault('listUnreadable', { file, reason: how }),
  })
  try {
    return await thread.call('read', { bytes, file, kind }, { deadlineMs: DEADLINE_MS }).reply
  } finally {
    await thread.kill()
  }
}
