/** A process that downloads one file and may be killed at any moment. Tests and build/attack-downloads.ts only. */
import { Http } from './http.ts'
import { type FileToGet, transferFile } from './transfer.ts'

export interface ChildJob extends FileToGet {
  blockBytes: number
  ranges: number
  stallMs: number
  /** Retries in a row before it gives up. */
  most: number
}

const { blockBytes, ranges, stallMs, most, ...wanted } = JSON.parse(process.argv[2]) as ChildJob
await using http = new Http({ stallMs })
try {
  const { signal } = new AbortController()
  await transferFile(wanted, { http, signal, blockBytes, ranges, retry: { firstMs: 1, longestMs: 20, most } })
} catch (error) {
  process.exitCode = 1
  console.log((error as { key?: string }).key ?? String(error))
}
