/**
 * The studio without library and queue: one object that creates and owns the model registry, styles, map threads,
 * inference processes and the generator.
 */

import { dataFolder } from '../files/data-folder.ts'
import { keepPrivate } from '../files/private-folder.ts'
import { type KnownModel, ModelRegistry } from '../machine/registry.ts'
import { MapPool } from '../processes/maps/pool.ts'
import { InferencePool } from '../processes/painting/pool.ts'
import { Glossary } from '../prompt/glossary.ts'
import { PromptBuilder } from '../prompt/prompt-builder.ts'
import { StyleLibrary } from '../prompt/user-styles.ts'
import { ModelLoader } from '../weights/loader.ts'
import { AIImageGenerator } from './ai-image-generator.ts'
import { WordMaps } from './word-maps.ts'

export interface StudioOptions {
  /** Default: ZIHUA_DATA or the system's usual place. */
  dataFolder?: string
  inference?: InferencePool
}

export class Studio implements AsyncDisposable {
  readonly dataFolder: string
  readonly registry: ModelRegistry
  readonly styles: StyleLibrary
  /** Meanings that the user has typed or imported. */
  readonly glossary: Glossary
  readonly maps: MapPool
  readonly inference: InferencePool
  /** Draws the maps of a request. */
  readonly drawing: WordMaps
  readonly generator: AIImageGenerator

  constructor(options: StudioOptions = {}) {
    this.dataFolder = options.dataFolder ?? dataFolder()
    keepPrivate(this.dataFolder)
    this.registry = new ModelRegistry(this.dataFolder)
    this.styles = new StyleLibrary(this.dataFolder)
    this.glossary = new Glossary(this.dataFolder)
    this.maps = new MapPool()
    this.inference = options.inference ?? new InferencePool()
    this.drawing = new WordMaps(this.maps, id => this.styles.get(id))
    this.generator = new AIImageGenerator({
      inference: this.inference,
      registry: this.registry,
      style: id => this.styles.get(id),
      buildPrompts: (request, style) => new PromptBuilder(style, {}, { glossary: this.glossary }).build(request),
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
}
