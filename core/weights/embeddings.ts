/**
 * Embeddings (textual inversion, arXiv 2208.01618): words that a training added to the text encoders. A file has vectors
 * for both, "clip_l" (n, 768) and "clip_g" (n, 1280), as kohya's sd-scripts and diffusers' trainers write them; OneTrainer
 * puts "bundle_emb.NAME.clip_l" beside a LoRA. They are rows behind the published ones in the table of tokens, so that the
 * graphs read them like any word.
 */
import { join, resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { areFinite } from './finite.ts'
import { identifyFile } from './identify.ts'
import type { ModelParts } from './model.ts'
import type { Network } from './network.ts'
import { fromFloat32, toFloat32 } from './numbers.ts'
import { readBytes, readHeader, type SafetensorsHeader, type TensorEntry } from './safetensors.ts'
import type { EmbeddedWord, Tensor } from './types.ts'
import { streamSafetensors } from './write.ts'

export interface EmbeddingSource {
  readonly path: string
  /** The word of a prompt that it is. */
  readonly token: string
}

/** The vectors of a word, checked against a model but not read. */
export interface Embedding {
  readonly file: string
  readonly token: string
  readonly count: number
  readonly vectors: Readonly<Record<Encoder, { name: string; entry: TensorEntry }>>
}

const ENCODERS = ['text_encoder', 'text_encoder_2'] as const
type Encoder = (typeof ENCODERS)[number]
const NAMES: Readonly<Record<Encoder, string>> = { text_encoder: 'clip_l', text_encoder_2: 'clip_g' }
const TABLE = 'text_model.embeddings.token_embedding.weight'

/** "bundle_emb.NAME.clip_l" in a LoRA. */
export const BUNDLED = /^bundle_emb\./

/** @throws StudioError 'missing-model' or 'bad-weights', naming the file */
export async function openEmbeddings(sources: readonly EmbeddingSource[], parts: ModelParts): Promise<Embedding[]> {
  const opened: Embedding[] = []
  for (const { path, token } of sources) {
    const file = resolve(path)
    const header = await readHeader(file)
    const { kind, description } = identifyFile(header)
    if (kind !== 'embedding') throw fault('notAnEmbedding', { file, kind: description })
    opened.push(check(file, token, vectorsOf(header, '')!, parts))
  }
  return opened
}

/** Those beside a LoRA, and the keys of such that are no vectors for SDXL. @throws StudioError 'bad-weights' */
export function bundledEmbeddings(
  file: string,
  header: SafetensorsHeader,
  parts: ModelParts,
): { embeddings: Embedding[]; unknown: string[] } {
  const keys = [...header.tensors.keys()].filter(key => BUNDLED.test(key))
  const tokens = new Set(keys.flatMap(key => /^bundle_emb\.(.+)\.clip_[lg]$/.exec(key)?.[1] ?? []))
  const embeddings = [...tokens].flatMap(token => {
    const vectors = vectorsOf(header, `bundle_emb.${token}.`)
    return vectors ? [check(file, token, vectors, parts)] : []
  })
  const used = new Set(embeddings.flatMap(({ vectors }) => Object.values(vectors).map(({ name }) => name)))
  return { embeddings, unknown: keys.filter(key => !used.has(key)) }
}

function vectorsOf({ tensors }: SafetensorsHeader, prefix: string): Embedding['vectors'] | null {
  const find = (encoder: Encoder) => {
    const name = prefix + NAMES[encoder]
    const entry = tensors.get(name)
    return entry && { name, entry }
  }
  const [first, second] = [find('text_encoder'), find('text_encoder_2')]
  return first && second ? { text_encoder: first, text_encoder_2: second } : null
}

function check(file: string, token: string, vectors: Embedding['vectors'], { networks }: ModelParts): Embedding {
  const counts = ENCODERS.map(encoder => {
    const { name, entry } = vectors[encoder]
    // One vector may be saved without its first dimension.
    const [width, count = 1, ...more] = entry.shape.toReversed()
    const wanted = networks[encoder].tensors.get(TABLE)?.shape[1]
    if (wanted !== undefined && (width !== wanted || more.length > 0 || count === 0))
      throw fault('embeddingDoesNotFit', { file, name, shape: entry.shape.join(), width: wanted })
    return count
  })
  if (counts[0] !== counts[1]) throw fault('embeddingUneven', { file, first: counts[0], second: counts[1] })
  return { file, token, count: counts[0], vectors }
}

/**
 * The model with the words behind its vocabularies: each table is written anew, once.
 * @param folder for the tables: 200 MB for an fp16 model
 * @throws StudioError 'cannot-write' where the folder is full, 'bad-weights' for numbers that are not finite
 */
export async function addEmbeddings(
  parts: ModelParts,
  embeddings: readonly Embedding[],
  folder: string,
): Promise<{ parts: ModelParts; words: EmbeddedWord[] }> {
  if (embeddings.length === 0) return { parts, words: [] }
  const networks = { ...parts.networks }
  const ids: number[][][] = []
  for (const encoder of ENCODERS) {
    const table = networks[encoder].tensors.get(TABLE)
    // The network that lacks it says so when its graph is built.
    let next = table?.shape[0] ?? 0
    ids.push(embeddings.map(({ count }) => Array.from({ length: count }, () => next++)))
    if (table) networks[encoder] = await extend(networks[encoder], table, encoder, embeddings, folder)
  }
  return {
    parts: { ...parts, networks },
    words: embeddings.map(({ token }, i) => ({ token, ids: [ids[0][i], ids[1][i]] })),
  }
}

async function extend(
  network: Network,
  table: Tensor,
  encoder: Encoder,
  embeddings: readonly Embedding[],
  folder: string,
): Promise<Network> {
  const { data, dtype, shape } = table
  const [vocabulary, width] = shape
  const added = embeddings.reduce((sum, { count }) => sum + count, 0)
  const plan = { name: TABLE, dtype, shape: [vocabulary + added, width] }
  const file = join(folder, `${encoder}-words.safetensors`)
  const produce = async () => {
    const published = data instanceof Uint8Array ? data : await readBytes(data.file, data.offset, data.length)
    const rows = await Promise.all(embeddings.map(embedding => readRows(embedding, encoder)))
    return Buffer.concat([published, ...rows.map(values => fromFloat32(dtype, values))])
  }
  const spans = await streamSafetensors(file, [plan], produce, {}, { durable: false })
  const tensors = new Map(network.tensors).set(TABLE, { ...plan, data: spans.get(TABLE)! })
  const config = { ...network.config, vocab_size: Number(network.config['vocab_size']) + added, added_tokens: added }
  return { ...network, config, tensors }
}

async function readRows({ file, vectors }: Embedding, encoder: Encoder): Promise<Float32Array> {
  const { name, entry } = vectors[encoder]
  const values = toFloat32(entry.dtype, await readBytes(file, entry.offset, entry.length))
  if (!areFinite(values)) throw fault('loraNotFinite', { file, name })
  return values
}
