/**
 * The library: pictures as PNG files that contain their request and record, and an index over them that can be rebuilt.
 */
import { randomBytes } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { ZodError } from 'zod'
import type { Request } from '../contract/request.ts'
import { fault, phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { troubleOf } from '../faults/sqlite.ts'
import {
  integrity,
  type OpenedDatabase,
  openDatabase,
  renewDatabase,
  transaction,
  whenFree,
} from '../files/database.ts'
import { writeDurably } from '../files/durable.ts'
import { HashCache, sha256 } from '../files/hashes.ts'
import { putAsideQuietly } from '../files/put-aside.ts'
import { leadsElsewhere } from '../files/regular-file.ts'
import { safeName } from '../files/safe-name.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import { VERSION } from '../files/version.ts'
import { encodePng, packPixels } from '../image/png.ts'
import { Thumbnails } from '../image/thumbnails.ts'
import { startScoring } from '../legibility/legibility-worker.ts'
import { ModelRegistry } from '../machine/registry.ts'
import type { ModelFiles } from '../pipeline/job.ts'
import { Assets } from './assets.ts'
import { type JudgedPicture, legibilityOf } from './maker.ts'
import { INDEX_MIGRATIONS } from './migrations.ts'
import { type LibraryPicture, type PictureDetails, PictureIndex } from './picture-index.ts'
import { type LibraryQuery, querySchema } from './picture-query.ts'
import { type RebuildReport, rebuild, reconcile } from './rebuild.ts'
import { judgementOf, type PictureRecord, type WeightsRecord, weightPaths } from './record.ts'
import { type Replay, replayRequest } from './replay.ts'
import { readEntry } from './scan.ts'
import { knownOf } from './search-text.ts'
import { NO_NOTES, notesSchema, type PictureNotes, readNotes, SIDECAR_ENDING, writeNotes } from './sidecar.ts'

export interface AddOptions {
  /** Folder that relative paths of the request start from. */
  base: string
  /** "<job>:<picture>": a picture that a job has made is added once, however often the job is run. */
  job?: string
  /** The score where it is known already; by default the picture is scored if it has a word. */
  legibility?: number | null
  /** The set that it belongs to. */
  set?: { id: string; name: string }
}

export type Notes = Partial<Pick<PictureNotes, 'rating' | 'tags' | 'notes' | 'albums'>>

/** So many words are looked up before other work has its turn. */
const LOOKED_UP_AT_ONCE = 20

export class Library {
  readonly dataFolder: string
  /** The folder of pictures, absolute. */
  readonly folder: string
  readonly index: PictureIndex
  readonly hashes: HashCache
  readonly assets: Assets
  readonly #thumbnails: Thumbnails
  readonly #noting = new SerialQueue()

  /** Told of a picture of a set when it has been added. */
  onSetPicture: (id: string) => void = () => {}

  /** The index was damaged, is kept under this name, and was made anew from the pictures. */
  readonly damaged: string | null
  /** The disk was full when the index was opened. */
  readonly full: boolean

  private constructor(
    dataFolder: string,
    index: PictureIndex,
    { damaged, full }: { damaged: string | null; full: boolean },
  ) {
    this.damaged = damaged
    this.full = full
    index.onBadRow = file => void this.#readAgain(file).catch(() => {})
    this.dataFolder = dataFolder
    this.folder = join(dataFolder, 'pictures')
    this.index = index
    this.hashes = new HashCache(index.database)
    this.assets = new Assets(join(dataFolder, 'assets'))
    this.#thumbnails = new Thumbnails(join(dataFolder, 'thumbnails'))
  }

  /**
   * Opens the library of a data folder and updates the index: pictures may have been added or removed by hand, or saved
   * by a
   * host that died before it could index them. Several hosts may have it open.
   * @throws StudioError 'cannot-write'
   */
  static async open(dataFolder: string): Promise<Library> {
    const file = join(dataFolder, 'library.db')
    return Library.#from(dataFolder, openDatabase(file, INDEX_MIGRATIONS, 'renew'))
  }

  static async #from(dataFolder: string, opened: OpenedDatabase): Promise<Library> {
    const library = new Library(dataFolder, new PictureIndex(opened.database), opened)
    try {
      if (opened.damaged) await library.rebuild()
      else await whenFree(() => reconcile(library.folder, library.index))
    } catch (error) {
      // What only shows when a row is looked up; a new index is made, once.
      if (troubleOf(error) === 'damaged' && !opened.damaged) {
        opened.database.close()
        return Library.#from(dataFolder, renewDatabase(join(dataFolder, 'library.db'), INDEX_MIGRATIONS))
      }
      // With a full disk or another program's lock the index is as old as it is: pictures can be seen, and deleted.
      const trouble = troubleOf(error)
      if (trouble === 'full' || trouble === 'busy' || trouble === 'unwritable') return library
      opened.database.close()
      throw error
    }
    return library
  }

  close(): void {
    this.index.database.close()
  }

  /** A picture is being painted that will be added: starts what add() would wait for. */
  expect(): void {
    startScoring()
  }

  /** Saves a picture, with all that a replay needs. @throws StudioError 'cannot-write', 'missing-model', 'bad-request' */
  async add(picture: JudgedPicture, { base, job, legibility, set }: AddOptions): Promise<PictureDetails> {
    const made = job ? this.index.ofJob(job) : null
    if (made) return this.get(made)
    // The score is computed in a process of its own; the first picture of a model has its files hashed meanwhile.
    const packed = packPixels(picture.image)
    packed.catch(() => undefined) // its error is read below
    const [judged, weights, known] = await Promise.all([
      legibility === undefined ? legibilityOf(picture) : null,
      this.#weights(picture.files),
      knownOf(picture.request.word),
    ])
    const { image, request, prompt, negativePrompt, draft, tokens, timings, peakMemory, engine } = picture
    const record: PictureRecord = {
      format: 1,
      id: newId(),
      created: new Date().toISOString(),
      prompt,
      negativePrompt,
      draft,
      tokens,
      timings,
      peakMemory,
      ...(engine && { engine }),
      weights,
      fonts: picture.word?.fonts.map(({ name, sha256 }) => ({ name, sha256 })) ?? [],
      maps:
        picture.word?.maps.map(made => ({ map: made.map, method: made.method, sha256: sha256(made.image.data) })) ?? [],
      assets: await this.assets.keep(structuredClone(request), base),
      legibility: judged ? judged.score : (legibility ?? null),
      ...(judged && { judgement: judgementOf(judged) }),
      job: job ?? null,
      ...(set && { set }),
      ...(picture.made && { made: picture.made }),
    }
    const file = fileName(request, record)
    const path = join(this.folder, file)
    await writeDurably(
      path,
      await encodePng(image, { request, prompt, negativePrompt, version: VERSION, record }, packed),
    )
    const info = await stat(path)
    const entry = { version: VERSION, request, record, id: record.id, file, fileMtime: info.mtimeMs, bytes: info.size }
    const indexed = { ...entry, created: record.created, notes: NO_NOTES, sidecarMtime: null, known }
    await whenFree(() => this.index.putAll([indexed])).catch(async cause => {
      // Not in the index, so that the job would make it again: one picture must not become two.
      await rm(path, { force: true })
      throw troubleOf(cause) === 'full' ? fault('diskFull', { file: path }, { cause }) : cause
    })
    if (set) this.onSetPicture(record.id)
    return this.get(record.id)
  }

  /** A page of pictures. @throws StudioError 'bad-request' */
  list(query: LibraryQuery = {}): { pictures: LibraryPicture[]; total: number } {
    return this.index.list(parse(querySchema, query, phrase('theSearch')))
  }

  /** @throws StudioError 'bad-request' where there is no such picture */
  get(id: string): PictureDetails {
    const picture = this.index.get(id)
    if (!picture) throw fault('noSuchPicture', { id })
    return picture
  }

  /** A picture and its versions, the oldest first; not those in the trash. @throws StudioError 'bad-request' */
  versionsOf(id: string): PictureDetails[] {
    this.get(id)
    return this.index.families.versionsOf(id).flatMap(version => this.index.get(version) ?? [])
  }

  /** Absolute path of a picture. @throws StudioError 'bad-request' */
  pathOf(id: string): string {
    return join(this.folder, this.get(id).file)
  }

  /** Path of a WebP of at most 256 pixels a side. @throws StudioError */
  thumbnail(id: string): Promise<string> {
    return this.#thumbnails.of(id, this.pathOf(id))
  }

  /** Sets rating, tags or notes; what is left out stays. @throws StudioError */
  annotate(id: string, notes: Notes): Promise<PictureDetails> {
    return this.#setNotes(id, notes)
  }

  /** Gives an album of the user's own another name, or dissolves it; its pictures stay. @throws StudioError */
  async renameAlbum(from: string, to: string | null): Promise<string[]> {
    const ids = this.index.families.inAlbum(from)
    for (const id of ids) {
      const others = this.get(id).albums.filter(name => name !== from)
      await this.#setNotes(id, { albums: to === null ? others : [...others, to] })
    }
    return ids
  }

  /** Looks up the words that have not been yet, a few at a time, so that readings and meanings find their pictures. */
  async lookUpWords(signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (signal?.aborted) return
      const some = this.index.notLookedUp(LOOKED_UP_AT_ONCE)
      if (some.length === 0) return
      const known = await Promise.all(some.map(async ({ id, word }) => ({ id, known: await knownOf(word) })))
      if (signal?.aborted) return
      await whenFree(() =>
        transaction(this.index.database, () => {
          for (const { id, known: found } of known) this.index.setKnown(id, found)
        }),
      )
      await setImmediate()
    }
  }

  /** Puts pictures into the trash; nothing is deleted, and restore() undoes it. @throws StudioError */
  async trash(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#setNotes(id, { trashed: new Date().toISOString() })
  }

  /** Takes pictures out of the trash. @throws StudioError */
  async restore(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#setNotes(id, { trashed: null })
  }

  /** Deletes pictures that are in the trash, for good: all, or those named. @returns how many were deleted */
  async purge(ids?: readonly string[]): Promise<number> {
    const purged = this.index.trashed().filter(id => !ids || ids.includes(id))
    for (const id of purged) {
      const path = this.pathOf(id)
      await rm(this.#thumbnails.pathOf(id), { force: true })
      // The picture before its sidecar: otherwise a crash in between would bring it back from the trash.
      await rm(path, { force: true })
      await rm(path + SIDECAR_ENDING, { force: true })
    }
    await whenFree(() => this.index.remove(purged))
    return purged.length
  }

  /** The request that gives this picture again, from the library or any folder. @throws StudioError 'bad-image' */
  async replay(picture: string, signal?: AbortSignal): Promise<Replay> {
    // A damaged list is told where models are listed; a replay does without.
    const registry = new ModelRegistry(this.dataFolder)
    const listed = await registry.list().catch(() => [])
    const models = listed.map(({ path }) => path).filter(path => !leadsElsewhere(path))
    const folders = ['loras', 'embeddings'].map(name => join(this.dataFolder, name))
    const { former } = registry
    return replayRequest(picture, { hashes: this.hashes, assets: this.assets, models, former, folders }, signal)
  }

  /** Forgets the index and reads every PNG again. */
  rebuild(onProgress?: (done: number, all: number) => void): Promise<RebuildReport> {
    return whenFree(() => rebuild(this.folder, this.index, onProgress))
  }

  /** "ok", or what SQLite found wrong with the index. */
  integrity(): string {
    return integrity(this.index.database)
  }

  /** One after another, so that of two changes at once neither overwrites the other. */
  #setNotes(id: string, change: Partial<PictureNotes>): Promise<PictureDetails> {
    return this.#noting.run(() => this.#writeNotes(id, change))
  }

  async #writeNotes(id: string, change: Partial<PictureNotes>): Promise<PictureDetails> {
    const path = this.pathOf(id)
    const tidy = (names: readonly string[]) => [...new Set(names.map(name => name.trim()).filter(Boolean))]
    if (change.tags) change = { ...change, tags: tidy(change.tags) }
    if (change.albums) change = { ...change, albums: tidy(change.albums) }
    const notes = parse(notesSchema, { ...(await this.#notesOf(id, path)), ...change }, phrase('theNotes'))
    const mtime = await writeNotes(path, notes)
    await whenFree(() => transaction(this.index.database, () => this.index.setNotes(id, notes, mtime)))
    return this.get(id)
  }

  /** From the sidecar; a damaged one is put aside, and the index knows what it said when it was last read. */
  async #notesOf(id: string, path: string): Promise<PictureNotes> {
    try {
      return await readNotes(path)
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof ZodError)) throw error
      putAsideQuietly(path + SIDECAR_ENDING)
      const { rating, tags, notes, albums, trashed } = this.get(id)
      return { rating, tags, notes, albums, trashed }
    }
  }

  /** A row that cannot be read is made again from its picture. */
  async #readAgain(file: string): Promise<void> {
    const sidecar = await stat(join(this.folder, file + SIDECAR_ENDING)).catch(() => null)
    const found = await readEntry(this.folder, file, sidecar !== null)
    if ('entry' in found) await whenFree(() => this.index.putAll([found.entry]))
  }

  async #weights(files: ModelFiles): Promise<WeightsRecord[]> {
    const records: WeightsRecord[] = []
    for (const { role, path } of weightPaths(files)) records.push({ role, path, ...(await this.hashes.tree(path)) })
    return records
  }
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** 60 random bits. */
const newId = () => Array.from(randomBytes(12), byte => ALPHABET[byte & 31]).join('')

/** "2026-11/20261123-184502-学习-k3v9….png": sorts by time, shows the word, and is unique by its id. */
function fileName({ word }: Request, { created, id }: PictureRecord): string {
  const [day, time] = created.slice(0, 19).replace(/[-:]/g, '').split('T')
  return `${created.slice(0, 7)}/${day}-${time}-${safeName(word ?? '', 'picture', 60)}-${id}.png`
}
