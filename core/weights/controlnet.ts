/** ControlNet-Union as published: a folder, or one .safetensors file with or without a config.json beside it. */
import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { exists, readConfig } from './config.ts'
import published from './configs/controlnet_union.json' with { type: 'json' }
import { completeControlnetConfig } from './controlnet-config.ts'
import { type FolderOptions, openNetwork } from './folder.ts'
import { type Config, type Network, tensorsInPlace } from './network.ts'
import type { SafetensorsHeader } from './safetensors.ts'
import { describeWeightsFile, openWeightsFile } from './weights-file.ts'

/**
 * Opens a ControlNet-Union: headers and config only.
 * @throws StudioError 'missing-model' or 'bad-weights'; a ControlNet that is not a Union one is 'bad-weights'
 */
export async function openControlnet(path: string, options: FolderOptions = {}): Promise<Network> {
  const absolute = resolve(path)
  const info = await stat(absolute).catch(() => null)
  if (info?.isDirectory()) return openNetwork('controlnet', absolute, options)
  const opened = await openWeightsFile(absolute)
  const tensors = tensorsInPlace(opened)
  const label = `controlnet of ${absolute}`
  const config = (await configBeside(absolute)) ?? published
  return {
    kind: 'controlnet',
    label,
    config: completeControlnetConfig(label, config, tensors),
    tensors,
    files: opened.files,
  }
}

/** The network by names and shapes, from its header alone. */
export async function describeControlnet(file: string, header: SafetensorsHeader): Promise<Network> {
  const tensors = tensorsInPlace(describeWeightsFile(file, header))
  const label = `controlnet of ${file}`
  const config = completeControlnetConfig(label, (await configBeside(file)) ?? published, tensors)
  return { kind: 'controlnet', label, config, tensors, files: [file] }
}

/** A config.json in the same folder counts only where it is a ControlNet's: such folders often hold other models too. */
async function configBeside(file: string): Promise<Config | null> {
  const beside = join(dirname(file), 'config.json')
  if (!(await exists(beside))) return null
  const config = await readConfig(beside)
  return String(config['_class_name']).startsWith('ControlNet') ? config : null
}
