/** The parts of an SDXL model while it is opened, before LoRA files are merged in. */
import { fileURLToPath } from 'node:url'
import type { Phrase } from '../faults/studio-error.ts'
import publishedScheduler from './configs/scheduler.json' with { type: 'json' }
import { type Config, type Network, toComponent } from './network.ts'
import type { EmbeddedWord, Model } from './types.ts'

export interface Tokenizer {
  readonly folder: string
  readonly padToken: string
}

export interface ModelParts {
  readonly path: string
  readonly networks: {
    readonly text_encoder: Network
    readonly text_encoder_2: Network
    readonly unet: Network
    readonly vae: Network
    readonly controlnet: Network | null
  }
  readonly tokenizer: Tokenizer
  readonly tokenizer2: Tokenizer
  readonly scheduler: Config
  readonly forceZerosForEmptyPrompt: boolean
}

/** The vocabulary of every SDXL model (CLIP's), for files that bring none. */
export const clipVocabulary = fileURLToPath(new URL('../text/clip-vocab', import.meta.url))

/** Pad tokens as published: CLIP-L pads with its end token, OpenCLIP bigG with "!" (id 0). */
export const PAD_TOKENS = ['<|endoftext|>', '!'] as const

/** SDXL's published facts for what a single file does not say. */
export const publishedDefaults = {
  tokenizer: { folder: clipVocabulary, padToken: PAD_TOKENS[0] },
  tokenizer2: { folder: clipVocabulary, padToken: PAD_TOKENS[1] },
  scheduler: publishedScheduler as Config,
  forceZerosForEmptyPrompt: true,
}

/** What was added to a model's parts. */
export interface Additions {
  /** The LoRA and embedding files, for the record. */
  readonly files: readonly string[]
  readonly words: readonly EmbeddedWord[]
  /** What was left out. */
  readonly notices: readonly Phrase[]
  /** Deletes the scratch files. Idempotent. */
  dispose(): Promise<void>
}

const NOTHING: Additions = { files: [], words: [], notices: [], dispose: async () => {} }

export function toModel(parts: ModelParts, { files, words, notices, dispose }: Additions = NOTHING): Model {
  const { text_encoder, text_encoder_2, unet, vae, controlnet } = parts.networks
  const networks = [text_encoder, text_encoder_2, unet, vae, ...(controlnet ? [controlnet] : [])]
  return {
    path: parts.path,
    textEncoder: toComponent(text_encoder),
    textEncoder2: toComponent(text_encoder_2),
    unet: toComponent(unet),
    vae: toComponent(vae),
    controlnet: controlnet && toComponent(controlnet),
    tokenizer: parts.tokenizer,
    tokenizer2: parts.tokenizer2,
    scheduler: parts.scheduler,
    forceZerosForEmptyPrompt: parts.forceZerosForEmptyPrompt,
    words,
    files: [...new Set([...networks.flatMap(network => network.files), ...files])],
    notices,
    dispose,
  }
}
