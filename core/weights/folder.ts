/** Hugging Face folders: config.json, weights in one file, a variant or shards, under diffusers or transformers names. */
import { join, resolve } from 'node:path'
import { fault, phrase } from '../faults/fault.ts'
import { exists, readConfig } from './config.ts'
import { completeControlnetConfig } from './controlnet-config.ts'
import { type Network, type NetworkKind, tensorsInPlace } from './network.ts'
import { damaged } from './safetensors.ts'
import { prefixedTextEncoderNames } from './text-encoder-names.ts'
import type { Tensor } from './types.ts'
import { modernVaeNames } from './vae-names.ts'
import { openWeightsFile } from './weights-file.ts'

export interface FolderOptions {
  /** Prefer the files of this variant ("fp16") over the plain ones; whatever is there is taken otherwise. */
  readonly variant?: string | null
}

/**
 * Opens one network of a Hugging Face folder: headers and config only.
 * @throws StudioError 'missing-model' or 'bad-weights'
 */
export async function openNetwork(kind: NetworkKind, folder: string, options: FolderOptions = {}): Promise<Network> {
  const path = resolve(folder)
  const label = `${kind} of ${path}`
  const config = await readConfig(join(path, 'config.json'))
  const { tensors, files } = await openTensors(path, stemOf(kind), options.variant ?? null)
  if (kind === 'vae') return { kind, label, config, tensors: modernVaeNames(tensors), files }
  if (kind === 'controlnet')
    return { kind, label, config: completeControlnetConfig(label, config, tensors), tensors, files }
  if (kind !== 'unet') return { kind, label, config, tensors: prefixedTextEncoderNames(tensors), files }
  return { kind, label, config, tensors, files }
}

function stemOf(kind: NetworkKind): string {
  return kind.startsWith('text_encoder') ? 'model' : 'diffusion_pytorch_model'
}

interface Opened {
  tensors: ReadonlyMap<string, Tensor>
  files: readonly string[]
}

async function openTensors(folder: string, stem: string, variant: string | null): Promise<Opened> {
  for (const name of candidates(stem, variant)) {
    const file = join(folder, name)
    if (!(await exists(file))) continue
    if (file.endsWith('.json')) return openShards(folder, file)
    const opened = await openWeightsFile(file)
    return { tensors: tensorsInPlace(opened), files: opened.files }
  }
  const pickled = (await exists(join(folder, `${stem}.bin`))) || (await exists(join(folder, 'pytorch_model.bin')))
  throw fault(pickled ? 'partPickled' : 'partMissing', { folder, file: `${stem}.safetensors` })
}

/** File names in order of preference, as diffusers and transformers write them. */
function candidates(stem: string, variant: string | null): string[] {
  const plain = [`${stem}.safetensors`, `${stem}.safetensors.index.json`]
  const of = (name: string) => [
    `${stem}.${name}.safetensors`,
    `${stem}.safetensors.index.${name}.json`,
    `${stem}.${name}.safetensors.index.json`,
  ]
  return variant === null ? [...plain, ...of('fp16')] : [...of(variant), ...plain, ...of('fp16')]
}

async function openShards(folder: string, index: string): Promise<Opened> {
  const { weight_map: map } = await readConfig(index)
  if (typeof map !== 'object' || map === null) throw damaged(index, phrase('noWeightMap'))
  const shards = Map.groupBy(Object.entries(map), ([, shard]) => String(shard))
  const tensors = new Map<string, Tensor>()
  const files: string[] = []
  for (const [shard, entries] of shards) {
    // A name with a folder in it could point anywhere on the machine.
    if (!/^[\w.-]+\.safetensors$/.test(shard))
      throw damaged(index, phrase('shardMisnamed', { shard: JSON.stringify(shard) }))
    const file = join(folder, shard)
    const opened = await openWeightsFile(file)
    const found = tensorsInPlace(opened)
    for (const [name] of entries) {
      const tensor = found.get(name)
      if (tensor) tensors.set(name, tensor)
    }
    files.push(...opened.files)
  }
  return { tensors, files }
}
