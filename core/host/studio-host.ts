/**
 * A studio that is open: the parts of Studio with library, queue, settings and live previews, and one stream of events.
 * Whatever shows it (browser host, desktop, tests) talks to it through core/router.ts.
 */
import { isAbsolute, join } from 'node:path'
import { EventPublisher } from '@orpc/server'
import type { StudioEvent, StudioInfo } from '../api.ts'
import { MapPreview } from '../conditioning/preview.ts'
import { type RequestInput, StudioError } from '../contract.ts'
import { Library } from '../library/library.ts'
import { jobHandlers } from '../library/queue/handlers.ts'
import { Queue } from '../library/queue/queue.ts'
import { safeName } from '../library/safe-name.ts'
import type { SetInput } from '../library/sets/definition.ts'
import { estimateSet, type SetEstimate } from '../library/sets/estimate.ts'
import { mapsWith } from '../library/sets/maps.ts'
import { VERSION } from '../library/version.ts'
import { Studio, type StudioOptions } from '../studio.ts'
import { Blobs } from './blobs.ts'
import { JobWatch } from './job-watch.ts'
import { SettingsFile } from './settings.ts'
import { viewOfPicture } from './views.ts'

export interface HostOptions extends StudioOptions {
  platform?: StudioInfo['platform']
  /** Puts the first picture into the queue of an empty studio. Default true. */
  firstPicture?: boolean
}

/** What an empty studio paints by itself, so that its stage is never empty. */
const FIRST_PICTURE: RequestInput = { word: '学习', style: 'comic', model: 'draft' }

const SDXL_HINT =
  'For full pictures, get stabilityai/stable-diffusion-xl-base-1.0 and xinsir/controlnet-union-sdxl-1.0 from Hugging Face and choose their folders in the settings.'

export class StudioHost implements AsyncDisposable {
  readonly studio: Studio
  readonly library: Library
  readonly queue: Queue
  readonly jobs: JobWatch
  readonly preview: MapPreview
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
    const { generator: maker, drawing } = studio
    this.queue = new Queue(
      join(studio.dataFolder, 'queue.db'),
      jobHandlers({ maker, library, maps: mapsWith(drawing) }),
    )
    this.jobs = new JobWatch({ queue: this.queue, library, blobs: this.blobs, tell: event => this.tell(event) })
  }

  /** Opens the data folder and goes on with what waits in the queue. @throws StudioError 'cannot-write', 'internal' */
  static async open({ platform = 'browser', firstPicture = true, ...options }: HostOptions = {}): Promise<StudioHost> {
    const studio = new Studio(options)
    try {
      const library = await Library.open(studio.dataFolder)
      const settings = await SettingsFile.open(studio.dataFolder)
      const host = new StudioHost(studio, library, settings, platform)
      if (firstPicture) await host.#queueFirstPicture()
      host.queue.start()
      return host
    } catch (error) {
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

  tell(event: StudioEvent): void {
    this.#events.publish('event', event)
  }

  /** Everything that happens from now on, until the signal or the end of the iteration. */
  events(signal?: AbortSignal): AsyncIteratorObject<StudioEvent> {
    return this.#events.subscribe('event', signal ? { signal } : {})
  }

  async info(): Promise<StudioInfo> {
    const { dataFolder, registry } = this.studio
    const { model } = this.settings.get()
    const about = { version: VERSION, dataFolder, platform: this.#platform, sdxlHint: SDXL_HINT }
    return { ...about, models: await registry.list(), defaultModel: model }
  }

  /** The request with the settings' model where it names none. */
  withModel(request: RequestInput): RequestInput {
    const { model, controlnet } = this.settings.get()
    if (request.model !== undefined && request.model !== model) return request
    return { controlnet, ...request, model }
  }

  /** Completed now, so that what fails tells at once and what waits does not change with the settings. @throws StudioError */
  async addPicture(input: RequestInput, note?: string): Promise<string> {
    const base = this.studio.dataFolder
    const { request } = await this.studio.generator.complete(this.withModel(input), base)
    const { word, prompt, width, height, steps, count } = request
    const title = note?.trim() || word || (prompt ?? '').slice(0, 60)
    const cost = ((width * height) / 1e6) * steps * count
    return this.queue.add({ kind: 'picture', title, cost, payload: { request, base } }).id
  }

  /** @throws StudioError 'bad-request' */
  estimateSet(definition: SetInput): Promise<SetEstimate> {
    const { dataFolder: base, generator } = this.studio
    const set = this.#setWithModel(definition)
    return estimateSet(set, {
      ...{ base, folder: this.#setFolder(set) },
      complete: generator.complete.bind(generator),
      rate: this.library.index.rate(set.request?.model ?? 'draft'),
    })
  }

  /** @throws StudioError 'bad-request' */
  async startSet(definition: SetInput, folder?: string): Promise<string> {
    if (folder !== undefined && !isAbsolute(folder))
      throw new StudioError('bad-request', `"${folder}" is no absolute path.`, 'Choose a folder by its whole path.')
    const set = this.#setWithModel(definition)
    // Planned once before it waits: a template or word that does not hold is told now.
    await this.estimateSet(set)
    const payload = { set, base: this.studio.dataFolder, folder: folder ?? this.#setFolder(set) }
    return this.queue.add({ kind: 'set', title: set.name ?? 'set', payload }).id
  }

  /** Tells everyone of pictures whose notes have changed. */
  tellPictures(ids: readonly string[]): void {
    for (const id of ids) this.tell({ kind: 'picture', picture: viewOfPicture(this.library.get(id)) })
  }

  #setWithModel(definition: SetInput): SetInput {
    return { ...definition, request: this.withModel(definition.request ?? {}) }
  }

  #setFolder({ name = 'set' }: SetInput): string {
    return join(this.studio.dataFolder, 'sets', safeName(name, 'set'))
  }

  async #queueFirstPicture(): Promise<void> {
    const draft = (await this.studio.registry.list()).find(({ builtIn }) => builtIn)
    const empty = this.library.index.files().length === 0 && this.queue.list().length === 0
    if (empty && draft?.present) await this.addPicture(FIRST_PICTURE)
  }
}
