/**
 * The studio without library and queue: one object that creates and owns the model registry, styles, map threads,
 * inference processes and the generator.
 */

import { join } from 'node:path'
import { isDraftName } from '../contract/vocabulary.ts'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { dataFolder } from '../files/data-folder.ts'
import { keepPrivate } from '../files/private-folder.ts'
import { Machine } from '../machine/machine.ts'
import { ModelStore } from '../machine/model-store.ts'
import { type KnownModel, ModelRegistry } from '../machine/registry.ts'
import { stepsOf } from '../machine/spill.ts'
import type { PipelineJob } from '../pipeline/job.ts'
import { MapPool } from '../processes/maps/pool.ts'
import type { InferenceClient } from '../processes/painting/client.ts'
import { InferencePool, type PoolOptions } from '../processes/painting/pool.ts'
import type { PaintReply } from '../processes/painting/protocol.ts'
import { Glossary } from '../prompt/glossary.ts'
import { wordsBeside } from '../prompt/palette-words.ts'
import { PromptBuilder } from '../prompt/prompt-builder.ts'
import { StyleLibrary } from '../prompt/user-styles.ts'
import { AIImageGenerator } from './ai-image-generator.ts'
import { WordMaps } from './word-maps.ts'

export interface StudioOptions {
  /** Default: ZIHUA_DATA or the system's usual place. */
  dataFolder?: string
  inference?: InferencePool
  /** The process for single pictures, where it was started before there was a studio. */
  painter?: InferenceClient
  /** Default: one that is asked what it has. */
  machine?: Machine
}

export class Studio implements AsyncDisposable {
  readonly dataFolder: string
  /** What computes pictures here. */
  readonly machine: Machine
  readonly registry: ModelRegistry
  /** What can be downloaded, and what was. */
  readonly store: ModelStore
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
    this.machine = options.machine ?? new Machine(this.dataFolder)
    this.registry = new ModelRegistry(this.dataFolder)
    this.store = new ModelStore(this.dataFolder, this.registry)
    this.styles = new StyleLibrary(this.dataFolder)
    this.glossary = new Glossary(this.dataFolder)
    this.maps = new MapPool()
    this.inference = options.inference ?? poolOf(this.machine, options.painter && { main: options.painter })
    const { modelsFolder } = this
    this.drawing = new WordMaps(this.maps, id => this.styles.get(id), { modelsFolder })
    this.generator = new AIImageGenerator({
      inference: this.inference,
      registry: this.registry,
      style: id => this.styles.get(id),
      buildPrompts: (request, style) =>
        new PromptBuilder(style, wordsBeside(request, isDraftName(request.model)), { glossary: this.glossary }).build(
          request,
        ),
      maps: this.drawing,
    })
  }

  /** Where the networks that maps are made with are installed. */
  get modelsFolder(): string {
    return join(this.dataFolder, 'models')
  }

  /** Opens a model or a part of one, which proves that it is one, and remembers it. Throws StudioError. */
  addModel(path: string): Promise<KnownModel> {
    return this.store.add(path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.inference.stop(), this.maps.close(), this.machine.close()])
  }
}

/** Keeps what a job shows of the machine. @returns what the user should know of it */
async function learnFrom(machine: Machine, job: PipelineJob, reply: PaintReply): Promise<readonly Phrase[]> {
  const { engine, memory, measured, batch } = reply
  void machine.noteFactors(measured)
  const steps = stepsOf(memory)
  if (!engine || !steps) return []
  const { files, tiling } = job
  // Of a picture in tiles each tile is a step.
  const [width, height] = [job.width, job.height].map(side => Math.min(side, tiling?.side ?? side))
  const step = { provider: engine.provider, model: files.model, width, height, seconds: steps.seconds / batch }
  const times = await machine.spilled(step, steps.used)
  if (times !== null) return [phrase('stepSpilled', { times: times.toFixed(1) })]
  void machine.noteStep(step)
  return []
}

/** Inference processes on what a machine chooses. */
export const poolOf = (machine: Machine, options: PoolOptions = {}): InferencePool =>
  new InferencePool({
    choose: profile => machine.choose(profile),
    cardFree: () => machine.cardFree(),
    onPainted: (job, reply) => learnFrom(machine, job, reply),
    ...options,
  })
