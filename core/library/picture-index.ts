/** The SQLite index of pictures. All of it can be rebuilt from the files, except how long the pictures of sets took. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { z } from 'zod'
import { type Request, requestSchema } from '../contract/request.ts'
import { troubleOf } from '../faults/sqlite.ts'
import { transaction } from '../files/database.ts'
import type { TimedPicture } from './expected-time.ts'
import { type CompleteQuery, conditions, orderOf } from './picture-query.ts'
import type { PictureRecord, ReadRecord } from './record.ts'
import { fold, searchText } from './search-text.ts'
import type { PictureNotes } from './sidecar.ts'

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

/** Pictures that belong together: a set's, or what the user has put together. */
export interface Album {
  kind: 'set' | 'own'
  /** Of a set its id; of an own album its name. */
  id: string
  name: string
  /** How many pictures it has outside the trash. */
  pictures: number
  /** Id of its newest picture. */
  cover: string
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

/** A model's speed is estimated from so many of its newest pictures. */
const TIMED = 15

/** Of versions of one picture no more are listed. */
const MOST_VERSIONS = 500

const COLUMNS =
  'id, file, bytes, created, word, translation, style, model, width, height, seed, sampler, steps, draft, legibility, rating, notes, trashed, set_id, set_name'

export class PictureIndex {
  readonly database: DatabaseSync
  /** Hears of the file of a row that cannot be read. */
  onBadRow: (file: string) => void = () => {}

  constructor(database: DatabaseSync) {
    this.database = database
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

  /** A model's last pictures, with what their stages took. */
  timed(model: string): (TimedPicture & { at: string })[] {
    return this.database
      .prepare(
        'SELECT created, request, record FROM pictures WHERE model = ? AND record IS NOT NULL ORDER BY created DESC LIMIT ?',
      )
      .all(model, TIMED)
      .flatMap(({ created, request, record }) => {
        const timings = timingsOf(String(record))
        return timings ? [{ at: String(created), request: JSON.parse(String(request)) as Request, timings }] : []
      })
  }

  /** Milliseconds a megapixel step with a model, the median of its last pictures, those of sets included; null: there is none. */
  rate(model: string): number | null {
    const made = this.timed(model)
      // What is painted larger has steps of another kind: expected-time.ts.
      .filter(({ request }) => !request.upscale)
      .map(({ at, request: { width, height, steps }, timings: { maps: _, ...painting } }) => {
        const milliseconds = Object.values(painting).reduce((sum, ms) => sum + ms, 0)
        return { at, rate: milliseconds / ((width * height * steps) / 1e6) }
      })
    const inSets = this.#speeds(model).map(({ at, rate }) => ({ at: String(at), rate: Number(rate) }))
    const rates = [...made, ...inSets]
      .sort((a, b) => (a.at < b.at ? 1 : -1))
      .slice(0, TIMED)
      .map(({ rate }) => rate)
    return rates.length ? rates.sort((a, b) => a - b)[rates.length >> 1] : null
  }

  /**
   * A picture outside the library took so many milliseconds a megapixel step. Only the newest are kept; where the database
   * is busy or full, this one is not.
   */
  noteRate(model: string, rate: number): void {
    try {
      this.#keepRate(model, rate)
    } catch (error) {
      if (troubleOf(error) === null) throw error
    }
  }

  #keepRate(model: string, rate: number): void {
    this.database
      .prepare('INSERT INTO speeds (model, at, rate) VALUES (?, ?, ?)')
      .run(model, new Date().toISOString(), rate)
    const oldest = this.#speeds(model)[TIMED - 1]
    if (oldest) this.database.prepare('DELETE FROM speeds WHERE model = ? AND at < ?').run(model, oldest['at'])
  }

  #speeds(model: string) {
    return this.database
      .prepare('SELECT at, rate FROM speeds WHERE model = ? ORDER BY at DESC LIMIT ?')
      .all(model, TIMED)
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

  /** All albums: sets, the newest first, then the user's own by name. */
  albums(): Album[] {
    const sets = this.database
      .prepare(
        `SELECT set_id AS id, set_name AS name, count(*) AS pictures, id AS cover, max(created) AS newest
         FROM pictures WHERE trashed IS NULL AND set_id IS NOT NULL GROUP BY set_id ORDER BY newest DESC`,
      )
      .all()
    const own = this.database
      .prepare(
        `SELECT album AS id, album AS name, count(*) AS pictures, id AS cover, max(created) AS newest
         FROM albums JOIN pictures ON pictures.id = picture WHERE trashed IS NULL GROUP BY album ORDER BY album`,
      )
      .all()
    const viewOf = (kind: Album['kind']) => (row: Record<string, unknown>) => ({
      kind,
      id: String(row['id']),
      name: String(row['name']),
      pictures: Number(row['pictures']),
      cover: String(row['cover']),
    })
    return [...sets.map(viewOf('set')), ...own.map(viewOf('own'))]
  }

  /** The newest picture of a set outside the trash. */
  newestOfSet(set: string): string | null {
    const row = this.database
      .prepare('SELECT id FROM pictures WHERE set_id = ? AND trashed IS NULL ORDER BY created DESC LIMIT 1')
      .get(set)
    return row ? String(row['id']) : null
  }

  /** Ids of all pictures of an album of the user's own, those in the trash included. */
  inAlbum(album: string): string[] {
    return this.database
      .prepare('SELECT picture FROM albums WHERE album = ?')
      .all(album)
      .map(({ picture }) => String(picture))
  }

  /**
   * The versions of a picture outside the trash, the oldest first: from the first one that is still there, all that were
   * painted from it, and from those. Itself alone where it has no others.
   */
  versionsOf(id: string): string[] {
    return this.database
      .prepare(
        `WITH RECURSIVE
           above (id, parent, far) AS (
             SELECT id, parent, 0 FROM pictures WHERE id = ?
             UNION ALL
             SELECT p.id, p.parent, far + 1 FROM pictures p JOIN above ON p.id = above.parent WHERE far < ?),
           family (id) AS (
             SELECT * FROM (SELECT id FROM above ORDER BY far DESC LIMIT 1)
             UNION
             SELECT p.id FROM pictures p JOIN family ON p.parent = family.id)
         SELECT id FROM pictures WHERE id IN family AND trashed IS NULL ORDER BY created, id LIMIT ?`,
      )
      .all(id, MOST_VERSIONS, MOST_VERSIONS)
      .map(row => String(row['id']))
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

/** null for a record that cannot be read. */
function timingsOf(record: string): PictureRecord['timings'] | null {
  try {
    return (JSON.parse(record) as PictureRecord).timings ?? null
  } catch {
    return null
  }
}
