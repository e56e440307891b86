/** What goes into the inference process and what comes out of it: numbers, texts and pictures, no words and no styles. */
import type { SamplerName } from '../contract/vocabulary.ts'
import type { TileSize } from '../engine/tiles.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { LatentPreview } from './preview.ts'

/** [height, width], and [top, left] for a crop, in the order that the networks read. */
export type Pair = readonly [number, number]

export interface MicroConditioning {
  originalSize: Pair
  cropTopLeft: Pair
  targetSize: Pair
}

export interface ControlPicture {
  /** ControlNet-Union's number of this kind of picture. */
  mode: number
  /** At the size of the picture that is made. */
  image: Rgb
  weight: number
  /** The part of the steps in which it acts, 0..1. */
  start: number
  end: number
  /** Left out where the ControlNet does not know this kind. */
  optional?: boolean
}

/** Absolute paths. */
export interface ModelFiles {
  model: string
  controlnet: string | null
  vae: string | null
  loras: readonly { path: string; weight: number }[]
  /** Left out: none. */
  embeddings?: readonly { path: string; token: string }[]
}

/** A tensor, or the prefix of several, in a safetensors file: "file.safetensors#name", absolute. */
export type TensorReference = string

/** A control picture that is still being drawn. */
export type PlannedControl = Omit<ControlPicture, 'image'>

/** What a job needs before its control pictures are there. */
export interface PipelinePreparation
  extends Pick<
    PipelineJob,
    | 'files'
    | 'prompt'
    | 'negativePrompt'
    | 'longPrompt'
    | 'promptWeights'
    | 'clipSkip'
    | 'width'
    | 'height'
    | 'guidanceScale'
    | 'sizes'
    | 'negativeSizes'
    | 'sampler'
    | 'steps'
    | 'scheduler'
    | 'count'
    | 'tiling'
  > {
  controls: readonly PlannedControl[]
  init: { strength: number } | null
}

export interface PipelineJob {
  /** Of the call that asked for it, for the log of the inference process. */
  requestId?: string
  files: ModelFiles
  prompt: string
  /** null: zero embeddings. */
  negativePrompt: string | null
  longPrompt: 'chunk' | 'truncate'
  /** Words are weighed as A1111 writes it: (word:1.3). */
  promptWeights?: boolean
  clipSkip: number | null
  width: number
  height: number
  steps: number
  guidanceScale: number
  sampler: SamplerName
  /** A diffusers scheduler config over the sampler's own. */
  scheduler: Readonly<Record<string, unknown>> | null
  /** Picture i is made from seed + i. */
  seed: number
  count: number
  controls: readonly ControlPicture[]
  init: { image: Rgb; strength: number } | null
  /** Where the init picture is painted again: 255 = wholly, 0 = it stays; of the picture's size. */
  repaint?: Gray | null
  /** Every step, and the VAE, goes over the picture in overlapping tiles, so that memory is that of a tile. */
  tiling?: TileSize | null
  sizes: MicroConditioning
  negativeSizes: MicroConditioning
  latents: TensorReference | null
  noise: TensorReference | null
  /** How this model's latents look; null: SDXL's. */
  preview: LatentPreview | null
  /** Collect every step's latents and the unrounded picture. */
  trace: boolean
}

/** float32 in a shape. */
export interface TraceTensor {
  shape: number[]
  data: Float32Array
}

export interface PictureResult {
  image: Rgb
  seed: number
  trace: Record<string, TraceTensor> | null
}

export interface PipelineResult {
  pictures: PictureResult[]
  /** Tokens of each prompt, start, end and padding not counted, and how many were dropped by truncation. */
  tokens: { prompt: number; negativePrompt: number | null; dropped: number }
  /** What the model's files left out: Model.notices. */
  notices: readonly Phrase[]
  /** How many of the pictures were denoised at a time. */
  batch: number
  /** The decoder cut the last picture into so many. */
  tiles: number
  /** Milliseconds by stage. */
  timings: Record<string, number>
  /** Highest resident memory of the process so far, bytes. */
  peakMemory: number
}
