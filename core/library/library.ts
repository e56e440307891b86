/**
 * The library: pictures as PNG files that contain their request and record, and an index over them that can be rebuilt.
 */
import { randomBytes } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request } from '../contract/request.ts'
import { fault, phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { integrity, openDatabase, transaction } from '../files/database.ts'
import { writeDurably } from '../files/durable.ts'
import { HashCache, sha256 } from '../files/hashes.ts'
import { safeName } from '../files/safe-name.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import { VERSION } from '../files/version.ts'
import type { GeneratedPicture } from '../generate/ai-image-generator.ts'
import { encodePng } from '../image/png.ts'
import { Thumbnails } from '../image/thumbnails.ts'
import { scoreOfPicture } from '../legibility/legibility-worker.ts'
import type { ModelFiles } from '../pipeline/job.ts'
import { Assets } from './assets.ts'
import { INDEX_MIGRATIONS } from './migrations.ts'
import {
  type LibraryPicture,
  type LibraryQuery,
  type PictureDetails,
  PictureIndex,
  querySchema,
} from './picture-index.ts'
import { type RebuildReport, rebuild, reconcile } from './rebuild.ts'
import { judgementOf, type PictureRecord, type WeightsRecord } from './record.ts'
import { type Replay, replayRequest } from './replay.ts'
import { notesSchema, type PictureNotes, readNotes, SIDECAR_ENDING, writeNotes } from './sidecar.ts'

export interface AddOptions {
  /** Folder that relative paths of the request start from. */
  base: string
  /** "<job>:<picture>": a picture that a job has made is added once, however often the job is run. */
  job?: string
  /** The score where it is known already; by default the picture is scored if it has a word. */
  legibility?: number | null
}

export type Notes = Partial<Pick<PictureNotes, 'rating' | 'tags' | 'notes'>>

export class Library {
  readonly dataFolder: string
  /** The folder of pictures, absolute. */
  readonly folder: string
  readonly index: PictureIndex
  readonly hashes: HashCache
  readonly assets: Assets
  readonly #thumbnails: Thumbnails
  readonly #noting = new SerialQueue()

  private constructor(dataFolder: string, index: PictureIndex) {
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
    const { database, damaged } = openDatabase(join(dataFolder, 'library.db'), INDEX_MIGRATIONS, 'renew')
    const library = new Library(dataFolder, new PictureIndex(database))
    try {
      if (damaged) await library.rebuild()
      else await reconcile(library.folder, library.index)
    } catch (error) {
      database.close()
      throw error
    }
    return library
  }

  close(): void {
    this.index.database.close()
  }

  /** Saves a picture, with all that a replay needs. @throws StudioError 'cannot-write', 'missing-model', 'bad-request' */
  async add(picture: GeneratedPicture, { base, job, legibility }: AddOptions): Promise<PictureDetails> {
    const known = job ? this.index.ofJob(job) : null
    if (known) return this.get(known)
    const judged = legibility === undefined ? await scoreOfPicture(picture) : null
    const { image, request, prompt, negativePrompt, draft, tokens, timings, peakMemory } = picture
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
      weights: await this.#weights(picture.files),
      fonts: picture.word?.fonts.map(({ name, sha256 }) => ({ name, sha256 })) ?? [],
      maps:
        picture.word?.maps.map(made => ({ map: made.map, method: made.method, sha256: sha256(made.image.data) })) ?? [],
      assets: await this.assets.keep(structuredClone(request), base),
      legibility: judged ? judged.score : (legibility ?? null),
      ...(judged && { judgement: judgementOf(judged) }),
      job: job ?? null,
    }
    const file = fileName(request, record)
    const path = join(this.folder, file)
    await writeDurably(path, await encodePng(image, { request, prompt, negativePrompt, version: VERSION, record }))
    const info = await stat(path)
    const notes = { rating: 0, tags: [], notes: '', trashed: null }
    const entry = { version: VERSION, request, record, id: record.id, file, fileMtime: info.mtimeMs, bytes: info.size }
    this.index.putAll([{ ...entry, created: record.created, notes, sidecarMtime: null }])
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
    this.index.remove(purged)
    return purged.length
  }

  /** The request that gives this picture again, from the library or any folder. @throws StudioError 'bad-image' */
  replay(picture: string): Promise<Replay> {
    return replayRequest(picture, this.hashes, this.assets)
  }

  /** Forgets the index and reads every PNG again. */
  rebuild(onProgress?: (done: number, all: number) => void): Promise<RebuildReport> {
    return rebuild(this.folder, this.index, onProgress)
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
    if (change.tags) change = { ...change, tags: [...new Set(change.tags.map(tag => tag.trim()).filter(Boolean))] }
    const notes = parse(notesSchema, { ...(await readNotes(path)), ...change }, phrase('theNotes'))
    const mtime = await writeNotes(path, notes)
    transaction(this.index.database, () => this.index.setNotes(id, notes, mtime))
    return this.get(id)
  }

  async #weights(files: ModelFiles): Promise<WeightsRecord[]> {
    const named: [WeightsRecord['role'], string | null][] = [
      ['model', files.model],
      ['controlnet', files.controlnet],
      ['vae', files.vae],
      ...files.loras.map((lora): [WeightsRecord['role'], string] => ['lora', lora.path]),
    ]
    const records: WeightsRecord[] = []
    for (const [role, path] of named) if (path) records.push({ role, path, ...(await this.hashes.tree(path)) })
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
