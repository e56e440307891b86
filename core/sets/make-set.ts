/** Makes an image set: every picture once, however often it is interrupted. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { cannotWrite, INCOMPLETE, makeFolder } from '../files/durable.ts'
import { sha256OfFile } from '../files/hashes.ts'
import { lockFolder } from '../files/lock.ts'
import { drawCardFiles } from './cards.ts'
import { parseSet, type SetDefinition, type SetInput } from './definition.ts'
import { type DoneFiles, Journal } from './journal.ts'
import { PicturesOfSet, type SetOptions, setStopped } from './make-pictures.ts'
import { type ManifestEntry, writeManifest } from './manifest.ts'
import { claimFolder } from './ownership.ts'
import { planSet } from './plan.ts'
import type { PlannedPicture } from './planned.ts'
import { drawSheets } from './sheets.ts'
import { JOURNAL, type SetFailure, WORK_FOLDER, writePlan } from './state.ts'
import { writeZip } from './zip.ts'

export interface SetReport {
  folder: string
  total: number
  /** Made in this run, and found done from before. */
  made: number
  reused: number
  failures: SetFailure[]
  /** Names that had to be changed, and what else is worth knowing. */
  notes: string[]
  /** Everything is there: no failures and nothing left out by `only`. */
  complete: boolean
}

/**
 * Makes a set in a folder, or goes on with it. Done pictures are checked against their hashes and not made again. A
 * picture that fails is listed and the others go on; a disk that is full, or the signal, ends the run, which a later call
 * takes up again.
 * @throws StudioError 'cancelled', 'cannot-write', 'bad-request'; the latter also for a folder that is not the set's own
 */
export async function makeSet(input: SetInput, folder: string, options: SetOptions): Promise<SetReport> {
  const definition = parseSet(input)
  const { maker, base, signal, only = 'all', overwrite = false } = options
  const work = join(folder, WORK_FOLDER)
  await makeFolder(work).catch(cause => {
    throw cannotWrite(work, cause)
  })
  const unlock = lockFolder(join(work, 'lock.db'))
  const journal = await Journal.open(join(work, JOURNAL)).catch(error => {
    unlock()
    throw error
  })
  try {
    await claimFolder(folder, definition, overwrite)
    await removeLeftovers(work)
    const complete = maker.complete.bind(maker)
    const plan = await planSet(definition, { base, complete, foreign: await foreignFiles(folder, journal.ours) })
    await writePlan(work, definition, plan)
    const wasFailed = new Set(journal.failed.keys())
    const todo: PlannedPicture[] = []
    for (const picture of plan.pictures) {
      if (await isDone(folder, journal.done.get(picture.key))) journal.failed.delete(picture.key)
      else {
        journal.done.delete(picture.key)
        if (only === 'all' || wasFailed.has(picture.key)) todo.push(picture)
      }
    }
    const reused = plan.pictures.filter(picture => journal.done.has(picture.key)).length
    await new PicturesOfSet(definition, folder, journal, plan.pictures, options).make(todo)
    signal?.throwIfAborted()

    const entries = plan.pictures.map((picture): ManifestEntry => {
      const done = journal.done.get(picture.key) ?? null
      return { picture, done, error: done ? null : (journal.failed.get(picture.key) ?? null) }
    })
    const read = ({ key }: PlannedPicture) => journal.read(key)
    const drawn = [
      ...(await drawSheets(definition, entries, folder, work)),
      ...(await drawCardFiles(definition, entries, folder, work)),
    ]
    const listed = await writeManifest(definition, { entries, read }, drawn, { folder, staging: work })
    if (definition.zip) await writeZip(folder, definition.name, listed, work)
    const failures = entries.flatMap(({ picture, error }) =>
      error ? [{ index: picture.index, word: picture.word, ...error }] : [],
    )
    const done = entries.filter(entry => entry.done).length
    return {
      ...{ folder, failures, reused },
      total: plan.pictures.length,
      made: done - reused,
      notes: [...plan.notes, ...formatNotes(definition)].map(({ message }) => message),
      complete: done === plan.pictures.length,
    }
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw setStopped()
    throw error
  } finally {
    await journal.close()
    unlock()
  }
}

async function isDone(folder: string, done: DoneFiles | undefined): Promise<boolean> {
  if (!done) return false
  for (const { name, bytes, sha256: hash } of done.files) {
    const info = await stat(join(folder, name)).catch(() => null)
    if (info?.size !== bytes || (await sha256OfFile(join(folder, name))) !== hash) return false
  }
  return done.files.length > 0
}

/** Pictures in the folder that this set did not make. */
async function foreignFiles(folder: string, ours: ReadonlySet<string>): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter(
      name => !name.startsWith(`${WORK_FOLDER}/`) && !ours.has(name) && /\.(png|webp|jpe?g|avif|tiff?)$/i.test(name),
    )
    .filter(name => !/^(contact-sheet|grid)(-\d+)?\.png$/i.test(name))
}

async function removeLeftovers(work: string): Promise<void> {
  for (const name of await readdir(work)) if (name.endsWith(INCOMPLETE)) await rm(join(work, name), { force: true })
}

const formatNotes = ({ transparent, formats }: SetDefinition): Phrase[] =>
  transparent && formats.includes('jpeg') ? [phrase('jpegKeepsGround')] : []
