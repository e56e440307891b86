/**
 * An open studio: the parts of Studio with library, queue, settings, previews, and one stream of events. Every user of
 * it
 * (browser host, desktop, tests) goes through core/host/router.ts.
 */
import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { EventPublisher } from '@orpc/server'
import { missingMethods } from '../conditioning/ai/ai-models.ts'
import type { RequestInput } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { safeName } from '../files/safe-name.ts'
import { VERSION } from '../files/version.ts'
import { Studio, type StudioOptions } from '../generate/studio.ts'
import { Library } from '../library/library.ts'
import { DRAFT } from '../machine/registry.ts'
import { MapPreview } from '../processes/maps/preview.ts'
import { jobHandlers } from '../queue/handlers.ts'
import { Queue } from '../queue/queue.ts'
import type { StudioQueue } from '../queue/studio-jobs.ts'
import { parseSet, type SetInput } from '../sets/definition.ts'
import { estimateSet } from '../sets/estimate.ts'
import { mapsWith } from '../sets/maps.ts'
import { obstacleIn } from '../sets/ownership.ts'
import { fingerprintOf, setIn } from '../sets/state.ts'
import type { PlannedSet, StudioEvent, StudioInfo } from './api.ts'
import { Blobs } from './blobs.ts'
import { JobWatch } from './job-watch.ts'
import { SetWatch } from './set-watch.ts'
import { SettingsFile } from './settings.ts'
import { viewOfPicture } from './views.ts'

export interface HostOptions extends StudioOptions {
  platform?: StudioInfo['platform']
  /** Puts the first picture into the queue of an empty studio. Default true. */
  firstPicture?: boolean
}

/** The picture that an empty studio makes by itself, so that the stage is not empty; the seed was chosen by eye. */
const FIRST_PICTURE: RequestInput = { word: '学习', style: 'comic', model: DRAFT, seed: 25 }

export class StudioHost implements AsyncDisposable {
  readonly studio: Studio
  readonly library: Library
  readonly queue: StudioQueue
  readonly jobs: JobWatch
  readonly sets: SetWatch
  readonly preview: MapPreview
  /** Maps of finished pictures; apart, as a MapPreview cancels its earlier requests. */
  readonly pictureMaps: MapPreview
  readonly settings: SettingsFile
  readonly blobs = new Blobs()
  readonly #events = new EventPublisher<{ event: StudioEvent }>({ maxBufferedEvents: 1000 })
  readonly #platform: StudioInfo['platform']

  private constructor(studio: Studio, library: Library, settings: SettingsFile, platform: StudioInfo['platform']) {
    this.studio = studio
    this.library = library
    this.settings = settings
    this.#platform = platform
    this.preview = new MapPreview(studio.maps)
    this.pictureMaps = new MapPreview(studio.maps)
    const { generator: maker, drawing } = studio
    this.queue = new Queue(
      join(studio.dataFolder, 'queue.db'),
      jobHandlers({ maker, library, maps: mapsWith(drawing) }),
      ['set'],
    )
    this.sets = new SetWatch(this.queue)
    this.jobs = new JobWatch({ queue: this.queue, library, blobs: this.blobs, publish: event => this.publish(event) })
  }

  /** Opens the data folder and starts the queue. @throws StudioError 'cannot-write', 'internal' */
  static async open({ platform = 'browser', firstPicture = true, ...options }: HostOptions = {}): Promise<StudioHost> {
    const studio = new Studio(options)
    let library: Library | null = null
    try {
      library = await Library.open(studio.dataFolder)
      const settings = await SettingsFile.open(studio.dataFolder)
      const host = new StudioHost(studio, library, settings, platform)
      if (firstPicture) await host.#queueFirstPicture()
      host.queue.start()
      return host
    } catch (error) {
      library?.close()
      await studio[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The running job goes back to the queue. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue.close()
    this.library.close()
    await this.studio[Symbol.asyncDispose]()
  }

  publish(event: StudioEvent): void {
    this.#events.publish('event', event)
  }

  /** Everything that happens from now on, until the signal or the end of the iteration. */
  events(signal?: AbortSignal): AsyncIteratorObject<StudioEvent> {
    return this.#events.subscribe('event', signal ? { signal } : {})
  }

  async info(): Promise<StudioInfo> {
    const { dataFolder, registry, inference } = this.studio
    const { model } = this.settings.get()
    const about = { version: VERSION, dataFolder, platform: this.#platform, provider: inference.provider }
    return { ...about, models: await registry.list(), defaultModel: model, missingMethods: await missingMethods() }
  }

  /** The request with the settings' model where it names none. */
  withModel(request: RequestInput): RequestInput {
    const { model, controlnet } = this.settings.get()
    if (request.model !== undefined && request.model !== model) return request
    return { controlnet, ...request, model }
  }

  /**
   * Queues a picture. The request is completed now: errors are thrown at once, and later changes of the settings do not
   * matter. @throws StudioError
   */
  async addPicture(input: RequestInput, note?: string): Promise<string> {
    const base = this.studio.dataFolder
    const request = await this.studio.generator.complete(this.withModel(input), base)
    const { word, translation, prompt, width, height, steps, count } = request
    if (word && translation) await this.studio.glossary.remember(word, translation)
    const title = note?.trim() || word || (prompt ?? '').slice(0, 60)
    const cost = ((width * height) / 1e6) * steps * count
    return this.queue.add({ kind: 'picture', title, cost, payload: { request, base } }).id
  }

  /** @throws StudioError 'bad-request' */
  async estimateSet(definition: SetInput, wanted?: string, signal?: AbortSignal): Promise<PlannedSet> {
    const { dataFolder: base, generator } = this.studio
    const set = this.#setWithModel(definition)
    const { folder, found } = await this.#folderOf(set, wanted)
    const estimate = await estimateSet(set, {
      base,
      folder,
      complete: generator.complete.bind(generator),
      rate: this.library.index.rate(set.request?.model ?? DRAFT),
      ...(signal && { signal }),
    })
    const obstacle = await obstacleIn(folder, parseSet(set))
    return { ...estimate, folder, found, obstacle: obstacle?.report() ?? null }
  }

  /** @throws StudioError 'bad-request' */
  async startSet(definition: SetInput, wanted?: string, overwrite = false): Promise<string> {
    const set = this.#setWithModel(definition)
    // Planned once before it is queued, so that an invalid template or word is reported at once.
    const { folder, cost, obstacle } = await this.estimateSet(set, wanted)
    if (obstacle && !overwrite) throw StudioError.from(obstacle)
    const payload = { set, base: this.studio.dataFolder, folder, ...(overwrite && { overwrite }) }
    return this.queue.add({ kind: 'set', title: set.name ?? 'set', cost, payload }).id
  }

  /** Sends an event for each picture whose notes have changed. */
  publishPictures(ids: readonly string[]): void {
    for (const id of ids) this.publish({ kind: 'picture', picture: viewOfPicture(this.library.get(id)) })
  }

  #setWithModel(definition: SetInput): SetInput {
    return { ...definition, request: this.withModel(definition.request ?? {}) }
  }

  /** The given folder, or the first one named after the set that is free or contains the same set. */
  async #folderOf(set: SetInput, wanted?: string): Promise<Pick<PlannedSet, 'folder' | 'found'>> {
    const own = fingerprintOf(set)
    if (wanted !== undefined) {
      if (!isAbsolute(wanted)) throw fault('folderNotAbsolute', { folder: wanted })
      const there = await setIn(wanted)
      return { folder: wanted, found: there === null ? 'nothing' : there === own ? 'same' : 'other' }
    }
    const waiting = this.#foldersOfWaitingSets()
    const first = join(this.studio.dataFolder, 'sets', safeName(set.name ?? 'set', 'set'))
    for (let n = 1; ; n++) {
      const folder = n === 1 ? first : `${first} (${n})`
      const there = existsSync(folder) ? await setIn(folder) : waiting.get(folder)
      if (there === own) return { folder, found: 'same' }
      if (there === undefined) return { folder, found: 'nothing' }
    }
  }

  /** Folders of waiting sets, which may not exist yet, with the sets' fingerprints. */
  #foldersOfWaitingSets(): ReadonlyMap<string, string> {
    const folders = new Map<string, string>()
    for (const job of this.queue.list()) {
      if (job.kind !== 'set' || job.state !== 'waiting') continue
      folders.set(job.payload.folder, fingerprintOf(job.payload.set))
    }
    return folders
  }

  async #queueFirstPicture(): Promise<void> {
    const draft = (await this.studio.registry.list()).find(({ builtIn }) => builtIn)
    const empty = this.library.index.files().length === 0 && this.queue.list().length === 0
    if (empty && draft?.present) await this.addPicture(FIRST_PICTURE)
  }
}
