/** The studio that hosts host: one object that owns the parts and hands them out. Sessions live in its inference processes, maps in its worker threads. */

import type { Request } from '../contract/request.ts'
import { dataFolder } from '../files/data-folder.ts'
import { maskOf } from '../glyph/draw.ts'
import { type KnownModel, ModelRegistry } from '../machine/registry.ts'
import { MapPool } from '../processes/maps/pool.ts'
import { InferencePool } from '../processes/painting/pool.ts'
import { buildPrompts } from '../prompt/prompt-builder.ts'
import { StyleLibrary } from '../prompt/user-styles.ts'
import { ModelLoader } from '../weights/loader.ts'
import { AIImageGenerator } from './ai-image-generator.ts'
import type { MapMaker } from './prepare-job.ts'

export interface StudioOptions {
  /** Default: ZIHUA_DATA or the system's usual place. */
  dataFolder?: string
  inference?: InferencePool
}

export class Studio implements AsyncDisposable {
  readonly dataFolder: string
  readonly registry: ModelRegistry
  readonly styles: StyleLibrary
  readonly maps: MapPool
  readonly inference: InferencePool
  /** Draws the maps of a request. */
  readonly drawing: MapMaker
  readonly generator: AIImageGenerator

  constructor(options: StudioOptions = {}) {
    this.dataFolder = options.dataFolder ?? dataFolder()
    this.registry = new ModelRegistry(this.dataFolder)
    this.styles = new StyleLibrary(this.dataFolder)
    this.maps = new MapPool()
    this.inference = options.inference ?? new InferencePool()
    this.drawing = this.#mapMaker()
    this.generator = new AIImageGenerator({
      inference: this.inference,
      registry: this.registry,
      style: id => this.styles.get(id),
      buildPrompts,
      maps: this.drawing,
    })
  }

  /** Opens a model, which proves that it is one, and remembers it. Throws StudioError. */
  async addModel(path: string): Promise<KnownModel> {
    const model = await new ModelLoader().open({ model: path })
    await model.dispose()
    return this.registry.add(path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.inference.stop()
    await this.maps.close()
  }

  #mapMaker(): MapMaker {
    return {
      draw: async (request, choices, signal) => {
        const { scribble } = await this.styles.get(request.style)
        const job = { source: wordOf(request), maps: choices, options: { seed: request.seed, scribble } }
        const { glyph, maps } = await this.maps.run(job, signal ? { signal } : {})
        const fonts = new Map(glyph.characters.map(({ font }) => [font.sha256, font]))
        return { mask: maskOf(glyph), maps, fonts: [...fonts.values()] }
      },
    }
  }
}

function wordOf({ word, layout, width, height }: Request) {
  return { kind: 'word', word: word ?? '', layout, width, height } as const
}
