/** What is used of yauzl 3, which brings no types. */
declare module 'yauzl' {
  import type { Readable } from 'node:stream'

  export interface Entry {
    fileName: string
    /** As its directory says; with validateEntrySize a stream that has another size fails. */
    uncompressedSize: number
  }
  interface ZipFile {
    entryCount: number
    eachEntry(): AsyncIterable<Entry>
    openReadStreamPromise(entry: Entry): Promise<Readable>
  }
  export function fromBufferPromise(
    buffer: Buffer,
    options: { lazyEntries: true; validateEntrySize: true },
  ): Promise<ZipFile>
  export function openPromise(
    path: string,
    options: { lazyEntries: true; validateEntrySize: true; autoClose?: boolean },
  ): Promise<ZipFile>
}
