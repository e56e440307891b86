/// <reference path="./yauzl.d.ts" />
/** Files out of a stranger's ZIP, with limits. */
import { buffer } from 'node:stream/consumers'
import { fromBufferPromise } from 'yauzl'

/** Nothing that is read of a list has more, unpacked; what says less than it has is refused by the reader. */
export const MOST_BYTES = 200 * 1024 * 1024
const MOST_ENTRIES = 200_000

/**
 * Unpacks the entries of a ZIP that are asked for.
 * @param wanted by name; the others are not unpacked
 * @throws Error in yauzl's or our own words: no ZIP, damaged, too large
 */
export async function zipEntries(bytes: Buffer, wanted: (name: string) => boolean): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySize: true })
  if (zip.entryCount > MOST_ENTRIES) throw new Error('it has too many entries')
  const found = new Map<string, Buffer>()
  let total = 0
  for await (const entry of zip.eachEntry()) {
    if (!wanted(entry.fileName)) continue
    total += entry.uncompressedSize
    if (total > MOST_BYTES) throw new Error(`it unpacks to more than ${MOST_BYTES / 1024 / 1024} MB`)
    found.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)))
  }
  return found
}
