/**
 * What a set has done so far: a line of JSON for each event, each line flushed before the next step. After a kill the last
 * line may be torn; it is dropped. Files are named in a "begin" line before they appear, so that whatever a kill leaves in
 * the folder is known to be ours. Of a picture that is done, memory keeps its files alone; the rest is read from the journal
 * where it is needed, so that a set of ten thousand pictures takes no more memory than one of a hundred.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { requestSchema } from '../contract/request.ts'
import { ERROR_CODES } from '../faults/studio-error.ts'
import { cannotWrite, makeFolder, syncFolder } from '../files/durable.ts'
import { parsed } from '../files/parsed.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import { FORMATS } from '../image/encode.ts'
import { judgementSchema } from '../library/record.ts'
import { fingerprintSchema } from '../processes/painting/fingerprint.ts'

export const fileSchema = z.object({
  name: z.string(),
  kind: z.string(),
  format: z.enum(FORMATS),
  bytes: z.int(),
  sha256: z.string(),
})
export type MadeFile = z.infer<typeof fileSchema>

export const doneSchema = z.object({
  request: requestSchema,
  prompt: z.string(),
  negativePrompt: z.string().nullable(),
  legibility: z.number().nullable(),
  /** How it came about; older sets have none. */
  judgement: judgementSchema.optional(),
  /** Pictures made until this one was kept, and the factor of its weights. */
  tries: z.int(),
  scale: z.number(),
  milliseconds: z.number(),
  files: z.array(fileSchema),
  /** The machine and engine that computed it; older sets do not say. */
  made: fingerprintSchema.optional(),
})
export type Done = z.infer<typeof doneSchema>

export const phraseSchema = z.object({
  message: z.string(),
  key: z.string().optional(),
  values: z.record(z.string(), z.unknown()).optional(),
})
export const errorSchema = phraseSchema.extend({ code: z.enum(ERROR_CODES), hint: z.string() })

const lineSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('begin'), key: z.string(), names: z.array(z.string()) }),
  z.object({ event: z.literal('done'), key: z.string(), done: doneSchema }),
  z.object({ event: z.literal('failed'), key: z.string(), error: errorSchema }),
])
type Line = z.infer<typeof lineSchema>

/** What is kept in memory of a picture that is done. */
export interface DoneFiles extends Pick<Done, 'files' | 'legibility'> {
  /** Where its line lies in the journal, bytes. */
  at: number
  length: number
}

export class Journal {
  readonly #handle: FileHandle
  readonly #file: string
  readonly #queue = new SerialQueue()
  /** Bytes that are written. */
  #size = 0
  readonly done = new Map<string, DoneFiles>()
  readonly failed = new Map<string, z.infer<typeof errorSchema>>()
  /** Every file name that this set has ever begun. */
  readonly ours = new Set<string>()

  private constructor(file: string, handle: FileHandle) {
    this.#file = file
    this.#handle = handle
  }

  /** Opens or begins the journal. @throws StudioError 'cannot-write' */
  static async open(file: string): Promise<Journal> {
    try {
      await makeFolder(dirname(file))
      const handle = await open(file, 'a+')
      const journal = new Journal(file, handle)
      for await (const { line, length } of linesOf(handle)) journal.#note(line, length)
      // A torn line would swallow the next one.
      await handle.truncate(journal.#size)
      await syncFolder(dirname(file))
      return journal
    } catch (cause) {
      throw cannotWrite(file, cause)
    }
  }

  /** Appends and flushes, one line after the other. @throws StudioError 'cannot-write' */
  write(line: Line): Promise<void> {
    return this.#queue.run(() => this.#append(line))
  }

  /** All that is known of a picture that is done. @throws StudioError 'cannot-write' where the journal is damaged meanwhile */
  async read(key: string): Promise<Done> {
    const { at, length } = this.done.get(key)!
    const { buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, at)
    const line = parseLine(buffer.toString('utf8'))
    if (line?.event !== 'done' || line.key !== key) throw cannotWrite(this.#file, new Error('it has been changed'))
    return line.done
  }

  async #append(line: Line): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    try {
      await this.#handle.appendFile(bytes)
      await this.#handle.datasync()
    } catch (cause) {
      throw cannotWrite(this.#file, cause)
    }
    this.#note(line, bytes.length)
  }

  close(): Promise<void> {
    return this.#queue.run(() => this.#handle.close())
  }

  /** @param length of the line with its end, bytes */
  #note(line: Line, length: number): void {
    if (line.event === 'begin') for (const name of line.names) this.ours.add(name)
    else if (line.event === 'done') {
      const { files, legibility } = line.done
      this.done.set(line.key, { files, legibility, at: this.#size, length })
      this.failed.delete(line.key)
    } else this.failed.set(line.key, line.error)
    this.#size += length
  }
}

const BLOCK_BYTES = 1 << 20

/** The whole lines, each with its length and end in bytes. A line that is none ends the reading: what follows cannot be trusted. */
async function* linesOf(handle: FileHandle): AsyncGenerator<{ line: Line; length: number }> {
  let rest = Buffer.alloc(0)
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(BLOCK_BYTES), 0, BLOCK_BYTES, at)
    if (bytesRead === 0) return
    at += bytesRead
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
    let from = 0
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, from)) {
      const line = parseLine(rest.toString('utf8', from, end))
      if (!line) return
      yield { line, length: end + 1 - from }
      from = end + 1
    }
    rest = rest.subarray(from)
  }
}

/** null: a torn or foreign line. */
export function parseLine(text: string): Line | null {
  return parsed(text, lineSchema)
}
