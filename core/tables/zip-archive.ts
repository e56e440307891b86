/// <reference path="./yauzl.d.ts" />
/** A ZIP of our own making, kept open, of which single files are read. */
import { buffer } from 'node:stream/consumers'
import { type Entry, openPromise } from 'yauzl'

/**
 * Opens an archive and reads its directory.
 * @returns a function that unpacks a file by its name; null: there is none of that name
 * @throws the system's error, or yauzl's for a damaged archive
 */
export async function openArchive(path: string): Promise<(name: string) => Promise<Buffer | null>> {
  const zip = await openPromise(path, { lazyEntries: true, validateEntrySize: true, autoClose: false })
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  return async name => {
    const entry = entries.get(name)
    return entry ? buffer(await zip.openReadStreamPromise(entry)) : null
  }
}
