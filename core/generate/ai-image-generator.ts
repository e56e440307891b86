/** From a request to pictures: completes it, builds prompts, draws maps, and has the inference process paint. */
import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Progress } from '../contract/progress.ts'
import { type Request, type RequestInput, requestInputSchema } from '../contract/request.ts'
import { DEFAULT_STYLE } from '../contract/vocabulary.ts'
import { phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { DRAFT, type KnownModel, type ModelRegistry, readManifest } from '../machine/registry.ts'
import type { ModelFiles, TraceTensor } from '../pipeline/job.ts'
import type { PipelineEvent } from '../pipeline/multi-controlnet-pipeline.ts'
import type { InferencePool } from '../processes/painting/pool.ts'
import type { StyleDefinition } from '../prompt/style.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import { completeRequest, trainedSizeOf } from './complete-request.ts'
import { prepareJob } from './prepare-job.ts'
import { withoutLoraTags, withPromptLoras } from './prompt-loras.ts'
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
  trace: Record<string, TraceTensor> | null
}

export interface GenerateOptions {
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
  inference: Pick<InferencePool, 'run'> & Partial<Pick<InferencePool, 'atOnce'>>
  registry: ModelRegistry
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

  /** The request with every field filled in: once, where it comes in. Throws StudioError. */
  async complete(input: unknown, base: string): Promise<Request> {
    const partial = withPromptLoras(parse(requestInputSchema, input, phrase('theRequest')), base)
    const { style, model, manifest } = await this.#read(partial, base)
    return completeRequest(partial, { style, manifest, trainedSize: await trainedSizeOf(model) })
  }

  /** complete() and generate() in one call. Throws StudioError. */
  async generateFrom(input: unknown, options: GenerateOptions): Promise<GeneratedPicture[]> {
    return this.generate(await this.complete(input, options.base), options)
  }

  /** Makes the pictures of a complete request (complete()). Throws StudioError. */
  async generate(
    request: Request,
    { base, onProgress = () => {}, signal, trace = false, together = false, requestId }: GenerateOptions,
  ): Promise<GeneratedPicture[]> {
    const { style, model, manifest } = await this.#read(request, base)
    const files = filesOf(request, model, base, await this.#parts.registry.all())
    const { inference, maps, buildPrompts } = this.#parts
    const built = await buildPrompts(request, style)
    const { prompts, notices } = request.promptWeights ? taglessPrompts(built) : { prompts: built, notices: [] }
    onProgress({ kind: 'stage', stage: 'maps' })
    const { job, word } = await prepareJob(request, {
      base,
      files,
      prompts,
      maps,
      trace,
      preview: manifest?.latentPreview ?? null,
      ...(signal ? { signal } : {}),
    })
    const onEvent = (event: PipelineEvent) => onProgress(event)
    const { pictures, ...about } = await inference.run(
      { ...job, ...(requestId && { requestId }) },
      { onEvent, together, ...(signal ? { signal } : {}) },
    )
    return pictures.map(({ image, seed, trace: tensors }) => ({
      image,
      files,
      word,
      ...prompts,
      ...about,
      notices: [...notices, ...about.notices],
      request: { ...request, seed, count: 1 },
      draft: manifest?.id === DRAFT,
      mask: word?.mask ?? null,
      trace: tensors,
    }))
  }

  /** What a request names: its style, and its model's folder or file with its manifest. */
  async #read({ style = DEFAULT_STYLE, model = DRAFT }: RequestInput, base: string) {
    const path = await this.#parts.registry.resolve(model, base)
    return { style: await this.#parts.style(style), model: path, manifest: await readManifest(path) }
  }
}

type Prompts = { prompt: string; negativePrompt: string | null }

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
  }
}
