/**
 * How far a set in a folder is, from what its makers have left there: plan.json, written at the start of each run, names
 * the pictures; the journal says which of them are done or have failed. Read only, so that anyone may look at any time.
 */
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ErrorReport, Phrase } from '../faults/studio-error.ts'
import { canonical } from '../files/canonical-json.ts'
import { readJson, writeDurably } from '../files/durable.ts'
import { sha256 } from '../files/hashes.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import type { JudgementRecord } from '../library/record.ts'
import { parseSet, type SetInput } from './definition.ts'
import { type Done, parseLine, phraseSchema } from './journal.ts'
import type { Plan } from './plan.ts'

/** Where a set keeps its journal, its plan and its half-written files. */
export const WORK_FOLDER = '.zihua'
export const JOURNAL = 'journal.jsonl'
const PLAN = 'plan.json'

const plannedSchema = z.object({ key: z.string(), index: z.int(), word: z.string() })
/** A note of an older version is its English alone. */
const noteSchema = z.union([z.string().transform(message => ({ message })), phraseSchema])
const planSchema = z.object({ set: z.string(), pictures: z.array(plannedSchema), notes: z.array(noteSchema) })

/** A picture of a set that is done; its first file stands for it. */
export interface MadePicture {
  index: number
  word: string
  style: string
  seed: number
  legibility: number | null
  judgement: JudgementRecord | null
  /** Below the set's folder. */
  name: string
  sha256: string
}

export interface SetFailure extends ErrorReport {
  index: number
  word: string
}

export interface SetState {
  total: number
  /** In the order in which they were made. */
  pictures: MadePicture[]
  failures: SetFailure[]
  /** Names that had to be changed. */
  notes: Phrase[]
}

/** The same for every way to write the same set. */
export const fingerprintOf = (set: SetInput): string => sha256(canonical(parseSet(set)))

/** @throws StudioError 'cannot-write' */
export function writePlan(work: string, set: SetInput, { pictures, notes }: Plan): Promise<void> {
  const planned = pictures.map(({ key, index, word }) => ({ key, index, word }))
  return writeDurably(join(work, PLAN), JSON.stringify({ set: fingerprintOf(set), pictures: planned, notes }))
}

/** Whether a folder holds a set, and which: by its fingerprint. null: none, or none that can be read. */
export async function setIn(folder: string): Promise<string | null> {
  return (await readPlan(join(folder, WORK_FOLDER, PLAN)))?.set ?? null
}

export function madePicture({ index, word }: { index: number; word: string }, done: Done): MadePicture | null {
  const made = madeOf(done)
  return made && { index, word, ...made }
}

type Made = Omit<MadePicture, 'index' | 'word'>

function madeOf({ files: [file], request: { style, seed }, legibility, judgement }: Done): Made | null {
  return file ? { style, seed, legibility, judgement: judgement ?? null, name: file.name, sha256: file.sha256 } : null
}

/** Follows one set; what it has read once it does not read again. */
export class SetReader {
  readonly #work: string
  readonly #fingerprint: string
  /** Bytes of the journal that are read, to the end of a line. */
  #read = 0
  readonly #done = new Map<string, Made | null>()
  readonly #failed = new Map<string, ErrorReport>()
  #plan: z.infer<typeof planSchema> | null = null
  #planTime = 0
  /** Readings follow each other. */
  readonly #queue = new SerialQueue()

  constructor(folder: string, set: SetInput) {
    this.#work = join(folder, WORK_FOLDER)
    this.#fingerprint = fingerprintOf(set)
  }

  /** Nothing where the folder holds no set, or another one. */
  read(): Promise<SetState> {
    return this.#queue.run(() => this.#next())
  }

  async #next(): Promise<SetState> {
    await this.#readPlan()
    await this.#readJournal()
    if (this.#plan?.set !== this.#fingerprint) return { total: 0, pictures: [], failures: [], notes: [] }
    const planned = new Map(this.#plan.pictures.map(picture => [picture.key, picture]))
    const pictures = [...this.#done].flatMap(([key, made]) => {
      const about = planned.get(key)
      return about && made ? { index: about.index, word: about.word, ...made } : []
    })
    const failures = [...this.#failed].flatMap(([key, error]) => {
      const about = planned.get(key)
      return about ? { index: about.index, word: about.word, ...error } : []
    })
    return { total: planned.size, pictures, failures, notes: this.#plan.notes }
  }

  async #readPlan(): Promise<void> {
    const file = join(this.#work, PLAN)
    const time = (await stat(file).catch(() => null))?.mtimeMs ?? 0
    if (time === this.#planTime) return
    this.#planTime = time
    this.#plan = await readPlan(file)
  }

  async #readJournal(): Promise<void> {
    const handle = await open(join(this.#work, JOURNAL), 'r').catch(() => null)
    if (!handle) return
    try {
      const { size } = await handle.stat()
      if (size < this.#read) this.#forget()
      const bytes = Buffer.alloc(Math.max(0, size - this.#read))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.#read)
      let from = 0
      for (let end = bytes.indexOf(10); end >= 0 && end < bytesRead; end = bytes.indexOf(10, from)) {
        this.#note(bytes.toString('utf8', from, end))
        from = end + 1
      }
      this.#read += from
    } finally {
      await handle.close()
    }
  }

  /** A maker has cut off what it could not trust. */
  #forget(): void {
    this.#read = 0
    this.#done.clear()
    this.#failed.clear()
  }

  #note(text: string): void {
    const line = parseLine(text)
    // Set anew, so that what was made last stands last.
    if (line?.event === 'done') {
      this.#done.delete(line.key)
      this.#done.set(line.key, madeOf(line.done))
      this.#failed.delete(line.key)
    } else if (line?.event === 'failed') this.#failed.set(line.key, line.error)
  }
}

async function readPlan(file: string): Promise<z.infer<typeof planSchema> | null> {
  const found = planSchema.safeParse(await readJson(file).catch(() => null))
  return found.success ? found.data : null
}
