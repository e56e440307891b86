/** Pictures and sets that are asked for: completed, checked, and put into the queue. */
import { memoryWishes, type RequestInput } from '../contract/request.ts'
import type { Sameness } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import type { PictureMaker } from '../library/maker.ts'
import { DRAFT } from '../machine/draft-folder.ts'
import { parseSet, type SetInput } from '../sets/definition.ts'
import { estimateSet } from '../sets/estimate.ts'
import { obstacleIn } from '../sets/ownership.ts'
import type { PlannedSet } from './api/sets.ts'
import type { FarmLink } from './farm-link.ts'
import type { OpenedParts } from './notices.ts'
import { folderForSet } from './set-folder.ts'

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

export interface OrderParts extends OpenedParts {
  farm: FarmLink
  maker: PictureMaker
}

export class Orders {
  readonly #parts: OrderParts

  constructor(parts: OrderParts) {
    this.#parts = parts
  }

  /** The request with the settings' model where it names none. */
  withModel(request: RequestInput): RequestInput {
    const { model, controlnet } = this.#parts.settings.get()
    if (request.model !== undefined && request.model !== model) return request
    return { controlnet, ...request, model }
  }

  /**
   * Queues a picture. The request is completed now: errors are thrown at once, and later changes of the settings do not
   * matter. @throws StudioError
   */
  async addPicture(input: RequestInput, { note, requestId, mostWaiting }: AddOptions = {}): Promise<string> {
    const base = this.#parts.studio.dataFolder
    const request = await this.#parts.maker.complete(this.withModel(input), base)
    const { word, translation, prompt, width, height, steps, count } = request
    // A program that calls does not teach the user's own glossary.
    if (word && translation && requestId === undefined) await this.#parts.studio.glossary.remember(word, translation)
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
    return this.#parts.queue.add({ kind: 'picture', title, cost, payload }).id
  }

  /** @throws StudioError 'bad-request' */
  async estimateSet(definition: SetInput, wanted?: string, signal?: AbortSignal): Promise<PlannedSet> {
    const { dataFolder: base } = this.#parts.studio
    const set = this.#setWithModel(definition)
    const { folder, found } = await folderForSet(set, { dataFolder: base, queue: this.#parts.queue, wanted })
    const estimate = await estimateSet(set, {
      base,
      folder,
      inLibrary: true,
      complete: this.#parts.maker.complete.bind(this.#parts.maker),
      rate: this.#parts.library.index.speeds.rate(set.request?.model ?? DRAFT),
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
    if (farm && (await this.#parts.farm.url()) === null) throw fault('farmUnset')
    const payload = {
      set,
      base: this.#parts.studio.dataFolder,
      folder,
      ...(overwrite && { overwrite }),
      ...(farm && { farm }),
    }
    return this.#parts.queue.add({ kind: 'set', title: set.name ?? 'set', cost, payload }).id
  }

  #refuseWhenFull(most: number | undefined): void {
    if (most !== undefined && this.#parts.queue.count('waiting') >= most) throw fault('queueFull', { most })
  }

  #setWithModel(definition: SetInput): SetInput {
    return { ...definition, request: this.withModel(definition.request ?? {}) }
  }

  /** Queues the picture of an empty studio. @returns its job; null for a studio that is not empty, or has no draft */
  async addFirstPicture(): Promise<string | null> {
    const draft = (await this.#parts.studio.registry.list()).find(({ builtIn }) => builtIn)
    const empty = this.#parts.library.index.files().length === 0 && this.#parts.queue.list().length === 0
    return empty && draft?.present ? this.addPicture(FIRST_PICTURE) : null
  }
}
