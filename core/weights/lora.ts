/** LoRA files: opened, matched with the weights that they change, checked. Nothing is read but headers and alphas. */
import { resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { identifyFile } from './identify.ts'
import { LORA_NETWORKS, type LoraNetwork, loraTargets, splitLoraKey } from './lora-keys.ts'
import type { ModelParts } from './model.ts'
import { requireFloats } from './network.ts'
import { toFloat32 } from './numbers.ts'
import { elementCount, readBytes, readHeader, type SafetensorsHeader, type TensorEntry } from './safetensors.ts'
import type { Tensor } from './types.ts'
import { listNames } from './weights.ts'

export interface LoraSource {
  readonly path: string
  /** How strongly it is merged; 1 is as trained. */
  readonly weight: number
}

/** What one LoRA adds to one weight: scale · up @ down, with (rank) columns of up and rows of down. */
export interface LoraChange {
  readonly file: string
  readonly down: TensorEntry
  readonly up: TensorEntry
  readonly rank: number
  /** weight · alpha / rank */
  readonly scale: number
}

/** Network → weight's key → what changes it, in the order of the files. */
export type LoraChanges = Readonly<Record<LoraNetwork, ReadonlyMap<string, LoraChange[]>>>

interface Module {
  down?: TensorEntry
  up?: TensorEntry
  alpha?: TensorEntry
}

/**
 * @throws StudioError 'missing-model' or 'bad-weights' naming the first ten keys that match nothing or do not fit
 */
export async function openLoras(sources: readonly LoraSource[], parts: ModelParts): Promise<LoraChanges> {
  const targets = new Map(LORA_NETWORKS.flatMap(network => [...targetsOf(network, parts)]))
  const changes = { unet: new Map(), text_encoder: new Map(), text_encoder_2: new Map() } as Record<
    LoraNetwork,
    Map<string, LoraChange[]>
  >
  for (const { path, weight } of sources) {
    const file = resolve(path)
    const header = await readHeader(file)
    const modules = groupModules(file, header)
    requireKnown(
      file,
      [...modules.keys()].filter(name => !targets.has(name)),
    )
    for (const [name, module] of modules) {
      const { network, key } = targets.get(name)!
      const change = await openModule(file, name, module, parts.networks[network].tensors.get(key)!, weight, header)
      const list = changes[network].get(key)
      if (list) list.push(change)
      else changes[network].set(key, [change])
    }
  }
  return changes
}

function targetsOf(network: LoraNetwork, parts: ModelParts) {
  const layers = parts.networks.unet.config['layers_per_block']
  return loraTargets(network, parts.networks[network].tensors.keys(), typeof layers === 'number' ? layers : 2)
}

function groupModules(file: string, header: SafetensorsHeader): Map<string, Module> {
  requireLora(file, header)
  const modules = new Map<string, Module>()
  const unknown: string[] = []
  for (const [key, entry] of header.tensors) {
    const found = splitLoraKey(key)
    if (!found) {
      unknown.push(key)
      continue
    }
    const module = modules.get(found.module) ?? {}
    module[found.part] = entry
    modules.set(found.module, module)
  }
  requireKnown(file, unknown)
  return modules
}

function requireLora(file: string, header: SafetensorsHeader): void {
  const { kind, description } = identifyFile(header)
  if (kind !== 'lora') throw fault('notALora', { file, kind: description })
  requireFloats(
    file,
    [...header.tensors].filter(([key]) => !key.endsWith('.alpha')),
  )
}

function requireKnown(file: string, unknown: readonly string[]): void {
  if (unknown.length > 0) throw fault('loraKeysUnknown', { file, count: unknown.length, names: listNames(unknown) })
}

async function openModule(
  file: string,
  name: string,
  { down, up, alpha }: Module,
  target: Tensor,
  weight: number,
  header: SafetensorsHeader,
): Promise<LoraChange> {
  if (!down || !up) throw fault('loraIncomplete', { file, name, lacks: down ? 'up' : 'down' })
  const rank = down.shape[0]
  const columns = elementCount(target.shape) / target.shape[0]
  const fits = elementCount(down.shape) === rank * columns && elementCount(up.shape) === target.shape[0] * rank
  if (!fits || target.shape.length < 2)
    throw fault('loraDoesNotFit', {
      ...{ file, name, up: `${up.shape}`, down: `${down.shape}`, weight: `${target.shape}` },
    })
  const scale = alpha
    ? toFloat32(alpha.dtype, await readBytes(file, alpha.offset, alpha.length))[0]
    : adapterAlpha(file, name, header, rank)
  return { file, down, up, rank, scale: (weight * scale) / rank }
}

/**
 * Alpha where the file has none beside the weights: in diffusers' adapter metadata, or equal to the rank.
 * Source: diffusers loaders/lora_base.py, LORA_ADAPTER_METADATA_KEY.
 */
function adapterAlpha(file: string, module: string, { metadata }: SafetensorsHeader, rank: number): number {
  const text = metadata['lora_adapter_metadata']
  if (text === undefined) return rank
  const config = parseRecord(text)
  const network = module.slice(0, module.indexOf('.'))
  const field = (name: string) => config[`${network}.${name}`]
  const patterns = field('alpha_pattern')
  if (
    field('use_rslora') === true ||
    field('use_dora') === true ||
    (isRecord(patterns) && Object.keys(patterns).length > 0)
  )
    throw fault('loraScaled', { file })
  const alpha = field('lora_alpha')
  return typeof alpha === 'number' ? alpha : rank
}

function parseRecord(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
