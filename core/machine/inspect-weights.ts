/** What a weights file is and how it fits, told from its header alone. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fault, reasonOf } from '../faults/fault.ts'
import { type Phrase, StudioError } from '../faults/studio-error.ts'
import { buildClip } from '../graph/clip.ts'
import { buildControlNetUnion } from '../graph/controlnet-union.ts'
import { OP_PROFILES } from '../graph/op-profiles.ts'
import { buildUNet } from '../graph/unet.ts'
import { buildVae } from '../graph/vae.ts'
import { type Advice, adviseFor } from '../weights/advice.ts'
import { describeControlnet } from '../weights/controlnet.ts'
import { type FileKind, identifyFile } from '../weights/identify.ts'
import { isNeverRead, type LeftOver, sortLeftOver } from '../weights/left-over.ts'
import { unreadKeys } from '../weights/lora.ts'
import type { Network } from '../weights/network.ts'
import { type Dtype, elementCount, readHeader, type SafetensorsHeader } from '../weights/safetensors.ts'
import { describeCheckpoint } from '../weights/single-file.ts'
import type { Component, Fit } from '../weights/types.ts'
import { describeVae } from '../weights/vae.ts'
import { createWeights } from '../weights/weights.ts'
import { planWidening } from '../weights/widen.ts'

export interface InspectedWeights {
  file: string
  bytes: number
  kind: FileKind
  /** A stable word: "sdxl-checkpoint", "flux-lora", "git-lfs-pointer". */
  type: string
  description: Phrase
  /** It is of a kind that the studio uses, and nothing is missing. */
  usable: boolean
  tensors: number
  parameters: number
  /** Dtype → how many tensors. */
  dtypes: Partial<Record<Dtype, number>>
  metadata: Readonly<Record<string, string>>
  /** Keys that nothing reads, by kind: never in the way. */
  leftOver: LeftOver
  missing: string[]
  misshapen: string[]
  /** Bytes that a 16-bit copy will take on disk once, 0 for most files. */
  widening: number
  advice: Advice | null
  /** What to do about a file that is something else. */
  hint: string | null
}

/** Phrases of what is no safetensors file → its stable word. */
const NOT_WEIGHTS: Readonly<Record<string, string>> = {
  anLfsPointer: 'git-lfs-pointer',
  anHtmlPage: 'html-page',
  aPickle: 'pickle',
  aGguf: 'gguf',
  aPicture: 'picture',
  aJsonText: 'json',
  aText: 'text',
  onlyZeros: 'zeros',
}

/** @throws StudioError 'missing-model', or 'bad-weights' for a damaged file */
export async function inspectWeights(path: string): Promise<InspectedWeights> {
  const file = resolve(path)
  const info = await stat(file).catch((cause: Error) => {
    throw fault('weightsMissing', { file }, { cause })
  })
  if (!info.isFile()) throw fault('weightsUnreadable', { file, reason: reasonOf('it is a folder') })
  const nothing = { file, bytes: info.size, tensors: 0, parameters: 0, dtypes: {}, metadata: {}, leftOver: {} }
  let header: SafetensorsHeader
  try {
    header = await readHeader(file)
  } catch (error) {
    const kind = error instanceof StudioError && error.key === 'notWeights' ? (error.values?.['kind'] as Phrase) : null
    if (!kind) throw error
    return {
      ...nothing,
      ...{ kind: 'other', type: NOT_WEIGHTS[kind.key ?? ''] ?? 'unknown', description: kind, usable: false },
      ...{ missing: [], misshapen: [], widening: 0, advice: null, hint: (error as StudioError).hint },
    }
  }
  const { kind, type, description } = identifyFile(header)
  const { missing, misshapen, leftOver } = await fitOf(kind, file, header)
  const fits = missing.length + misshapen.length === 0
  const entries = [...header.tensors.values()]
  return {
    ...nothing,
    ...{ kind, type, description, usable: kind !== 'other' && fits && leftOver.length < header.tensors.size },
    tensors: entries.length,
    parameters: entries.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    dtypes: Object.fromEntries(
      Map.groupBy(entries, entry => entry.dtype)
        .entries()
        .map(([name, all]) => [name, all.length]),
    ),
    metadata: header.metadata,
    leftOver: sortLeftOver(leftOver),
    missing,
    misshapen,
    widening: kind === 'other' || kind === 'lora' || kind === 'embedding' ? 0 : planWidening(header).bytes,
    advice: kind === 'checkpoint' || kind === 'lora' ? adviseFor(file, header) : null,
    hint: null,
  }
}

const NOTHING: Fit = { missing: [], misshapen: [], leftOver: [] }

/** Any size that every network takes: only names and shapes of weights are looked at. */
const SIZE = { batch: 1, height: 8, width: 8, tokens: 77 }
const OPS = OP_PROFILES.cpu

async function fitOf(kind: FileKind, file: string, header: SafetensorsHeader): Promise<Fit> {
  if (kind === 'lora') return { ...NOTHING, leftOver: unreadKeys(header) }
  if (kind === 'checkpoint') {
    const { networks, unmapped } = await describeCheckpoint(file, header)
    const { text_encoder: first, text_encoder_2: second, unet, vae } = networks
    const layers = ({ config }: Network) => [Number(config['num_hidden_layers']) - 1]
    return join([
      { ...NOTHING, leftOver: unmapped },
      take(first, component => buildClip('text_encoder', component, OPS, 1, layers(first))),
      take(second, component => buildClip('text_encoder_2', component, OPS, 1, layers(second))),
      take(unet, component => buildUNet(component, OPS, SIZE, false)),
      take(vae, component => buildVae(component, OPS, SIZE)),
    ])
  }
  if (kind === 'vae')
    return join([
      { ...NOTHING, leftOver: [...header.tensors.keys()].filter(isNeverRead) },
      take(await describeVae(file, header), component => buildVae(component, OPS, SIZE)),
    ])
  if (kind === 'controlnet')
    return take(await describeControlnet(file, header), component => buildControlNetUnion(component, OPS, SIZE))
  return NOTHING
}

/** Builds the network's graph from names and shapes, and says what was not there. */
function take(network: Network, build: (component: Component) => unknown): Fit {
  const weights = createWeights(network.label, network.tensors)
  const component: Component = {
    config: network.config,
    weights: () => weights,
    tensors: () => network.tensors.values(),
  }
  try {
    build(component)
  } catch (error) {
    // What is missing is said by the weights themselves.
    if (!(error instanceof StudioError && error.key === 'weightsDoNotFit')) throw error
  }
  const { missing, misshapen, leftOver } = weights.fit()
  return {
    missing: missing.map(name => `${network.kind} ${name}`),
    misshapen: misshapen.map(name => `${network.kind} ${name}`),
    leftOver: [...leftOver],
  }
}

function join(fits: readonly Fit[]): Fit {
  return {
    missing: fits.flatMap(fit => fit.missing),
    misshapen: fits.flatMap(fit => fit.misshapen),
    leftOver: fits.flatMap(fit => fit.leftOver),
  }
}
