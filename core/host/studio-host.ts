/**
 * An open studio: the parts of Studio with library, queue, settings, previews, and one stream of events. Every user of
 * it
 * (browser host, desktop, tests) goes through core/host/router.ts.
 */
import { join } from 'node:path'
import { EventPublisher } from '@orpc/server'
import { missingMethods } from '../conditioning/ai/ai-models.ts'
import { fault } from '../faults/fault.ts'
import { VERSION } from '../files/version.ts'
import { type MeasuredProvider, measureSteps } from '../generate/measure-steps.ts'
import { Studio, type StudioOptions } from '../generate/studio.ts'
import { Library } from '../library/library.ts'
import type { PictureMaker } from '../library/maker.ts'
import { StudioLog } from '../log/log.ts'
import { MapPreview } from '../processes/maps/preview.ts'
import { jobHandlers } from '../queue/handlers.ts'
import { Queue } from '../queue/queue.ts'
import { briefOf, type StudioJob, type StudioQueue } from '../queue/studio-jobs.ts'
import { mapsWith } from '../sets/maps.ts'
import type { StudioEvent, StudioInfo } from './api/studio.ts'
import { Blobs } from './blobs.ts'
import { Exports } from './exports.ts'
import { FarmLink } from './farm-link.ts'
import { jobEnd } from './job-end.ts'
import { logJobs } from './job-log.ts'
import { JobWatch } from './job-watch.ts'
import type { LocalApiControl } from './local-api.ts'
import { ModelDownloads } from './model-downloads.ts'
import { noticesOf } from './notices.ts'
import { Orders } from './orders.ts'
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
  /** Puts pictures and sets into the queue. */
  readonly orders: Orders
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
  readonly #closing = new AbortController()
  readonly #notices: StudioEvent[] = []
  #measuring = false
  /** The job of the picture that an empty studio makes by itself. */
  #firstPicture: string | null = null

  private constructor({ studio, library, settings, platform, log, maker }: HostParts) {
    this.studio = studio
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
    this.orders = new Orders({ studio, library, settings, queue: this.queue, farm: this.farm, maker })
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
      for (const error of await noticesOf(host)) {
        log.subsystem('studio').error({ code: error.code, key: error.key }, error.message)
        host.#notices.push({ kind: 'problem', error: error.report() })
      }
      if (firstPicture && !host.queue.trouble) host.#firstPicture = await host.orders.addFirstPicture()
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
      return await measureSteps(this.studio, this.orders.withModel({ word: '学' }), {
        base: this.studio.dataFolder,
        signal,
      })
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
        await this.orders.addPicture({ word, translation, style, seed, model })
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

  /** As jobEnd(): until the host closes. */
  finished(id: string, signal?: AbortSignal): Promise<StudioJob> {
    return jobEnd(this.queue, id, { closing: this.#closing.signal, signal })
  }

  /** Sends an event for each picture whose notes have changed. */
  publishPictures(ids: readonly string[]): void {
    for (const id of ids) this.publish({ kind: 'picture', picture: viewOfPicture(this.library.get(id)) })
  }
}
