/** LoRA files: opened, matched with the weights that they change, checked. Nothing is read but headers and alphas. */
import { resolve } from 'node:path'
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { BUNDLED, bundledEmbeddings, type Embedding } from './embeddings.ts'
import { identifyFile } from './identify.ts'
import {
  findTarget,
  LORA_NETWORKS,
  type LoraNetwork,
  type LoraPart,
  loraTargets,
  splitLoraKey,
  unreadFamily,
} from './lora-keys.ts'
import { type LoraMethod, methodOf, partsFit, rankOf } from './lora-methods.ts'
import type { ModelParts } from './model.ts'
import { toFloat32 } from './numbers.ts'
import { readBytes, readHeader, type SafetensorsHeader, type TensorEntry } from './safetensors.ts'
import { listNames } from './weights.ts'

export interface LoraSource {
  readonly path: string
  /** How strongly it is merged; 1 is as trained. */
  readonly weight: number
}

/** What one module of a LoRA does to one weight: lora-methods.ts. */
export interface LoraChange {
  readonly file: string
  /** As the file names it, for errors. */
  readonly module: string
  readonly method: LoraMethod
  readonly parts: LoraEntries
  /** alpha / rank */
  readonly scale: number
  /** The user's weight. */
  readonly weight: number
}
export type LoraEntries = Readonly<Partial<Record<LoraPart, TensorEntry>>>

/** Network → weight's key → what changes it, in the order of the files. */
export type LoraChanges = Readonly<Record<LoraNetwork, ReadonlyMap<string, readonly LoraChange[]>>>

export interface OpenedLoras {
  readonly changes: LoraChanges
  /** What was left out, a sentence a file. */
  readonly notices: readonly Phrase[]
  /** Embeddings that OneTrainer puts beside a LoRA. */
  readonly bundled: readonly Embedding[]
}

/**
 * A module that has no place in this model is left out and told; one whose shape is wrong was made for another model.
 * @throws StudioError 'missing-model' or 'bad-weights', naming the file
 */
export async function openLoras(sources: readonly LoraSource[], parts: ModelParts): Promise<OpenedLoras> {
  const targets = new Map(LORA_NETWORKS.flatMap(network => [...targetsOf(network, parts)]))
  const changes: Record<LoraNetwork, Map<string, LoraChange[]>> = {
    unet: new Map(),
    text_encoder: new Map(),
    text_encoder_2: new Map(),
  }
  const notices: Phrase[] = []
  const bundled: Embedding[] = []
  for (const { path, weight } of sources) {
    const file = resolve(path)
    const header = await readHeader(file)
    const { kind, description } = identifyFile(header)
    if (kind !== 'lora') throw fault('notALora', { file, kind: description })
    const beside = bundledEmbeddings(file, header, parts)
    bundled.push(...beside.embeddings)
    const { modules, unknown } = groupModules(header)
    requireFloats(file, header)
    let applied = 0
    for (const [name, entries] of modules) {
      const target = findTarget(targets, name)
      const opened = target && (await openModule(file, name, entries, weight, header))
      if (!opened) unknown.push(name)
      for (const [ending, change] of opened ?? []) {
        const key = `${target!.module}.${ending}`
        const shape = parts.networks[target!.network].tensors.get(key)?.shape
        if (!shape) {
          unknown.push(`${name}.${ending}`)
          continue
        }
        requireFit(change, shape)
        const list = changes[target!.network].get(key)
        if (list) list.push(change)
        else changes[target!.network].set(key, [change])
        applied++
      }
    }
    const family = applied === 0 ? unreadFamily(header.tensors.keys()) : null
    if (family) throw fault('loraFamilyUnread', { file, family })
    if (applied === 0) throw fault('loraKeysUnknown', { file, count: unknown.length, names: listNames(unknown) })
    if (beside.unknown.length > 0)
      notices.push(
        phrase('embeddingsLeftOut', { file, count: beside.unknown.length, names: listNames(beside.unknown) }),
      )
    if (unknown.length > 0)
      notices.push(phrase('loraPartly', { file, count: unknown.length, names: listNames(unknown) }))
  }
  return { changes, notices, bundled }
}

function targetsOf(network: LoraNetwork, parts: ModelParts) {
  const layers = parts.networks.unet.config['layers_per_block']
  return loraTargets(network, parts.networks[network].tensors.keys(), typeof layers === 'number' ? layers : 2)
}

function groupModules({ tensors }: SafetensorsHeader) {
  const modules = new Map<string, Partial<Record<LoraPart, TensorEntry>>>()
  const unknown: string[] = []
  for (const [key, entry] of tensors) {
    if (BUNDLED.test(key)) continue
    const found = splitLoraKey(key)
    if (!found) {
      unknown.push(key)
      continue
    }
    const module = modules.get(found.module) ?? {}
    module[found.part] = entry
    modules.set(found.module, module)
  }
  return { modules, unknown }
}

/** Keys of a LoRA file that make up no method of ours, whatever the model. */
export function unreadKeys(header: SafetensorsHeader): string[] {
  const { modules, unknown } = groupModules(header)
  const unread = new Set([...modules].flatMap(([name, entries]) => (methodOf(entries) || entries.diff_b ? [] : [name])))
  const ofUnread = (key: string) => unread.has(splitLoraKey(key)?.module ?? '')
  return [...unknown, ...[...header.tensors.keys()].filter(ofUnread)]
}

type Ending = 'weight' | 'bias'

/** The changes of one module to its weight and its bias; null where the parts make up no method. */
async function openModule(
  file: string,
  module: string,
  entries: LoraEntries,
  weight: number,
  header: SafetensorsHeader,
): Promise<[Ending, LoraChange][] | null> {
  const found = methodOf(entries)
  if (found && 'lacks' in found) throw fault('loraIncomplete', { file, name: module, lacks: found.lacks })
  const changes: [Ending, LoraChange][] = []
  if (found) {
    const { method } = found
    const rank = rankOf(method, entries)
    const scale = rank === null ? 1 : await scaleOf(file, module, entries, header, rank)
    changes.push(['weight', { file, module, method, parts: entries, scale, weight }])
  }
  if (entries.diff_b)
    changes.push(['bias', { file, module, method: 'add', parts: { diff: entries.diff_b }, scale: 1, weight }])
  return changes.length > 0 ? changes : null
}

/** Whole numbers mean nothing as weights without the scales that they were divided by; an alpha may be one. */
function requireFloats(file: string, { tensors }: SafetensorsHeader): void {
  const isWhole = ({ dtype }: TensorEntry) => /^(?:[IU]\d|BOOL)/.test(dtype)
  const whole = [...tensors].filter(
    ([key, entry]) => isWhole(entry) && (splitLoraKey(key)?.part ?? 'alpha') !== 'alpha',
  )
  if (whole.length > 0)
    throw fault('weightsNotFloats', { file, count: whole.length, names: listNames(whole.map(([key]) => key)) })
}

function requireFit({ file, module, method, parts }: LoraChange, shape: readonly number[]): void {
  if (partsFit(method, parts, shape)) return
  const told = Object.entries(parts).map(([part, entry]) => `${part} [${entry.shape}]`)
  throw fault('loraDoesNotFit', { file, name: module, parts: told.join(', '), weight: `${shape}` })
}

async function scaleOf(
  file: string,
  module: string,
  { alpha }: LoraEntries,
  header: SafetensorsHeader,
  rank: number,
): Promise<number> {
  if (!alpha) return adapterScale(module, header, rank)
  const value = toFloat32(alpha.dtype, await readBytes(file, alpha.offset, alpha.length))[0]
  if (!Number.isFinite(value)) throw fault('loraNotFinite', { file, name: `${module}.alpha` })
  // LyCORIS and Kohya read 0 as "the rank".
  return value === 0 ? 1 : value / rank
}

/**
 * alpha / rank where the file has no alpha beside the weights: diffusers' adapter metadata, or 1. A pattern gives single
 * modules an alpha of their own; rslora divides by the root of the rank.
 * Source: diffusers loaders/lora_base.py, LORA_ADAPTER_METADATA_KEY; PEFT LoraConfig, tuners_utils.get_pattern_key.
 */
function adapterScale(module: string, { metadata }: SafetensorsHeader, rank: number): number {
  const text = metadata['lora_adapter_metadata']
  if (text === undefined) return 1
  const config = parseRecord(text)
  const dot = module.indexOf('.')
  const field = (name: string) => config[`${module.slice(0, dot)}.${name}`]
  const patterns = field('alpha_pattern')
  const own = isRecord(patterns)
    ? Object.entries(patterns).find(([pattern]) => module === pattern || module.endsWith(`.${pattern}`))?.[1]
    : undefined
  const alpha = own ?? field('lora_alpha')
  const divisor = field('use_rslora') === true ? Math.sqrt(rank) : rank
  return typeof alpha === 'number' && Number.isFinite(alpha) ? alpha / divisor : rank / divisor
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
