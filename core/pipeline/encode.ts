/** Prompts → what the denoiser reads of them. */
import type { DenoiserInputs } from '../engine/context.ts'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { ClipTokenizer } from '../text/clip-tokenizer.ts'
import { takeAskedEmbeddings } from '../text/embedded-words.ts'
import type { Model } from '../weights/types.ts'
import { requireFinite } from './finite.ts'
import type { PipelinePreparation } from './job.ts'
import type { ModelNetworks } from './model-networks.ts'
import { encodeText, type TextConditioning, tokenizePrompts } from './text-conditioning.ts'

export interface EncodedPrompts {
  /** Rows in guidance order, the negative one first; one row without guidance. */
  inputs: DenoiserInputs
  guided: boolean
  /** Length of each row: 77 a chunk. */
  tokens: number
  /** Tokens of each prompt, and how many were dropped. */
  counts: { prompt: number; negativePrompt: number | null; dropped: number }
  /** Embeddings that a prompt asks for and that are not there. */
  notices: readonly Phrase[]
}

/** What decides the result, for one model. */
type PromptJob = Pick<
  PipelinePreparation,
  | 'prompt'
  | 'negativePrompt'
  | 'longPrompt'
  | 'promptWeights'
  | 'clipSkip'
  | 'guidanceScale'
  | 'sizes'
  | 'negativeSizes'
>

/** What was encoded last for each opened model: a job whose prompts were read before (prepare(), another seed) has them. */
const latest = new WeakMap<Model, { key: string; prompts: EncodedPrompts }>()

export async function encodePrompts(networks: ModelNetworks, job: PromptJob): Promise<EncodedPrompts> {
  const { prompt, negativePrompt, longPrompt, promptWeights, clipSkip, sizes, negativeSizes } = job
  const guided = job.guidanceScale > 1
  const texts = [prompt, guided && negativePrompt, longPrompt, promptWeights, clipSkip, guided]
  const key = JSON.stringify([...texts, sizes, guided && negativeSizes])
  const known = latest.get(networks.model)
  if (known?.key === key) return known.prompts
  const prompts = await encode(networks, job)
  latest.set(networks.model, { key, prompts })
  return prompts
}

async function encode(networks: ModelNetworks, job: PromptJob): Promise<EncodedPrompts> {
  const { forceZerosForEmptyPrompt } = networks.model
  const tokenizers = await tokenizersOf(networks.model)
  const guided = job.guidanceScale > 1
  // A model that was not trained with zero embeddings reads the empty prompt where there is none.
  const negative = job.negativePrompt ?? (forceZerosForEmptyPrompt ? null : '')
  const { prompt, negativePrompt, notices } = withoutMissingWords(
    networks.model,
    job.prompt,
    guided ? negative : null,
    job,
  )
  const rows = tokenizePrompts(tokenizers, prompt, negativePrompt, job.longPrompt, job.promptWeights)

  await using first = await networks.textEncoder('text_encoder', job.clipSkip)
  await using second = await networks.textEncoder('text_encoder_2', job.clipSkip)
  const encoders = [first.network, second.network] as const
  // The reference skips layers for the prompt only, never for the negative one.
  const positive = await encodeText(encoders, rows.prompt, 0)
  requireFinite(positive.hidden, 'the text encoders')
  requireFinite(positive.pooled, 'the text encoders')
  const about = { guided, tokens: rows.length, counts: rows.tokens, notices }
  if (!guided) return { inputs: rowsOf([positive], [job.sizes]), ...about }
  const zero = { hidden: new Float32Array(positive.hidden.length), pooled: new Float32Array(positive.pooled.length) }
  const against = rows.negative ? await encodeText(encoders, rows.negative, 1) : zero
  return { inputs: rowsOf([against, positive], [job.negativeSizes, job.sizes]), ...about }
}

/** embedding:NAME of an embedding that is not there is left out and told, where prompts are read as other programs' are. */
function withoutMissingWords(
  { words }: Model,
  prompt: string,
  negativePrompt: string | null,
  { promptWeights }: PromptJob,
): { prompt: string; negativePrompt: string | null; notices: Phrase[] } {
  if (!promptWeights) return { prompt, negativePrompt, notices: [] }
  const known = new Set(words.map(({ token }) => token.toLowerCase()))
  const missing = new Set<string>()
  const clean = (text: string) =>
    takeAskedEmbeddings(text, name => {
      if (known.has(name.toLowerCase())) return false
      missing.add(name)
      return true
    })
  const [positive, negative] = [clean(prompt), negativePrompt === null ? null : clean(negativePrompt)]
  const notices = [...missing].map(name => phrase('embeddingNotInstalled', { name }))
  return { prompt: positive, negativePrompt: negative, notices }
}

type Tokenizers = readonly [ClipTokenizer, ClipTokenizer]
const tokenizers = new WeakMap<Model, Promise<Tokenizers>>()

/** Read once for each opened model: SDXL's vocabularies have 49,408 entries each. */
function tokenizersOf(model: Model): Promise<Tokenizers> {
  const { tokenizer, tokenizer2, words } = model
  const wordsOf = (encoder: 0 | 1) => new Map(words.map(({ token, ids }) => [token, ids[encoder]]))
  const known =
    tokenizers.get(model) ??
    Promise.all([
      ClipTokenizer.load(tokenizer.folder, tokenizer.padToken, wordsOf(0)),
      ClipTokenizer.load(tokenizer2.folder, tokenizer2.padToken, wordsOf(1)),
    ])
  tokenizers.set(model, known)
  return known
}

function rowsOf(texts: TextConditioning[], sizes: PipelinePreparation['sizes'][]): DenoiserInputs {
  const join = (parts: readonly ArrayLike<number>[]) => Float32Array.from(parts.flatMap(part => Array.from(part)))
  return {
    encoderHiddenStates: join(texts.map(text => text.hidden)),
    textEmbeds: join(texts.map(text => text.pooled)),
    timeIds: join(
      sizes.map(({ originalSize, cropTopLeft, targetSize }) => [...originalSize, ...cropTopLeft, ...targetSize]),
    ),
  }
}
