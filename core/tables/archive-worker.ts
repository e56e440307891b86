/** The thread of archives.ts: what a stranger packed is unpacked here and can stop nothing else. */
import { answer } from '../channel/answer.ts'
import { fault, reasonOf } from '../faults/fault.ts'
import { readAnkiPackage } from './anki-package.ts'
import type { ArchiveCalls } from './archives.ts'
import { readWorkbook } from './workbook.ts'

answer<ArchiveCalls>({
  read: async ({ kind, bytes, file }) => {
    const read = kind === 'anki' ? readAnkiPackage : readWorkbook
    try {
      return await read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    } catch (cause) {
      throw fault('listUnreadable', { file, reason: reasonOf(cause).replace(/\.$/, '') }, { cause })
    }
  },
})
