/** Workbooks and Anki packages are read in a thread of their own, with a limit of memory and time. */
import { Worker } from 'node:worker_threads'
import { fault } from '../../faults/fault.ts'
import type { Sheet } from './workbook.ts'

export type ArchiveKind = 'workbook' | 'anki'

const DEADLINE_MS = 60_000
const HEAP_MB = 1024

/** @throws StudioError 'bad-request': damaged, too large, or not read in time */
export function readArchive(bytes: Uint8Array, file: string, kind: ArchiveKind): Promise<Sheet[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./archive-worker.ts', import.meta.url), {
      workerData: { kind, bytes },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    const refuse = (reason: string) => reject(fault('listUnreadable', { file, reason }))
    const deadline = setTimeout(() => {
      refuse(`it was not read within ${DEADLINE_MS / 1000} seconds`)
      void worker.terminate()
    }, DEADLINE_MS)
    worker.on('message', (answer: { sheets: Sheet[] } | { reason: string }) => {
      if ('sheets' in answer) resolve(answer.sheets)
      else refuse(answer.reason)
    })
    worker.on('error', error => refuse(error.message))
    worker.on('exit', () => {
      clearTimeout(deadline)
      refuse('its reader ended')
    })
  })
}
