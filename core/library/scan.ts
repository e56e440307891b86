/** Reads the folder of pictures, for the index. */
import type { Dirent } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '../faults/studio-error.ts'
import { INCOMPLETE } from '../files/durable.ts'
import { sha256 } from '../files/hashes.ts'
import type { IndexedFile } from './picture-index.ts'
import { readRecord } from './record.ts'
import { NO_NOTES, readNotes, SIDECAR_ENDING } from './sidecar.ts'

export interface Listing {
  /** PNG files, relative, with "/". */
  pictures: string[]
  /** Pictures that have a sidecar file (rating, tags, notes). */
  sidecars: Set<string>
  /** Left over from a crash. */
  incomplete: string[]
  /** Any other file. */
  others: string[]
}

/** All files under the folder, sorted. Links are not followed. */
export async function listFolder(folder: string): Promise<Listing> {
  const listing: Listing = { pictures: [], sidecars: new Set(), incomplete: [], others: [] }
  const walk = async (under: string) => {
    const entries: Dirent[] = await readdir(join(folder, under), { withFileTypes: true }).catch(() => [])
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = under ? `${under}/${entry.name}` : entry.name
      if (entry.isDirectory()) await walk(name)
      else if (name.endsWith(INCOMPLETE)) listing.incomplete.push(name)
      else if (entry.isFile() && /\.png$/i.test(name)) listing.pictures.push(name)
      else if (name.endsWith(`.png${SIDECAR_ENDING}`)) listing.sidecars.add(name.slice(0, -SIDECAR_ENDING.length))
      else listing.others.push(name)
    }
  }
  await walk('')
  return listing
}

/** Signature … IEND with its checksum: the last 12 bytes of every whole PNG. */
const END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])

/** A file that is not in the index, and why. */
export interface Skipped {
  file: string
  reason: string
}

/** The index entry of one file, or why it has none. */
export async function readEntry(
  folder: string,
  file: string,
  hasSidecar: boolean,
): Promise<{ entry: IndexedFile; notesLost: string | null } | Skipped> {
  const path = join(folder, file)
  try {
    const info = await stat(path)
    const found = await readRecord(path)
    if (!(await endsWell(path, info.size))) return { file, reason: 'It is truncated.' }
    if (!found) return { file, reason: 'It was not made by the studio.' }
    const notes = await readNotesOf(path, hasSidecar)
    const entry: IndexedFile = {
      ...found,
      // A picture without a record gets an id from its name, the same at every rebuild.
      id: found.record?.id ?? sha256(file).slice(0, 12),
      file,
      fileMtime: info.mtimeMs,
      bytes: info.size,
      created: found.record?.created ?? info.mtime.toISOString(),
      notes: notes.value,
      sidecarMtime: notes.mtime,
    }
    return { entry, notesLost: notes.lost }
  } catch (error) {
    return { file, reason: error instanceof StudioError ? error.message : (error as Error).message }
  }
}

async function endsWell(path: string, size: number): Promise<boolean> {
  const handle = await open(path, 'r')
  try {
    const tail = Buffer.alloc(END.length)
    await handle.read(tail, 0, END.length, Math.max(0, size - END.length))
    return tail.equals(END)
  } finally {
    await handle.close()
  }
}

async function readNotesOf(path: string, hasSidecar: boolean) {
  if (!hasSidecar) return { value: NO_NOTES, mtime: null, lost: null }
  const mtime = (await stat(path + SIDECAR_ENDING)).mtimeMs
  try {
    return { value: await readNotes(path), mtime, lost: null }
  } catch (error) {
    return { value: NO_NOTES, mtime, lost: `Its rating, tags and notes cannot be read (${(error as Error).message}).` }
  }
}
