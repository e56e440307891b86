/** Opens whatever a user names as a model. Headers and configs only; LoRA files are merged into scratch files. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { openControlnet } from './controlnet.ts'
import { type LoraSource, openLoras } from './lora.ts'
import type { AddLowRank } from './low-rank.ts'
import { mergeLoras } from './merge.ts'
import { type ModelParts, toModel } from './model.ts'
import { openPipelineFolder } from './pipeline-folder.ts'
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
    if (loras.length === 0) return toModel(parts, [], [], async () => {})
    const { changes, notices } = await openLoras(loras, parts)
    const merged = await mergeLoras(parts, changes, { root: source.scratchFolder, addLowRank: this.#addLowRank })
    return toModel(
      merged.parts,
      loras.map(({ path }) => resolve(path)),
      notices,
      merged.dispose,
    )
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
