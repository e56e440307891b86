/**
 * Sidecar files: a picture's rating, tags, notes and trash mark lie in a small file beside it, "x.png.json". The
 * sidecar is
 * authoritative and the database a copy: it survives a rebuild, moves with the picture, and writing it never touches
 * the
 * picture.
 */
import { rm, stat } from 'node:fs/promises'
import { z } from 'zod'
import { readJson, writeDurably } from '../files/durable.ts'

export const SIDECAR_ENDING = '.json'

export const albumName = z.string().trim().min(1).max(120)

export const notesSchema = z.object({
  /** 0 = none, 1..5. */
  rating: z.int().min(0).max(5),
  tags: z.array(z.string().trim().min(1).max(60)).max(100),
  notes: z.string().max(10_000),
  /** Names of the user's own albums that it is in. */
  albums: z.array(albumName).max(100).default([]),
  /** When it was put into the trash, ISO 8601; null: it is not there. */
  trashed: z.iso.datetime().nullable(),
})
export type PictureNotes = z.infer<typeof notesSchema>
export const NO_NOTES: PictureNotes = { rating: 0, tags: [], notes: '', albums: [], trashed: null }

/** The notes on a picture. Throws SyntaxError or ZodError for a damaged file. */
export async function readNotes(picture: string): Promise<PictureNotes> {
  const value = await readJson(picture + SIDECAR_ENDING)
  return value === null ? NO_NOTES : notesSchema.parse(value)
}

/** Writes the notes, or deletes their file where there are none. @returns the file's time of change, or null */
export async function writeNotes(picture: string, notes: PictureNotes): Promise<number | null> {
  const file = picture + SIDECAR_ENDING
  const { albums, ...others } = notes
  const none =
    notes.rating === 0 && notes.tags.length === 0 && notes.notes === '' && notes.trashed === null && albums.length === 0
  if (none) {
    await rm(file, { force: true })
    return null
  }
  await writeDurably(file, `${JSON.stringify(albums.length > 0 ? notes : others, null, 2)}\n`)
  return (await stat(file)).mtimeMs
}
