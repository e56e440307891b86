/**
 * What a set has done so far: a line of JSON for each event, each line flushed before the next step. After a kill the last
 * line may be torn; it is dropped. Files are named in a "begin" line before they appear, so that whatever a kill leaves in
 * the folder is known to be ours.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises'
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

export class Journal {
  readonly #handle: FileHandle
  readonly #file: string
  readonly #queue = new SerialQueue()
  readonly done = new Map<string, Done>()
  readonly failed = new Map<string, z.infer<typeof errorSchema>>()
  /** Every file name that this set has ever begun. */
  readonly ours = new Set<string>()

  private constructor(file: string, handle: FileHandle, lines: readonly Line[]) {
    this.#file = file
    this.#handle = handle
    for (const line of lines) this.#note(line)
  }

  /** Opens or begins the journal. @throws StudioError 'cannot-write' */
  static async open(file: string): Promise<Journal> {
    try {
      await makeFolder(dirname(file))
      const { lines, whole } = await readLines(file)
      const handle = await open(file, 'a')
      // A torn line would swallow the next one.
      await handle.truncate(whole)
      await syncFolder(dirname(file))
      return new Journal(file, handle, lines)
    } catch (cause) {
      throw cannotWrite(file, cause)
    }
  }

  /** Appends and flushes, one line after the other. @throws StudioError 'cannot-write' */
  write(line: Line): Promise<void> {
    return this.#queue.run(() => this.#append(line))
  }

  async #append(line: Line): Promise<void> {
    try {
      await this.#handle.appendFile(`${JSON.stringify(line)}\n`)
      await this.#handle.datasync()
    } catch (cause) {
      throw cannotWrite(this.#file, cause)
    }
    this.#note(line)
  }

  close(): Promise<void> {
    return this.#queue.run(() => this.#handle.close())
  }

  #note(line: Line): void {
    if (line.event === 'begin') for (const name of line.names) this.ours.add(name)
    else if (line.event === 'done') {
      this.done.set(line.key, line.done)
      this.failed.delete(line.key)
    } else this.failed.set(line.key, line.error)
  }
}

/** The whole lines, and how many bytes they are. A line that is none ends the reading: what follows cannot be trusted. */
async function readLines(file: string): Promise<{ lines: Line[]; whole: number }> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
  const lines: Line[] = []
  let whole = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, whole)) {
    const line = parseLine(bytes.toString('utf8', whole, end))
    if (!line) break
    lines.push(line)
    whole = end + 1
  }
  return { lines, whole }
}

/** null: a torn or foreign line. */
export function parseLine(text: string): Line | null {
  return parsed(text, lineSchema)
}
