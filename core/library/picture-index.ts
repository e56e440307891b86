/** The SQLite index of pictures. All of it can be rebuilt from the files, except how long the pictures of sets took. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { z } from 'zod'
import { type Request, requestSchema } from '../contract/request.ts'
import { transaction } from '../files/database.ts'
import { Families } from './families.ts'
import { type CompleteQuery, conditions, orderOf } from './picture-query.ts'
import type { PictureRecord, ReadRecord } from './record.ts'
import { fold, searchText } from './search-text.ts'
import type { PictureNotes } from './sidecar.ts'
import { Speeds } from './speeds.ts'

/** A picture of the library, as lists show it. */
export interface LibraryPicture extends PictureNotes {
  id: string
  /** Relative to the folder of pictures, with "/". */
  file: string
  bytes: number
  created: string
  word: string | null
  translation: string | null
  style: string
  model: string
  width: number
  height: number
  seed: number
  sampler: string
  steps: number
  draft: boolean
  /** 0..1, or null where no word was drawn. */
  legibility: number | null
  /** The set that it was made in. */
  set: { id: string; name: string } | null
}

/** A picture with its request and record. */
export interface PictureDetails extends LibraryPicture {
  version: string
  request: Request
  record: PictureRecord | null
}

/** An index entry, as read from the picture's files. */
export interface IndexedFile extends ReadRecord {
  id: string
  file: string
  fileMtime: number
  bytes: number
  created: string
  notes: PictureNotes
  sidecarMtime: number | null
  /** What dictionaries know of its word (knownOf); absent: not looked up yet. */
  known?: string
}

const COLUMNS =
  'id, file, bytes, created, word, translation, style, model, width, height, seed, sampler, steps, draft, legibility, rating, notes, trashed, set_id, set_name'

export class PictureIndex {
  readonly database: DatabaseSync
  readonly families: Families
  readonly speeds: Speeds
  /** Hears of the file of a row that cannot be read. */
  onBadRow: (file: string) => void = () => {}

  constructor(database: DatabaseSync) {
    this.database = database
    this.families = new Families(database)
    this.speeds = new Speeds(database)
  }

  /** Adds or replaces a row; a file that was overwritten keeps one row. */
  put(entry: IndexedFile): void {
    const { request, record, notes } = entry
    const job = record?.job ?? null
    const values: Record<string, SQLInputValue> = {
      id: entry.id,
      file: entry.file,
      file_mtime: entry.fileMtime,
      bytes: entry.bytes,
      created: entry.created,
      word: request.word?.normalize('NFC') ?? null,
      translation: request.translation,
      style: request.style,
      model: request.model,
      sampler: request.sampler,
      seed: request.seed,
      steps: request.steps,
      width: request.width,
      height: request.height,
      draft: record?.draft ? 1 : 0,
      legibility: record?.legibility ?? null,
      // Of two pictures of one job (a copy under another id) the first keeps the job.
      job: job && [null, entry.id].includes(this.ofJob(job)) ? job : null,
      version: entry.version,
      request: JSON.stringify(request),
      record: record && JSON.stringify(record),
      rating: notes.rating,
      notes: notes.notes,
      trashed: notes.trashed,
      sidecar_mtime: entry.sidecarMtime,
      set_id: record?.set?.id ?? null,
      set_name: record?.set?.name ?? null,
      known: entry.known ?? null,
      search: searchText(request, record?.prompt ?? request.prompt, notes, entry.known ?? ''),
    }
    const names = Object.keys(values)
    this.database.prepare('DELETE FROM pictures WHERE file = ? OR id = ?').run(entry.file, entry.id)
    this.database
      .prepare(`INSERT INTO pictures (${names.join(', ')}) VALUES (${names.map(name => `:${name}`).join(', ')})`)
      .run(values)
    this.#putNames(entry.id, notes)
  }

  #putNames(id: string, { tags, albums }: PictureNotes): void {
    const tag = this.database.prepare('INSERT OR IGNORE INTO tags (picture, tag) VALUES (?, ?)')
    for (const name of tags) tag.run(id, name)
    const album = this.database.prepare('INSERT OR IGNORE INTO albums (picture, album) VALUES (?, ?)')
    for (const name of albums) album.run(id, name)
  }

  putAll(entries: readonly IndexedFile[]): void {
    transaction(this.database, () => {
      for (const entry of entries) this.put(entry)
    })
  }

  remove(ids: readonly string[]): void {
    const statement = this.database.prepare('DELETE FROM pictures WHERE id = ?')
    transaction(this.database, () => {
      for (const id of ids) statement.run(id)
    })
  }

  clear(): void {
    this.database.exec('DELETE FROM pictures')
  }

  /** A page of pictures, and how many there are in all. */
  list(query: CompleteQuery): { pictures: LibraryPicture[]; total: number } {
    const { where, values } = conditions(query)
    const total = this.database.prepare(`SELECT count(*) AS n FROM pictures WHERE ${where}`).get(...values)!
    const rows = this.database
      .prepare(`SELECT ${COLUMNS} FROM pictures WHERE ${where} ORDER BY ${orderOf(query)} LIMIT ? OFFSET ?`)
      .all(...values, query.limit, query.offset)
    return { pictures: rows.map(row => this.#picture(row)), total: Number(total['n']) }
  }

  get(id: string): PictureDetails | null {
    const row = this.database.prepare(`SELECT ${COLUMNS}, version, request, record FROM pictures WHERE id = ?`).get(id)
    if (!row) return null
    try {
      return {
        ...this.#picture(row),
        version: String(row['version']),
        request: requestSchema.parse(JSON.parse(String(row['request']))),
        record: row['record'] === null ? null : (JSON.parse(String(row['record'])) as PictureRecord),
      }
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error
      this.onBadRow(String(row['file']))
      return null
    }
  }

  /** The picture that a job has already made, by its key. */
  ofJob(job: string): string | null {
    const row = this.database.prepare('SELECT id FROM pictures WHERE job = ?').get(job)
    return row ? String(row['id']) : null
  }

  /** Files as the index knows them, to be compared with the folder. */
  files(): { id: string; file: string; sidecarMtime: number | null }[] {
    const rows = this.database.prepare('SELECT id, file, sidecar_mtime FROM pictures').all()
    return rows.map(row => ({
      id: String(row['id']),
      file: String(row['file']),
      sidecarMtime: row['sidecar_mtime'] as number | null,
    }))
  }

  trashed(): string[] {
    return this.database
      .prepare('SELECT id FROM pictures WHERE trashed IS NOT NULL')
      .all()
      .map(row => String(row['id']))
  }

  /** Copies a picture's notes from its sidecar. */
  setNotes(id: string, notes: PictureNotes, sidecarMtime: number | null): void {
    const details = this.get(id)
    if (!details) return
    const row = this.database.prepare('SELECT known FROM pictures WHERE id = ?').get(id)
    const known = typeof row?.['known'] === 'string' ? row['known'] : ''
    const search = searchText(details.request, details.record?.prompt ?? details.request.prompt, notes, known)
    this.database
      .prepare('UPDATE pictures SET rating = ?, notes = ?, trashed = ?, sidecar_mtime = ?, search = ? WHERE id = ?')
      .run(notes.rating, notes.notes, notes.trashed, sidecarMtime, search, id)
    for (const table of ['tags', 'albums']) this.database.prepare(`DELETE FROM ${table} WHERE picture = ?`).run(id)
    this.#putNames(id, notes)
  }

  /** Some pictures whose words have not been looked up yet. */
  notLookedUp(limit: number): { id: string; word: string | null }[] {
    const rows = this.database.prepare('SELECT id, word FROM pictures WHERE known IS NULL LIMIT ?').all(limit)
    return rows.map(({ id, word }) => ({ id: String(id), word: word === null ? null : String(word) }))
  }

  /** What dictionaries know of a picture's word becomes a part of what it is found by. */
  setKnown(id: string, known: string): void {
    this.database
      .prepare('UPDATE pictures SET known = ?, search = search || ? WHERE id = ? AND known IS NULL')
      .run(known, fold(`\n${known}`), id)
  }

  #picture({ set_id: set, set_name: setName, ...row }: Record<string, unknown>): LibraryPicture {
    const id = String(row['id'])
    const tags = this.database.prepare('SELECT tag FROM tags WHERE picture = ? ORDER BY tag').all(id)
    const albums = this.database.prepare('SELECT album FROM albums WHERE picture = ? ORDER BY album').all(id)
    return {
      ...(row as unknown as Omit<LibraryPicture, 'draft' | 'tags' | 'albums' | 'set'>),
      draft: row['draft'] === 1,
      tags: tags.map(({ tag }) => String(tag)),
      albums: albums.map(({ album }) => String(album)),
      set: typeof set === 'string' ? { id: set, name: String(setName) } : null,
    }
  }
}
