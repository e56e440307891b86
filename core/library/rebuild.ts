/** Rebuilds the index from the files, all of it or where the two differ. */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { transaction } from '../files/database.ts'
import type { IndexedFile, PictureIndex } from './picture-index.ts'
import { listFolder, readEntry, type Skipped } from './scan.ts'
import { SIDECAR_ENDING } from './sidecar.ts'

export interface RebuildReport {
  pictures: number
  /** Files left out: another program's, truncated, unreadable, or a second copy of a picture. */
  skipped: Skipped[]
  /** Pictures that are in the index without their rating, tags and notes, which could not be read. */
  notesLost: Skipped[]
}

/** Files read concurrently: enough to hide a disk's latency. */
const AT_ONCE = 16

/** Reads every picture, then replaces the whole index in one transaction: a crash leaves the old one. */
export async function rebuild(
  folder: string,
  index: PictureIndex,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<RebuildReport> {
  const { pictures, sidecars, incomplete } = await listFolder(folder)
  await removeLeftovers(folder, incomplete)
  const { entries, ...report } = await readAll(folder, pictures, sidecars, onProgress)
  transaction(index.database, () => {
    index.clear()
    for (const entry of entries) index.put(entry)
  })
  return report
}

/** Updates the index by the files' names and the sidecars' times of change alone: fast enough for every start. */
export async function reconcile(folder: string, index: PictureIndex): Promise<void> {
  const { pictures, sidecars } = await listFolder(folder)
  const known = new Map(index.files().map(entry => [entry.file, entry]))
  const there = new Set(pictures)
  const changed: string[] = []
  for (const file of pictures) {
    const row = known.get(file)
    const mtime = sidecars.has(file) ? (await stat(join(folder, file + SIDECAR_ENDING))).mtimeMs : null
    if (!row || row.sidecarMtime !== mtime) changed.push(file)
  }
  const gone = [...known.values()].filter(({ file }) => !there.has(file)).map(({ id }) => id)
  if (gone.length) index.remove(gone)
  const { entries } = await readAll(folder, changed, sidecars)
  // A copy must not take over the row of a picture that is still in its place.
  const places = new Map([...known.values()].map(({ id, file }) => [id, file]))
  const isCopy = ({ id, file }: IndexedFile) => {
    const place = places.get(id)
    return place !== undefined && place !== file && there.has(place)
  }
  if (entries.length) index.putAll(entries.filter(entry => !isCopy(entry)))
}

async function readAll(
  folder: string,
  files: readonly string[],
  sidecars: ReadonlySet<string>,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<RebuildReport & { entries: IndexedFile[] }> {
  const entries = new Map<string, IndexedFile>()
  const skipped: Skipped[] = []
  const notesLost: Skipped[] = []
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const part = files.slice(at, at + AT_ONCE)
    for (const found of await Promise.all(part.map(file => readEntry(folder, file, sidecars.has(file))))) {
      if ('reason' in found) {
        skipped.push(found)
        continue
      }
      const { entry } = found
      const twin = entries.get(entry.id)
      if (twin) skipped.push({ file: entry.file, reason: `It is a copy of ${twin.file}.` })
      else entries.set(entry.id, entry)
      if (found.notesLost) notesLost.push({ file: entry.file, reason: found.notesLost })
    }
    onProgress(Math.min(files.length, at + AT_ONCE), files.length)
  }
  return { pictures: entries.size, skipped, notesLost, entries: [...entries.values()] }
}

/** Younger temporary files may belong to a host that is writing them now. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000

async function removeLeftovers(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const info = await stat(join(folder, name)).catch(() => null)
    if (info && Date.now() - info.mtimeMs > LEFTOVER_AGE_MS) await rm(join(folder, name), { force: true })
  }
}
