/** What paints a worker's tasks: the studio's own parts, told by the task alone. */
import type { Progress } from '../contract/progress.ts'
import type { Request } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { AIImageGenerator } from '../generate/ai-image-generator.ts'
import type { Studio } from '../generate/studio.ts'
import { WordMaps } from '../generate/word-maps.ts'
import { scoreOfPicture } from '../legibility/legibility-worker.ts'
import { pathFields } from '../library/assets.ts'
import type { Fingerprint } from '../processes/painting/fingerprint.ts'
import { assetName, weightsName } from './describe-task.ts'
import { networksFor } from './preprocessors.ts'
import type { Painted } from './result.ts'
import type { Task } from './task.ts'
import type { WeightsHere } from './weights-here.ts'

export interface PaintOptions {
  /** Where the task's other files lie, by the name that the task gives them. */
  assets: ReadonlyMap<string, string>
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

export interface Painter {
  readonly made: Fingerprint
  /** Pictures at once, at most. */
  readonly lanes: number
  /** Pictures like this one at once. */
  lanesFor(task: Task): Promise<number>
  /** @throws StudioError */
  paint(task: Task, options: PaintOptions): Promise<Painted>
}

export class StudioPainter implements Painter {
  readonly #studio: Studio
  readonly #weights: WeightsHere

  constructor(studio: Studio, weights: WeightsHere) {
    this.#studio = studio
    this.#weights = weights
  }

  get made(): Fingerprint {
    return this.#studio.inference.made
  }

  get lanes(): number {
    return this.#studio.inference.atOnce
  }

  async lanesFor(task: Task): Promise<number> {
    const { request } = await this.#locate(task, new Map())
    const { model, controlnet, vae, loras, embeddings, width, height } = request
    const files = { model, controlnet, vae, loras, ...(embeddings && { embeddings }) }
    return this.#studio.inference.lanesFor({ width, height, files })
  }

  async paint(task: Task, { assets, signal, onProgress }: PaintOptions): Promise<Painted> {
    const { style, prompts, weights } = task
    const { request, placeOf } = await this.#locate(task, assets)
    const generator = new AIImageGenerator({
      inference: this.#studio.inference,
      // The paths are absolute, and of weights that this machine has announced.
      registry: { resolve: async path => path, all: async () => [] },
      style: async () => style,
      buildPrompts: async () => prompts,
      maps: new WordMaps(this.#studio.maps, async () => style, networksFor(weights, placeOf)),
    })
    const [made] = await generator.generate(request, {
      ...{ base: this.#studio.dataFolder, together: true, signal, onProgress },
    })
    const { request: _, files: __, trace: ___, ...painted } = made
    return { ...painted, legibility: await scoreOfPicture(made) }
  }

  /** The request with the places that its files have here. */
  async #locate({ request, weights }: Task, assets: ReadonlyMap<string, string>): Promise<Located> {
    const places = new Map<string, string>()
    for (const { sha256, name } of weights) {
      const path = await this.#weights.pathOf(sha256)
      if (path === null) throw fault('farmModelChanged', { name })
      places.set(weightsName(sha256), path)
    }
    const placed = (name: string) => {
      const path = places.get(name)
      if (path === undefined) throw fault('farmModelChanged', { name })
      return path
    }
    const located = structuredClone(request)
    located.model = placed(request.model)
    located.controlnet = request.controlnet === null ? null : placed(request.controlnet)
    located.vae = request.vae === null ? null : placed(request.vae)
    located.loras = request.loras.map(({ path, weight }) => ({ path: placed(path), weight }))
    if (request.embeddings)
      located.embeddings = request.embeddings.map(({ path, token }) => ({ path: placed(path), token }))
    if (assets.size > 0 || pathFields(located).length > 0) {
      for (const { path, replace } of pathFields(located)) replace(assets.get(path) ?? path)
    }
    return { request: located, placeOf: sha256 => placed(weightsName(sha256)) }
  }
}

interface Located {
  request: Request
  /** The file or folder of the task's weights, by hash. */
  placeOf: (sha256: string) => string
}

/**
 * Files that a task names without listing them among its assets.
 * A task is a stranger's: its paths may only be those that came with it.
 */
export function foreignPaths({ request, assets }: Task): string[] {
  const listed = new Set(assets.map(assetName))
  const tensors = [request.latents, request.noise].flatMap(name => name?.replace(/#.*$/s, '') ?? [])
  const named = pathFields(structuredClone(request)).map(({ path }) => path)
  return [...named, ...tensors].filter(path => !listed.has(path))
}
