/** A thread that reads one workbook or package and ends: what a stranger packed can stop nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import { readAnkiPackage } from './anki-package.ts'
import { readWorkbook } from './workbook.ts'

const { kind, bytes } = workerData as { kind: 'workbook' | 'anki'; bytes: Uint8Array }
const read = kind === 'anki' ? readAnkiPackage : readWorkbook
try {
  parentPort!.postMessage({ sheets: await read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) })
} catch (error) {
  parentPort!.postMessage({ reason: error instanceof Error ? error.message : String(error) })
}
