/**
 * An open studio: the parts of Studio with library, queue, settings, previews, and one stream of events. Every user of
 * it
 * (browser host, desktop, tests) goes through core/host/router.ts.
 */
import { join } from 'node:path'
import { EventPublisher } from '@orpc/server'
import { missingMethods } from '../conditioning/ai/ai-models.ts'
import { memoryWishes, type RequestInput } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { VERSION } from '../files/version.ts'
import { type MeasuredProvider, measureSteps } from '../generate/measure-steps.ts'
import { Studio, type StudioOptions } from '../generate/studio.ts'
import { Library } from '../library/library.ts'
import type { PictureMaker } from '../library/maker.ts'
import { StudioLog } from '../log/log.ts'
import { DRAFT } from '../machine/draft-folder.ts'
import { MapPreview } from '../processes/maps/preview.ts'
import { jobHandlers } from '../queue/handlers.ts'
import { Queue } from '../queue/queue.ts'
import { briefOf, type StudioJob, type StudioQueue } from '../queue/studio-jobs.ts'
import { parseSet, type SetInput } from '../sets/definition.ts'
import { estimateSet } from '../sets/estimate.ts'
import { mapsWith } from '../sets/maps.ts'
import { obstacleIn } from '../sets/ownership.ts'
import type { PlannedSet } from './api/sets.ts'
import type { StudioEvent, StudioInfo } from './api/studio.ts'
import { Blobs } from './blobs.ts'
import { Exports } from './exports.ts'
import { FarmLink } from './farm-link.ts'
import { jobEnd } from './job-end.ts'
import { logJobs } from './job-log.ts'
import { JobWatch } from './job-watch.ts'
import type { LocalApiControl } from './local-api.ts'
import { ModelDownloads } from './model-downloads.ts'
import { folderForSet } from './set-folder.ts'
import { SetWatch } from './set-watch.ts'
import { SettingsFile } from './settings.ts'
import { Sketches } from './sketches.ts'
import { Statistics } from './statistics.ts'
import { viewOfPicture } from './views.ts'

export interface HostOptions extends StudioOptions {
  platform?: StudioInfo['platform']
  /** Puts the first picture into the queue of an empty studio. Default true. */
  firstPicture?: boolean
  /** Lines of the log for people on standard error. Default false. */
  logToTerminal?: boolean
  /** Makes the pictures. Default: the studio's own generator. */
  maker?: PictureMaker
  /** Log lines go into the data folder. Default true. */
  logToFile?: boolean
}

export interface AddOptions {
  /** Title of the job. */
  note?: string | undefined
  /** Of the call that asks for it. */
  requestId?: string | undefined
  /** Refused where so many jobs wait. Default: any number may wait. */
  mostWaiting?: number | undefined
}

export interface StartOptions extends Pick<AddOptions, 'mostWaiting'> {
  /** Files in the folder that are not the set's own are replaced. */
  overwrite?: boolean | undefined
  /** Painted by the machines of the studio's farm. */
  farm?: Sameness | undefined
}

/** The picture that an empty studio makes by itself, so that the stage is not empty; the seed was chosen by eye. */
const FIRST_PICTURE: RequestInput = { word: '学习', style: 'comic', model: DRAFT, seed: 25 }

/** Events that came before anybody listened, then the others. */
async function* before(first: readonly StudioEvent[], rest: AsyncIteratorObject<StudioEvent>) {
  yield* first
  yield* rest
}

interface HostParts {
  studio: Studio
  library: Library
  settings: SettingsFile
  platform: StudioInfo['platform']
  log: StudioLog
  maker: PictureMaker
}

export class StudioHost implements AsyncDisposable {
  readonly studio: Studio
  readonly library: Library
  readonly queue: StudioQueue
  readonly jobs: JobWatch
  readonly sets: SetWatch
  readonly farm: FarmLink
  readonly preview: MapPreview
  /** Maps of finished pictures; apart, as a MapPreview cancels its earlier requests. */
  readonly pictureMaps: MapPreview
  readonly settings: SettingsFile
  readonly blobs = new Blobs()
  readonly exports: Exports
  readonly sketches: Sketches
  readonly statistics: Statistics
  readonly downloads: ModelDownloads
  /** Downloads after which the newest word is painted with what has landed. */
  readonly #paintAfter = new Set<string>()
  readonly log: StudioLog
  /** Set by the server that this host has, if it has one. */
  localApi: LocalApiControl | null = null
  readonly #events = new EventPublisher<{ event: StudioEvent }>({ maxBufferedEvents: 1000 })
  readonly #platform: StudioInfo['platform']
  readonly #maker: PictureMaker
  readonly #closing = new AbortController()
  readonly #notices: StudioEvent[] = []
  #measuring = false
  /** The job of the picture that an empty studio makes by itself. */
  #firstPicture: string | null = null

  private constructor({ studio, library, settings, platform, log, maker }: HostParts) {
    this.studio = studio
    this.#maker = maker
    this.log = log
    this.library = library
    this.settings = settings
    this.#platform = platform
    this.preview = new MapPreview(studio.maps)
    this.pictureMaps = new MapPreview(studio.maps)
    this.farm = new FarmLink(studio, library.hashes)
    const { drawing } = studio
    this.queue = new Queue(
      join(studio.dataFolder, 'queue.db'),
      jobHandlers({
        ...{ maker, library, maps: mapsWith(drawing) },
        farm: (set, folder, same, options) => this.farm.makeSet(set, folder, same, options),
      }),
      { resumable: ['set'], brief: briefOf },
    )
    this.sets = new SetWatch(this.queue)
    this.exports = new Exports(studio, library)
    this.jobs = new JobWatch({ queue: this.queue, library, blobs: this.blobs, publish: event => this.publish(event) })
    this.sketches = new Sketches({ studio, maker, queue: this.queue, blobs: this.blobs })
    this.followSettings()
    this.statistics = new Statistics({ queue: this.queue, library, pids: () => studio.inference.pids })
    this.downloads = new ModelDownloads({
      store: studio.store,
      dataFolder: studio.dataFolder,
      publish: download => this.publish({ kind: 'download', download }),
      landed: (id, model) => this.#landed(id, model),
    })
    library.onSetPicture = id => this.publishPictures([id])
    void library
      .lookUpWords(this.#closing.signal)
      .catch(error => log.subsystem('studio').warn({ err: error }, 'words were not looked up'))
    logJobs({ log, queue: this.queue, statistics: this.statistics, memory: () => this.studio.inference.memory })
  }

  /** Opens the data folder and starts the queue. @throws StudioError 'cannot-write', 'internal' */
  static async open({
    platform = 'browser',
    firstPicture = true,
    logToTerminal: terminal = false,
    logToFile = true,
    maker,
    ...options
  }: HostOptions = {}): Promise<StudioHost> {
    const studio = new Studio(options)
    let library: Library | null = null
    let log: StudioLog | null = null
    try {
      library = await Library.open(studio.dataFolder)
      const settings = await SettingsFile.open(studio.dataFolder)
      const dataFolder = logToFile ? studio.dataFolder : null
      log = await StudioLog.open({ dataFolder, terminal, settings: settings.get().logging })
      const host = new StudioHost({ studio, library, settings, platform, log, maker: maker ?? studio.generator })
      await host.#collectNotices()
      if (firstPicture && !host.queue.trouble) await host.#queueFirstPicture()
      host.queue.start()
      return host
    } catch (error) {
      library?.close()
      await log?.close()
      await studio[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The running job goes back to the queue. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.downloads[Symbol.asyncDispose]()
    this.statistics.close()
    await this.queue.close()
    await this.farm.close()
    await this.exports.clear().catch(() => {})
    this.library.close()
    await this.studio[Symbol.asyncDispose]()
    await this.log.close()
  }

  /** Has the machine and the inference processes follow the settings as they are now. */
  followSettings(): void {
    const { provider, profile, idleMinutes } = this.settings.get()
    const { machine, inference } = this.studio
    machine.wishes = { provider, profile }
    inference.idleMs = idleMinutes * 60_000
  }

  /**
   * Makes previews quick before somebody types (MapPreview.warm): after the first picture of an empty studio, which has the
   * same threads and cores to itself until then. Never fails.
   */
  async warmPreview(): Promise<void> {
    if (this.#firstPicture !== null) await this.finished(this.#firstPicture).catch(() => undefined)
    if (!this.#closing.signal.aborted) await this.preview.warm()
  }

  /**
   * Measures a step with each provider, of the settings' model.
   * @throws StudioError 'busy' while a picture is made: both would be slower than they are
   */
  async measureSteps(signal?: AbortSignal): Promise<MeasuredProvider[]> {
    if (this.#measuring || this.queue.count('running') > 0) throw fault('measureBusy')
    this.#measuring = true
    try {
      return await measureSteps(this.studio, this.withModel({ word: '学' }), { base: this.studio.dataFolder, signal })
    } finally {
      this.#measuring = false
    }
  }

  /** Begins a download. @param paint the newest word is painted with it as soon as it is there */
  async download(id: string, paint: boolean): Promise<void> {
    if (paint) this.#paintAfter.add(id)
    await this.downloads.start(id)
  }

  /** Whoever has painted with the draft so far goes on with the full model; the same word is painted beside its draft. */
  async #landed(id: string, model: string | null): Promise<void> {
    const paint = this.#paintAfter.delete(id)
    if (model !== null && paint) {
      await this.settings.set({ model, controlnet: null })
      const newest = this.library.list({ sort: 'date', offset: 0, limit: 1 }).pictures[0]
      const request = newest && this.library.get(newest.id).request
      if (request?.word) {
        const { word, translation, style, seed } = request
        await this.addPicture({ word, translation, style, seed, model })
      }
    }
    this.publish({ kind: 'models' })
  }

  publish(event: StudioEvent): void {
    this.#events.publish('event', event)
  }

  /** Everything that happens from now on, until the signal or the end of the iteration. */
  events(signal?: AbortSignal): AsyncIteratorObject<StudioEvent> {
    const events = this.#events.subscribe('event', signal ? { signal } : {})
    const notices = this.#notices.splice(0)
    return notices.length === 0 ? events : before(notices, events)
  }

  /** What was damaged and made anew, or cannot be written, when the studio opened: told to the log and to the first page. */
  async #collectNotices(): Promise<void> {
    const { registry } = this.studio
    // Reading the list repairs it.
    await registry.list()
    const aside = [this.library.damaged, this.queue.damaged, this.settings.damaged, registry.damaged]
    const errors = aside.flatMap(path =>
      path === null ? [] : [fault('putAside', { file: path.slice(0, path.lastIndexOf('.damaged-')), aside: path })],
    )
    if (this.queue.trouble) errors.push(this.queue.trouble)
    else if (this.library.full) errors.push(fault('databaseFull'))
    const log = this.log.subsystem('studio')
    for (const error of errors) log.error({ code: error.code, key: error.key }, error.message)
    this.#notices.push(...errors.map(error => ({ kind: 'problem' as const, error: error.report() })))
  }

  async info(): Promise<StudioInfo> {
    const { dataFolder, modelsFolder, registry, inference } = this.studio
    const { model } = this.settings.get()
    const about = { version: VERSION, dataFolder, platform: this.#platform, provider: inference.provider }
    return {
      ...about,
      models: await registry.list(),
      defaultModel: model,
      missingMethods: await missingMethods(modelsFolder),
    }
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
  async addPicture(input: RequestInput, { note, requestId, mostWaiting }: AddOptions = {}): Promise<string> {
    const base = this.studio.dataFolder
    const request = await this.#maker.complete(this.withModel(input), base)
    const { word, translation, prompt, width, height, steps, count } = request
    // A program that calls does not teach the user's own glossary.
    if (word && translation && requestId === undefined) await this.studio.glossary.remember(word, translation)
    const title = note?.trim() || word || (prompt ?? '').slice(0, 60)
    const cost = ((width * height) / 1e6) * steps * count
    this.#refuseWhenFull(mostWaiting)
    const memory = memoryWishes(input)
    const payload = {
      request,
      base,
      ...(requestId && { requestId }),
      ...(Object.keys(memory).length > 0 && { memory }),
    }
    return this.queue.add({ kind: 'picture', title, cost, payload }).id
  }

  /** @throws StudioError 'bad-request' */
  async estimateSet(definition: SetInput, wanted?: string, signal?: AbortSignal): Promise<PlannedSet> {
    const { dataFolder: base } = this.studio
    const set = this.#setWithModel(definition)
    const { folder, found } = await folderForSet(set, { dataFolder: base, queue: this.queue, wanted })
    const estimate = await estimateSet(set, {
      base,
      folder,
      inLibrary: true,
      complete: this.#maker.complete.bind(this.#maker),
      rate: this.library.index.speeds.rate(set.request?.model ?? DRAFT),
      ...(signal && { signal }),
    })
    const obstacle = await obstacleIn(folder, parseSet(set))
    return { ...estimate, folder, found, obstacle: obstacle?.report() ?? null }
  }

  /** @throws StudioError 'bad-request'; 'busy' where too many jobs wait */
  async startSet(
    definition: SetInput,
    wanted?: string,
    { overwrite = false, mostWaiting, farm }: StartOptions = {},
  ): Promise<string> {
    const set = this.#setWithModel(definition)
    // Planned once before it is queued, so that an invalid template or word is reported at once.
    const { folder, cost, obstacle, pictures, problems } = await this.estimateSet(set, wanted)
    if (obstacle && !overwrite) throw StudioError.from(obstacle)
    if (problems.reduce((sum, problem) => sum + problem.pictures, 0) === pictures) throw StudioError.from(problems[0])
    this.#refuseWhenFull(mostWaiting)
    if (farm && (await this.farm.url()) === null) throw fault('farmUnset')
    const payload = {
      set,
      base: this.studio.dataFolder,
      folder,
      ...(overwrite && { overwrite }),
      ...(farm && { farm }),
    }
    return this.queue.add({ kind: 'set', title: set.name ?? 'set', cost, payload }).id
  }

  /** As jobEnd(): until the host closes. */
  finished(id: string, signal?: AbortSignal): Promise<StudioJob> {
    return jobEnd(this.queue, id, { closing: this.#closing.signal, signal })
  }

  #refuseWhenFull(most: number | undefined): void {
    if (most !== undefined && this.queue.count('waiting') >= most) throw fault('queueFull', { most })
  }

  /** Sends an event for each picture whose notes have changed. */
  publishPictures(ids: readonly string[]): void {
    for (const id of ids) this.publish({ kind: 'picture', picture: viewOfPicture(this.library.get(id)) })
  }

  #setWithModel(definition: SetInput): SetInput {
    return { ...definition, request: this.withModel(definition.request ?? {}) }
  }

  async #queueFirstPicture(): Promise<void> {
    const draft = (await this.studio.registry.list()).find(({ builtIn }) => builtIn)
    const empty = this.library.index.files().length === 0 && this.queue.list().length === 0
    if (empty && draft?.present) this.#firstPicture = await this.addPicture(FIRST_PICTURE)
  }
}
