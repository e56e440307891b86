/** The pictures of a set: made, judged, encoded, written, and noted in its journal, several at once. */
import { join } from 'node:path'
import type { Progress } from '../contract/progress.ts'
import { memoryWishes, type Request } from '../contract/request.ts'
import { MAPS, type MapName } from '../contract/vocabulary.ts'
import { fault, reportOf } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { writeDurably } from '../files/durable.ts'
import { sha256 } from '../files/hashes.ts'
import { VERSION } from '../files/version.ts'
import { encodePicture } from '../image/encode.ts'
import { type BestPicture, keepBest, keepLegible } from '../library/keep.ts'
import { type JudgedPicture, legibilityOf, type PictureMaker } from '../library/maker.ts'
import { judgementOf } from '../library/record.ts'
import { Throughput, TimeLeft } from '../library/time-left.ts'
import { altOf } from '../output/card.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { SetDefinition } from './definition.ts'
import type { Done, Journal, MadeFile } from './journal.ts'
import type { PlannedFile, PlannedPicture } from './planned.ts'
import { type MadePicture, madePicture, type SetFailure, WORK_FOLDER } from './state.ts'

export interface SetProgress {
  /** Pictures done (earlier runs included), failed, and planned. */
  done: number
  failed: number
  total: number
  /** The picture that is being made, from 1; null while sheets are drawn. */
  index: number | null
  /** What the maker says of it. */
  progress: Progress | null
  /** Milliseconds until all is done; null while there is nothing to judge by. */
  timeLeft: number | null
  /** Files that have just been finished, absolute. */
  files: readonly string[]
  /** The picture that they belong to. */
  made: MadePicture | null
  /** Why a picture has just been given up. */
  failure: SetFailure | null
}

export interface SetOptions {
  maker: PictureMaker
  /** Folder that the set's paths are relative to. */
  base: string
  /** Draws maps that the pictures were made without (weight 0): mapsWith(). Default: those are left out. */
  maps?: (request: Request, maps: readonly MapName[]) => Promise<ReadonlyMap<MapName, Gray | Rgb>>
  /** "all" makes what is missing and tries failures again; "failed" only the latter. */
  only?: 'all' | 'failed'
  /** Writes over another set, and over files that no set wrote. */
  overwrite?: boolean
  signal?: AbortSignal
  onProgress?: (progress: SetProgress) => void
  /**
   * A picture that is kept, before the journal says so: after a kill in between it is made and handed over again, with the
   * same key.
   */
  onKept?: (picture: JudgedPicture, about: { key: string }) => Promise<void>
  /** How fast a picture was made with a model: milliseconds a megapixel step. */
  onRate?: (model: string, rate: number) => void
}

export const setStopped = () => fault('setStopped')

/**
 * As many pictures at once as the maker finds worth while, in whatever order they end. Beside those that are painted, one has
 * its maps drawn and one is scored, encoded and written: no inference process ever waits.
 */
export class PicturesOfSet {
  readonly #definition: SetDefinition
  readonly #folder: string
  readonly #journal: Journal
  readonly #options: SetOptions
  readonly #all: readonly PlannedPicture[]
  readonly #time = new TimeLeft()
  readonly #throughput: Throughput
  readonly #underWay: number
  /** Ends what is under way when one of them ends the run. */
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  /** Index of the picture whose progress is told, until it ends. */
  #shown: number | null = null
  #remaining = 0
  /** Of all pictures of the plan; kept up rather than counted, as progress comes often and sets are long. */
  readonly #count = { done: 0, failed: 0 }

  constructor(
    definition: SetDefinition,
    folder: string,
    journal: Journal,
    all: readonly PlannedPicture[],
    options: SetOptions,
  ) {
    const { maker } = options
    this.#definition = definition
    this.#folder = folder
    this.#journal = journal
    this.#all = all
    this.#options = options
    this.#throughput = new Throughput(() => maker.atOnce ?? 1)
    this.#underWay = maker.ahead ?? (maker.atOnce ?? 1) + 2
    this.#signal = AbortSignal.any([this.#stop.signal, ...(options.signal ? [options.signal] : [])])
  }

  /** Rejects with what ended the run, after everything that was under way has ended. */
  async make(todo: readonly PlannedPicture[]): Promise<void> {
    for (const { key } of this.#all) {
      if (this.#journal.done.has(key)) this.#count.done++
      else if (this.#journal.failed.has(key)) this.#count.failed++
    }
    this.#remaining = todo.reduce((sum, picture) => sum + costOf(picture), 0)
    const waiting = todo.values()
    const some = async () => {
      for (const picture of waiting) {
        this.#signal.throwIfAborted()
        await this.#one(picture)
      }
    }
    const all = Array.from({ length: Math.min(this.#underWay, todo.length) }, some)
    try {
      await Promise.all(all)
    } finally {
      this.#stop.abort()
      await Promise.allSettled(all)
    }
  }

  async #one(picture: PlannedPicture): Promise<void> {
    const cost = costOf(picture)
    const made = await this.#try(picture).finally(() => {
      this.#remaining -= cost
      if (this.#shown === picture.index) this.#shown = null
    })
    if (!made) return
    const milliseconds = this.#throughput.ended(cost)
    this.#time.note(cost, milliseconds)
    this.#options.onRate?.(made.picture.request.model, milliseconds / made.tries / cost)
    await this.#save(picture, made, milliseconds)
  }

  /** null: it failed, and the journal says why. */
  async #try(picture: PlannedPicture): Promise<BestPicture | null> {
    const { base, maker } = this.#options
    const { best, legible } = this.#definition.keep
    const { index, word, key } = picture
    const onProgress = (progress: Progress) => {
      if (progress.kind === 'step' || progress.stage === 'control') this.#throughput.begin()
      this.#shown ??= index
      if (this.#shown === index) this.#tell({ index, progress })
    }
    const wishes = memoryWishes(picture.input)
    const how = { base, onProgress, signal: this.#signal, together: this.#all.length > 1, ...wishes }
    for (let attempt = 1; ; attempt++) {
      try {
        const request = { ...(await maker.complete(picture.input, base)), count: 1 }
        if (best) return await keepBest(maker, request, best, how)
        if (legible) return await keepLegible(maker, request, legible, how)
        const [made] = await maker.generate(request, how)
        return { picture: made, legibility: null, tries: 1, scale: 1 }
      } catch (error) {
        if (this.#signal.aborted || (error instanceof StudioError && error.code === 'cancelled')) throw setStopped()
        const report = reportOf(error, 'unexpectedInPicture')
        if (report.code === 'cannot-write') throw error
        // A crash costs the running picture at most one more try: the next process may have what this one lacked.
        if (report.code === 'inference-crashed' && attempt === 1) continue
        if (!this.#journal.failed.has(key)) this.#count.failed++
        await this.#journal.write({ event: 'failed', key, error: report })
        this.#tell({ index, failure: { index, word, ...report } })
        return null
      }
    }
  }

  async #save(picture: PlannedPicture, kept: BestPicture, milliseconds: number): Promise<void> {
    const { key, files } = picture
    const { picture: made, tries, scale } = kept
    const legibility = kept.legibility ?? (await legibilityOf(made))
    await this.#journal.write({ event: 'begin', key, names: files.map(({ name }) => name) })
    const written: MadeFile[] = []
    const maps = await this.#maps(kept)
    for (const file of files) {
      const bytes = await this.#encode(picture, file, kept, maps)
      if (!bytes) continue
      await writeDurably(join(this.#folder, file.name), bytes, join(this.#folder, WORK_FOLDER))
      written.push({ ...file, bytes: bytes.length, sha256: sha256(bytes) })
    }
    const { request, prompt, negativePrompt, made: by } = made
    const about: Done = {
      request,
      prompt,
      negativePrompt,
      legibility: legibility?.score ?? null,
      ...(legibility && { judgement: judgementOf(legibility) }),
      tries,
      scale,
      milliseconds,
      files: written,
      ...(by && { made: by }),
    }
    await this.#options.onKept?.({ ...made, legibility }, { key })
    if (this.#journal.failed.has(key)) this.#count.failed--
    this.#count.done++
    await this.#journal.write({ event: 'done', key, done: about })
    await this.#options.maker.release?.(made)
    const names = written.map(({ name }) => join(this.#folder, name))
    this.#tell({ index: picture.index, files: names, made: madePicture(picture, about) })
  }

  async #encode(
    { word, pinyin, translation, about }: PlannedPicture,
    { kind, format }: PlannedFile,
    { picture }: BestPicture,
    maps: ReadonlyMap<string, Gray | Rgb>,
  ): Promise<Uint8Array | null> {
    const { transparent, strip } = this.#definition
    if (kind !== 'picture') {
      const map = maps.get(kind)
      return map ? encodePicture(map, format, { info: null }) : null
    }
    const { image, request, prompt, negativePrompt, mask } = picture
    const alt = altOf({ word, reading: pinyin, meaning: translation, style: about.style })
    const info = strip ? null : { request, prompt, negativePrompt, version: VERSION, alt }
    return encodePicture(image, format, { info, cutOut: transparent ? mask : null })
  }

  /** Maps that the picture was made with, and those that are asked for beyond. */
  async #maps({ picture }: BestPicture): Promise<ReadonlyMap<string, Gray | Rgb>> {
    const made = new Map<string, Gray | Rgb>(picture.word?.maps.map(({ map, image }) => [map, image]))
    const lacking = MAPS.filter(map => this.#definition.maps.includes(map) && !made.has(map))
    if (lacking.length === 0 || !this.#options.maps) return made
    return new Map([...made, ...(await this.#options.maps(picture.request, lacking))])
  }

  #tell(news: Pick<SetProgress, 'index'> & Partial<SetProgress>): void {
    const timeLeft = this.#time.for(this.#remaining)
    const nothing = { progress: null, files: [], made: null, failure: null }
    const { done, failed } = this.#count
    this.#options.onProgress?.({ ...nothing, ...news, done, failed, total: this.#all.length, timeLeft })
  }
}

/** Megapixel steps: what the time of a picture grows with. Where a size or steps are not known, all count alike. */
export const costOf = ({ about: { width, height, steps } }: PlannedPicture): number =>
  (((width ?? 1024) * (height ?? 1024)) / 1e6) * (steps ?? 30)
