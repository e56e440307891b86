import type { Phrase } from '../faults/studio-error.ts'

/** The dtypes of published weights that the graphs read in place. */
export type WeightDtype = 'F32' | 'F16' | 'BF16'

/** Where a tensor's numbers lie: a span of a file, or memory for what had to be computed (transposed, merged). */
export type TensorData = { file: string; offset: number; length: number } | Uint8Array

/** One tensor of a network under its diffusers name, wherever it was published. */
export interface Tensor {
  readonly name: string
  readonly dtype: WeightDtype
  readonly shape: readonly number[]
  readonly data: TensorData
}

/**
 * The tensors of one network while its graph is built. take() never throws: what is missing or misshapen is
 * collected, and finish() reports all of it at once, the first ten by name. What is left over is not in the way.
 */
export interface Weights {
  /** Names what these weights are in errors: "unet of /models/sdxl". */
  readonly label: string
  has(name: string): boolean
  /** Marks the tensor as used. A missing or misshapen one is noted and an F32 tensor of zero length comes back. */
  take(name: string, shape: readonly number[]): Tensor
  /** The shape as published, or null. Does not mark it as used. */
  shapeOf(name: string): readonly number[] | null
  /** What was found so far. */
  fit(): Fit
  /** Throws StudioError('bad-weights') if a key is missing or misshapen, or there are more layers than the config says. */
  finish(): void
}

/** How a file's tensors fit the network that took from them. */
export interface Fit {
  missing: string[]
  /** "NAME [has] instead of [wanted]" */
  misshapen: string[]
  /** Tensors that nothing took. */
  leftOver: string[]
}

/** A network as published: its config.json (or what stands for it) and its weights. */
export interface Component {
  readonly config: Readonly<Record<string, unknown>>
  /** A fresh view each time: a graph is built for every picture size. */
  weights(): Weights
  /** Every tensor, for checks over all of them (finite.ts). */
  tensors(): Iterable<Tensor>
}

/** A word of a prompt that stands for rows of its own in the tables of both text encoders. */
export interface EmbeddedWord {
  readonly token: string
  /** Ids behind the published vocabulary, as many for each encoder: of text_encoder, then of text_encoder_2. */
  readonly ids: readonly [readonly number[], readonly number[]]
}

/** A whole SDXL model as it lies on disk, opened but not loaded: headers and configs only. */
export interface Model {
  readonly path: string
  readonly textEncoder: Component
  readonly textEncoder2: Component
  readonly unet: Component
  readonly vae: Component
  readonly controlnet: Component | null
  /** Folders with vocab.json and merges.txt, and the pad token of each tokenizer. */
  readonly tokenizer: { folder: string; padToken: string }
  readonly tokenizer2: { folder: string; padToken: string }
  /** scheduler/scheduler_config.json, or SDXL's published one. */
  readonly scheduler: Readonly<Record<string, unknown>>
  /** model_index.json's force_zeros_for_empty_prompt (SDXL base: true). */
  readonly forceZerosForEmptyPrompt: boolean
  /** Words that embeddings teach the text encoders. */
  readonly words: readonly EmbeddedWord[]
  /** Every weights file that was opened, for hashing into the record. */
  readonly files: readonly string[]
  /** What a user should know of it: keys of a LoRA that have no place here. */
  readonly notices: readonly Phrase[]
  /** Deletes scratch files (merged LoRA weights). Idempotent. */
  dispose(): Promise<void>
}
