/** From a request to pictures: completes it, builds prompts, draws maps, and has the inference process paint. */
import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { noticesOf } from '../composition/notices.ts'
import type { Progress } from '../contract/progress.ts'
import {
  type MemoryWishes,
  memoryWishes,
  type Request,
  type RequestInput,
  requestInputSchema,
} from '../contract/request.ts'
import { DEFAULT_STYLE } from '../contract/vocabulary.ts'
import { phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { DRAFT } from '../machine/draft-folder.ts'
import type { EngineUsed } from '../machine/engine-choice.ts'
import { type PictureShape, shapeOf } from '../machine/estimate.ts'
import type { MemoryRecord } from '../machine/memory-monitor.ts'
import { type KnownModel, type Manifest, type ModelRegistry, readManifest } from '../machine/registry.ts'
import type { ModelFiles, PipelineJob, TraceTensor } from '../pipeline/job.ts'
import type { PipelineEvent } from '../pipeline/multi-controlnet-pipeline.ts'
import type { Fingerprint } from '../processes/painting/fingerprint.ts'
import type { InferencePool, PoolJobOptions, PoolReply } from '../processes/painting/pool.ts'
import type { PaintReply } from '../processes/painting/protocol.ts'
import type { StyleDefinition } from '../prompt/style.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import { completeRequest, trainedSizeOf } from './complete-request.ts'
import { startOf } from './flat-colours.ts'
import { mapsFollowSeed, plannedControls } from './planned-controls.ts'
import { drawWord, preparationOf, prepareJob, tileSizeOf } from './prepare-job.ts'
import { withPromptEmbeddings } from './prompt-embeddings.ts'
import { withoutLoraTags, withPromptLoras } from './prompt-loras.ts'
import { resampled } from './resampled.ts'
import type { DrawnWord, WordMaps } from './word-maps.ts'

/** A picture, and what is needed to make it again. */
export interface GeneratedPicture {
  image: Rgb
  /** Complete, for this picture alone: its own seed, count 1. */
  request: Request
  prompt: string
  negativePrompt: string | null
  /** Where the model files were, absolute. */
  files: ModelFiles
  /** Made by the draft model that ships with the studio. */
  draft: boolean
  /** Ink of the word, where maps were drawn from it. */
  mask: Gray | null
  word: DrawnWord | null
  tokens: { prompt: number; negativePrompt: number | null; dropped: number }
  /** What was asked for and left out: a LoRA that is not there, keys of one that have no place. */
  notices: readonly Phrase[]
  /** Milliseconds by stage, of all pictures made together. */
  timings: Record<string, number>
  peakMemory: number
  /** What computed it; null where the process was told nothing. */
  engine: EngineUsed | null
  /** What each operation took of memory. */
  memory: readonly MemoryRecord[]
  trace: Record<string, TraceTensor> | null
  /** The machine and engine that computed it, where that is known. */
  made?: Fingerprint | undefined
}

/** What a complete request leads to, before any map is drawn. */
export interface DescribedRequest {
  style: StyleDefinition
  /** Where the model's files are, absolute. */
  files: ModelFiles
  manifest: Manifest | null
  /** As built, or as the request gives them; LoRA tags are still in them. */
  prompts: Prompts
}

export interface GenerateOptions extends MemoryWishes {
  /** Folder that relative paths in the request start from. */
  base: string
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  trace?: boolean
  /** One of several that the caller has made at the same time, up to `atOnce`. */
  together?: boolean
  /** Goes with the job into the inference process and its log. */
  requestId?: string | undefined
}

export interface GeneratorParts {
  /** The inference processes; an InferenceClient is enough. */
  inference: {
    run(job: PipelineJob, options?: PoolJobOptions): Promise<PaintReply & Partial<Pick<PoolReply, 'made'>>>
  } & Partial<Pick<InferencePool, 'atOnce' | 'start' | 'prepare' | 'batchOf'>>
  registry: Pick<ModelRegistry, 'resolve' | 'all'>
  maps: Pick<WordMaps, 'draw'>
  /** A style by id; throws StudioError('bad-style'). */
  style: (id: string) => Promise<StyleDefinition>
  buildPrompts: (request: Request, style: StyleDefinition) => Promise<{ prompt: string; negativePrompt: string | null }>
}

export class AIImageGenerator {
  readonly #parts: GeneratorParts

  constructor(parts: GeneratorParts) {
    this.#parts = parts
  }

  /** How many pictures are worth beginning at the same time, where there are several to make. */
  get atOnce(): number {
    return this.#parts.inference.atOnce ?? 1
  }

  /** How many of a request's pictures are painted together: worth asking for in one call. */
  async batchOf(request: Request, wishes: MemoryWishes = {}): Promise<number> {
    if (mapsFollowSeed(request)) return 1
    return (await this.#parts.inference.batchOf?.(request.count, wishes)) ?? 1
  }

  /** The request with every field filled in: once, where it comes in. Throws StudioError. */
  async complete(input: unknown, base: string): Promise<Request> {
    const { profile: _, force: __, ...given } = parse(requestInputSchema, input, phrase('theRequest'))
    const known = given.promptWeights ? await this.#parts.registry.all() : []
    const listed = known.filter(({ kind, present }) => kind === 'embedding' && present).map(({ path }) => path)
    const partial = withPromptEmbeddings(withPromptLoras(given, base), base, listed)
    const { style, model, manifest } = await this.#read(partial, base)
    return completeRequest(partial, { style, manifest, trainedSize: await trainedSizeOf(model) })
  }

  /** complete() and generate() in one call. Throws StudioError. */
  async generateFrom(input: unknown, options: GenerateOptions): Promise<GeneratedPicture[]> {
    const wishes = memoryWishes(parse(requestInputSchema, input, phrase('theRequest')))
    return this.generate(await this.complete(input, options.base), { ...wishes, ...options })
  }

  /** What of a complete request its memory depends on. Throws StudioError 'missing-model'. */
  async sizing(request: Request, base: string): Promise<{ files: ModelFiles; shape: PictureShape }> {
    const { files } = await this.#locate(request, base)
    // What a ControlNet may not know is not counted.
    const controls = plannedControls(request).filter(({ optional }) => !optional)
    const tiling = tileSizeOf(request.upscale)
    return { files, shape: shapeOf({ ...request, controls, tiling, init: startOf(request) }) }
  }

  /**
   * Makes the pictures of a complete request (complete()). Throws StudioError. Picture i is the one that seed + i makes alone:
   * where maps are drawn by the seed, each picture gets its own.
   */
  async generate(request: Request, options: GenerateOptions): Promise<GeneratedPicture[]> {
    const { seed, count } = request
    if (count === 1 || !mapsFollowSeed(request)) return this.#together(request, options)
    const pictures: GeneratedPicture[] = []
    for (let image = 0; image < count; image++) {
      const onProgress = (progress: Progress) =>
        options.onProgress?.(progress.kind === 'step' ? { ...progress, image, images: count } : progress)
      pictures.push(...(await this.#together({ ...request, seed: seed + image, count: 1 }, { ...options, onProgress })))
    }
    return pictures
  }

  /** Pictures of the same maps. */
  async #together(
    request: Request,
    { base, onProgress = () => {}, signal, trace = false, together = false, requestId, ...wishes }: GenerateOptions,
  ): Promise<GeneratedPicture[]> {
    const { inference, maps, buildPrompts } = this.#parts
    const painted = request.upscale?.method !== 'lanczos'
    // Lanes start when the job reaches them; a single picture waits for its process, which starts while this goes on.
    if (!together && painted) inference.start?.()
    const { files, manifest, style } = await this.#locate(request, base)
    onProgress({ kind: 'stage', stage: 'maps' })
    // The maps are drawn in a thread, the dictionary is read here, and the model is loaded in its process: side by side.
    const failed = new AbortController()
    const began = performance.now()
    const drawing = drawWord(request, {
      ...{ base, maps },
      signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
    })
    drawing.catch(() => undefined) // its error is read below
    const built = await buildPrompts(request, style).catch(error => {
      failed.abort()
      throw error
    })
    const { prompts, notices } = request.promptWeights ? taglessPrompts(built) : { prompts: built, notices: [] }
    if (!together && painted)
      void inference.prepare?.(preparationOf(request, files, prompts), { ...wishes, ...(signal ? { signal } : {}) })
    const word = await drawing
    const drawn = performance.now() - began
    const onEvent = (event: PipelineEvent) => onProgress(event)
    const paint = async () => {
      const job = await prepareJob(request, word, {
        base,
        files,
        prompts,
        trace,
        preview: manifest?.latentPreview ?? null,
        signal,
      })
      const {
        holding: _,
        computed: __,
        tiles: ___,
        measured: ____,
        ...told
      } = await inference.run(
        { ...job, ...(requestId && { requestId }) },
        { onEvent, together, ...wishes, ...(signal ? { signal } : {}) },
      )
      return told
    }
    const { pictures, ...about } = painted ? await paint() : await resampled(request, base, signal)
    return pictures.map(({ image, seed, trace: tensors }) => ({
      image,
      files,
      word,
      ...prompts,
      ...about,
      timings: { maps: drawn, ...about.timings },
      notices: [...notices, ...(word?.composed ? noticesOf(word.composed, request) : []), ...about.notices],
      request: { ...request, seed, count: 1 },
      draft: manifest?.id === DRAFT,
      mask: word?.mask ?? null,
      trace: tensors,
    }))
  }

  /** Style, files and prompts of a complete request. Throws StudioError. */
  async describe(request: Request, base: string): Promise<DescribedRequest> {
    const located = await this.#locate(request, base)
    return { ...located, prompts: await this.#parts.buildPrompts(request, located.style) }
  }

  async #locate(request: Request, base: string): Promise<Omit<DescribedRequest, 'prompts'>> {
    const { style, model, manifest } = await this.#read(request, base)
    return { style, manifest, files: filesOf(request, model, base, await this.#parts.registry.all()) }
  }

  /** What a request names: its style, and its model's folder or file with its manifest. */
  async #read({ style = DEFAULT_STYLE, model = DRAFT }: RequestInput, base: string) {
    const path = await this.#parts.registry.resolve(model, base)
    return { style: await this.#parts.style(style), model: path, manifest: await readManifest(path) }
  }
}

/** null: none at all, which is not the same as an empty one. */
export type Prompts = { prompt: string; negativePrompt: string | null }

function taglessPrompts({ prompt, negativePrompt }: Prompts): { prompts: Prompts; notices: Phrase[] } {
  const positive = withoutLoraTags(prompt)
  const negative = negativePrompt === null ? null : withoutLoraTags(negativePrompt)
  return {
    prompts: { prompt: positive.prompt, negativePrompt: negative?.prompt ?? null },
    notices: [...positive.notices, ...(negative?.notices ?? [])],
  }
}

/** @param known parts that may be named by their id where no file of that name is there */
function filesOf(request: Request, model: string, base: string, known: readonly KnownModel[]): ModelFiles {
  const path = (file: string) => {
    const own = isAbsolute(file) ? file : resolve(base, file)
    return (existsSync(own) ? null : known.find(({ id }) => id === file)?.path) ?? own
  }
  // A model folder may bring its own ControlNet, as the draft model does.
  const inside = join(model, 'controlnet')
  const controlnet = request.controlnet === null ? (existsSync(inside) ? inside : null) : path(request.controlnet)
  return {
    model,
    controlnet,
    vae: request.vae === null ? null : path(request.vae),
    loras: request.loras.map(lora => ({ path: path(lora.path), weight: lora.weight })),
    ...(request.embeddings?.length && {
      embeddings: request.embeddings.map(embedding => ({ path: path(embedding.path), token: embedding.token })),
    }),
  }
}
