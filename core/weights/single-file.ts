/** Checkpoints in the original layout: one file with the UNet, both text encoders and the VAE. */
import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { exists, readConfig } from './config.ts'
import publishedTextEncoder from './configs/text_encoder.json' with { type: 'json' }
import publishedTextEncoder2 from './configs/text_encoder_2.json' with { type: 'json' }
import publishedUnet from './configs/unet.json' with { type: 'json' }
import publishedVae from './configs/vae.json' with { type: 'json' }
import { identifyFile } from './identify.ts'
import { isNeverRead } from './left-over.ts'
import { type ModelParts, publishedDefaults } from './model.ts'
import { type Config, inPlace, type Network, rows } from './network.ts'
import { readPipelineSettings } from './pipeline-folder.ts'
import { readBytes, readHeader, type SafetensorsHeader } from './safetensors.ts'
import { type Layout, type Mapping, mapOriginalKey } from './single-file-keys.ts'
import type { Tensor } from './types.ts'
import { describeWeightsFile, openWeightsFile, type WeightsFile } from './weights-file.ts'

type Kind = Mapping['network']
type Configs = Readonly<Record<Kind, Config>>
const KINDS: readonly Kind[] = ['text_encoder', 'text_encoder_2', 'unet', 'vae']
const PUBLISHED: Configs = {
  text_encoder: publishedTextEncoder,
  text_encoder_2: publishedTextEncoder2,
  unet: publishedUnet,
  vae: publishedVae,
}

/**
 * Opens a checkpoint. Its sizes are those of SDXL base, or of the Hugging Face folder that configFolder names, or of
 * one beside the checkpoint with its name (model.safetensors → model/model_index.json).
 * @param needsVae false where another VAE replaces the checkpoint's own
 * @throws StudioError 'missing-model' or 'bad-weights'; another kind of file is told by its name
 */
export async function openSingleFile(
  file: string,
  configFolder: string | null,
  needsVae: boolean,
): Promise<ModelParts> {
  const path = resolve(file)
  const header = await readHeader(path)
  requireCheckpoint(path, header, needsVae)
  const folder = configFolder ?? (await folderBeside(path))
  const configs = folder === null ? PUBLISHED : await readConfigs(folder)
  const layout = layoutOf(configs)
  const opened = await openWeightsFile(path, name => mapOriginalKey(name, layout).length > 0)
  const tensors = await mapTensors(opened, layout)
  const network = networkOf(path, configs, tensors, opened.files)
  const settings = folder === null ? publishedDefaults : await readPipelineSettings(folder)
  return {
    path,
    networks: {
      text_encoder: network('text_encoder'),
      text_encoder_2: network('text_encoder_2'),
      unet: network('unet'),
      vae: network('vae'),
      controlnet: null,
    },
    ...settings,
    scheduler: { ...settings.scheduler, ...predictionOf(header) },
  }
}

/** The networks of a checkpoint by names and shapes, from its header alone, and the keys that belong to none of them. */
export async function describeCheckpoint(path: string, header: SafetensorsHeader) {
  const folder = await folderBeside(path)
  const configs = folder === null ? PUBLISHED : await readConfigs(folder)
  const layout = layoutOf(configs)
  const described = describeWeightsFile(path, header)
  const tensors = await mapTensors(described, layout, false)
  const network = networkOf(path, configs, tensors, [path])
  const networks = Object.fromEntries(KINDS.map(kind => [kind, network(kind)])) as Record<Kind, Network>
  const unmapped = [...header.tensors.keys()].filter(
    key => isNeverRead(key) || mapOriginalKey(key, layout).length === 0 || !described.tensors.has(key),
  )
  return { networks, unmapped }
}

const networkOf =
  (path: string, configs: Configs, tensors: Record<Kind, Map<string, Tensor>>, files: readonly string[]) =>
  (kind: Kind): Network => ({ kind, label: `${kind} of ${path}`, config: configs[kind], tensors: tensors[kind], files })

function requireCheckpoint(path: string, header: SafetensorsHeader, needsVae: boolean): void {
  const { kind, description } = identifyFile(header)
  if (kind !== 'checkpoint') throw fault('notACheckpoint', { path, kind: description })
  if (needsVae && !header.tensors.has('first_stage_model.decoder.conv_in.weight'))
    throw fault('checkpointWithoutVae', { path })
}

async function folderBeside(file: string): Promise<string | null> {
  const folder = join(dirname(file), basename(file, extname(file)))
  return (await exists(join(folder, 'model_index.json'))) ? folder : null
}

async function readConfigs(folder: string): Promise<Configs> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw fault('configFolderMissing', { folder })
  const entries = await Promise.all(
    KINDS.map(async kind => [kind, await readConfig(join(folder, kind, 'config.json'))] as const),
  )
  return Object.fromEntries(entries) as Configs
}

function layoutOf(configs: Configs): Layout {
  const layers = configs.unet['layers_per_block']
  const blocks = configs.vae['block_out_channels']
  if (typeof layers !== 'number' || !Array.isArray(blocks)) throw fault('configsIncomplete')
  return { layersPerBlock: layers, vaeBlocks: blocks.length }
}

/** @param withNumbers false: what has to be computed (a transposed matrix) has its shape only */
async function mapTensors(opened: WeightsFile, layout: Layout, withNumbers = true) {
  const tensors: Record<Kind, Map<string, Tensor>> = {
    text_encoder: new Map(),
    text_encoder_2: new Map(),
    unet: new Map(),
    vae: new Map(),
  }
  for (const [key, entry] of opened.tensors) {
    if (isNeverRead(key)) continue
    for (const { network, name, operation } of mapOriginalKey(key, layout)) {
      // Some programs save the text projection twice, under its old name and its new one.
      if (!tensors[network].has(name))
        tensors[network].set(name, await apply(inPlace(name, entry), operation, withNumbers))
    }
  }
  return tensors
}

async function apply(tensor: Tensor, operation: Mapping['operation'], withNumbers: boolean): Promise<Tensor> {
  switch (operation.kind) {
    case 'copy':
      return tensor
    case 'matrix':
      return { ...tensor, shape: tensor.shape.slice(0, 2) }
    case 'third': {
      const size = tensor.shape[0] / 3
      return rows(tensor, tensor.name, size * operation.index, size * (operation.index + 1))
    }
    case 'transpose':
      return withNumbers ? transpose(tensor) : { ...tensor, shape: tensor.shape.toReversed() }
  }
}

/** In memory: only text_projection (SDXL: 3 MB) lies transposed. */
async function transpose(tensor: Tensor): Promise<Tensor> {
  const [height, width] = tensor.shape
  const { data } = tensor
  const bytes = data instanceof Uint8Array ? data : await readBytes(data.file, data.offset, data.length)
  const Elements = tensor.dtype === 'F32' ? Uint32Array : Uint16Array
  const source = new Elements(new Uint8Array(bytes).buffer)
  const turned = new Elements(source.length)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) turned[x * height + y] = source[y * width + x]
  return { ...tensor, shape: [width, height], data: new Uint8Array(turned.buffer) }
}

/**
 * How the model was trained, where the file says so: the marker tensors that v-prediction checkpoints carry, or the
 * ModelSpec metadata (github.com/Stability-AI/ModelSpec).
 */
function predictionOf(header: SafetensorsHeader): Config {
  const isV = header.tensors.has('v_pred') || header.metadata['modelspec.prediction_type'] === 'v'
  return {
    ...(isV && { prediction_type: 'v_prediction' }),
    ...(header.tensors.has('ztsnr') && { rescale_betas_zero_snr: true, timestep_spacing: 'trailing' }),
  }
}
