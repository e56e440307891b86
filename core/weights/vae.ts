/** A VAE of its own in place of the model's: a folder, or one file under diffusers or original names. */
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { exists, readConfig } from './config.ts'
import published from './configs/vae.json' with { type: 'json' }
import { type FolderOptions, openNetwork } from './folder.ts'
import { identifyFile } from './identify.ts'
import { isNeverRead } from './left-over.ts'
import { type Config, inPlace, type Network, tensorsInPlace } from './network.ts'
import type { SafetensorsHeader } from './safetensors.ts'
import { mapOriginalVaeKey } from './single-file-keys.ts'
import type { Tensor } from './types.ts'
import { modernVaeNames } from './vae-names.ts'
import { describeWeightsFile, openWeightsFile, type WeightsFile } from './weights-file.ts'

/** @throws StudioError 'missing-model' or 'bad-weights' */
export async function openVae(path: string, options: FolderOptions = {}): Promise<Network> {
  const absolute = resolve(path)
  if ((await stat(absolute).catch(() => null))?.isDirectory()) {
    const inner = join(absolute, 'vae')
    return openNetwork('vae', (await exists(join(inner, 'config.json'))) ? inner : absolute, options)
  }
  const opened = await openWeightsFile(absolute)
  const { kind, description } = identifyFile(opened.header)
  if (kind !== 'vae') throw fault('notAVae', { file: absolute, kind: description })
  const config = (await configBeside(absolute)) ?? published
  return {
    kind: 'vae',
    label: `vae of ${absolute}`,
    config,
    tensors: vaeTensors(opened, config),
    files: opened.files,
  }
}

/** A config.json in the same folder counts only where it is a VAE's. */
async function configBeside(file: string): Promise<Config | null> {
  const beside = join(dirname(file), 'config.json')
  if (!(await exists(beside))) return null
  const config = await readConfig(beside)
  return config['_class_name'] === 'AutoencoderKL' ? config : null
}

/** The VAE by names and shapes, from its header alone. */
export async function describeVae(file: string, header: SafetensorsHeader): Promise<Network> {
  const config = (await configBeside(file)) ?? published
  const tensors = vaeTensors(describeWeightsFile(file, header), config)
  return { kind: 'vae', label: `vae of ${file}`, config, tensors, files: [file] }
}

function vaeTensors(opened: WeightsFile, config: Config): ReadonlyMap<string, Tensor> {
  const isOriginal = opened.tensors.keys().some(key => /^(first_stage_model\.)?encoder\.down\./.test(key))
  if (!isOriginal) return modernVaeNames(tensorsInPlace(opened))
  const blocks = Array.isArray(config['block_out_channels']) ? config['block_out_channels'].length : 4
  const entries = [...opened.tensors].filter(([key]) => !isNeverRead(key))
  return new Map(
    entries.flatMap(([key, entry]) =>
      originalOrItself(key, blocks).map(({ name, isMatrix }) => {
        const tensor = inPlace(name, entry)
        return [name, isMatrix ? { ...tensor, shape: tensor.shape.slice(0, 2) } : tensor] as const
      }),
    ),
  )
}

/** A key without counterpart keeps its name and is left over. */
function originalOrItself(key: string, blocks: number): { name: string; isMatrix: boolean }[] {
  const mapped = mapOriginalVaeKey(key.replace(/^first_stage_model\./, ''), blocks)
  if (mapped.length === 0) return [{ name: key, isMatrix: false }]
  return mapped.map(({ name, operation }) => ({ name, isMatrix: operation.kind === 'matrix' }))
}
