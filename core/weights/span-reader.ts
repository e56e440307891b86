import type { FileHandle } from 'node:fs/promises'
import { awaitedLater } from '../files/awaited-later.ts'
import { openFile, readSpan } from './safetensors.ts'

/** Spans of a few files, each opened once: merging reads thousands of them. */
export class SpanReader implements AsyncDisposable {
  readonly #handles = new Map<string, Promise<FileHandle>>()

  /**
   * @param buffer as long as the span; a new one by default
   * @throws StudioError as readBytes
   */
  async read(file: string, offset: number, length: number, buffer?: Buffer): Promise<Uint8Array> {
    const opened = this.#handles.get(file) ?? awaitedLater(openFile(file))
    this.#handles.set(file, opened)
    return readSpan(await opened, file, offset, length, buffer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of this.#handles.values()) await (await opened.catch(() => null))?.close()
  }
}
