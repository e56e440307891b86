/**
 * Opens whatever a user names as a model. Headers and configs only; what LoRA files and embeddings change is written into
 * scratch files.
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { openControlnet } from './controlnet.ts'
import { addEmbeddings, type EmbeddingSource, openEmbeddings } from './embeddings.ts'
import { type LoraSource, openLoras } from './lora.ts'
import type { AddLowRank } from './low-rank.ts'
import { mergeLoras } from './merge.ts'
import { type ModelParts, toModel } from './model.ts'
import { openPipelineFolder } from './pipeline-folder.ts'
import { makeScratch } from './scratch.ts'
import { openSingleFile } from './single-file.ts'
import type { Model } from './types.ts'
import { openVae } from './vae.ts'

export interface ModelSource {
  /** A Hugging Face folder or a .safetensors checkpoint in the original layout. */
  readonly model: string
  /** ControlNet-Union: a folder or a .safetensors file. */
  readonly controlnet?: string | null
  /** A VAE in place of the model's own: a folder or a .safetensors file. */
  readonly vae?: string | null
  /** Merged in this order. */
  readonly loras?: readonly LoraSource[]
  /** Each gives the prompts a word. */
  readonly embeddings?: readonly EmbeddingSource[] | undefined
  /** For a checkpoint of other sizes than SDXL base: the Hugging Face folder with its configs. */
  readonly configFolder?: string | null
  /** Files of this variant ("fp16") are preferred where a folder has several. */
  readonly variant?: string | null
  /** Where merged weights are written; the system's temporary folder by default. */
  readonly scratchFolder?: string
}

export class ModelLoader {
  readonly #addLowRank: AddLowRank | undefined

  /** @param addLowRank how W + up @ down is computed; plain JavaScript where none is given */
  constructor(addLowRank?: AddLowRank) {
    this.#addLowRank = addLowRank
  }

  /**
   * Opens a model with what belongs to it. Call dispose() when it is no longer used.
   * @throws StudioError 'missing-model' (a path or a part of a folder does not exist), 'bad-weights' (damaged, or another kind of file), 'cannot-write' (no room for merged weights)
   */
  async open(source: ModelSource): Promise<Model> {
    const parts = await openParts(source)
    const loras = (source.loras ?? []).filter(({ weight }) => weight !== 0)
    const { changes, notices, bundled } = await openLoras(loras, parts)
    const own = await openEmbeddings(source.embeddings ?? [], parts)
    // An embedding that the user names goes before one of the same name beside a LoRA.
    const embeddings = [...own, ...bundled.filter(({ token }) => !own.some(each => each.token === token))]
    if (loras.length + embeddings.length === 0) return toModel(parts)
    const { folder, dispose } = await makeScratch(source.scratchFolder)
    try {
      const merged = await mergeLoras(parts, changes, folder, this.#addLowRank)
      const added = await addEmbeddings(merged, embeddings, folder)
      const files = [...loras, ...own.map(({ file: path }) => ({ path }))].map(({ path }) => resolve(path))
      return toModel(added.parts, { files, words: added.words, notices, dispose })
    } catch (error) {
      await dispose()
      throw error
    }
  }
}

async function openParts(source: ModelSource): Promise<ModelParts> {
  const parts = await openModel(source)
  const vae = source.vae ? await openVae(source.vae, source) : parts.networks.vae
  const controlnet = source.controlnet ? await openControlnet(source.controlnet, source) : null
  return { ...parts, networks: { ...parts.networks, vae, controlnet } }
}

async function openModel(source: ModelSource): Promise<ModelParts> {
  const path = resolve(source.model)
  const info = await stat(path).catch(() => null)
  if (!info) throw fault('modelAbsent', { model: source.model })
  if (info.isDirectory()) return openPipelineFolder(path, source)
  if (/\.(ckpt|pt|pth|bin)$/i.test(path)) throw fault('modelPickled', { model: source.model })
  return openSingleFile(path, source.configFolder ?? null, !source.vae)
}
