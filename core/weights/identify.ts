/**
 * What a .safetensors file holds, told from its header: names and shapes, no weights. The families of UNets are told by
 * the width of the text that their cross-attention reads (SD 1: 768, SD 2: 1024, SDXL: 2048, its refiner: 1280), those of
 * transformers by names that only they have (families.ts).
 */
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { auxiliaryOf, familyOfLora, packingOf, transformerFamily } from './families.ts'
import type { SafetensorsHeader } from './safetensors.ts'

/** What the studio can do with a file: 'other' is everything that it cannot use. */
export type FileKind = 'checkpoint' | 'lora' | 'vae' | 'controlnet' | 'embedding' | 'other'

export interface Identity {
  readonly kind: FileKind
  /** A stable word for programs: "sdxl-checkpoint", "flux-lora", "git-lfs-pointer". */
  readonly type: string
  /** Words that end the sentence "… is …". */
  readonly description: Phrase
}

const LORA_KEY =
  /(^(lora|lycoris)_|\.lora[._]|_lora\.|\.lora_[AB]\b|\.lora_(down|up|mid)\b|\.hada_|\.lokr_|\.(oft|boft)_|\.dora_scale$|\.on_input$|\.(diff|diff_b|w_norm|b_norm)$|^(diffusion_model|unet|transformer)\..*\.lora_)/

/** Width of the text → family. */
const UNET_FAMILIES: Readonly<Record<number, string>> = {
  768: 'Stable Diffusion 1',
  1024: 'Stable Diffusion 2',
  1280: "SDXL's refiner",
}

export function identifyFile(header: SafetensorsHeader): Identity {
  const names = [...header.tensors.keys()]
  const some = (pattern: RegExp) => names.some(name => pattern.test(name))
  const width = textWidth(header)
  const oldFamily = width === null ? null : (UNET_FAMILIES[width] ?? null)

  if (some(/^(lora_controlnet|lllite_)/)) return other('control-lora', phrase('aControlnet'))
  // Before LoRA: an IP-Adapter for faces carries LoRA weights of its own.
  const auxiliary = auxiliaryOf(names)
  if (auxiliary) return other(typeOf(auxiliary), phrase('anAuxiliary', { what: auxiliary }))
  if (some(LORA_KEY)) return identifyLora(header, names)
  const packing = packingOf(names)
  if (packing) return other('quantised', phrase('packedNumbers', { packing }))
  if (header.tensors.has('task_embedding')) return of('controlnet', 'sdxl-controlnet-union', phrase('aControlnetUnion'))
  if (some(/^(control_model\.|controlnet_cond_embedding\.|input_hint_block\.|controlnet_|.*\.controlnet_)/))
    return identifyControlnet(names, oldFamily)
  const family = transformerFamily(names)
  if (family) return other(`${typeOf(family)}-checkpoint`, phrase('aCheckpointOf', { family }))
  const embedding = identifyEmbedding(header)
  if (embedding) return embedding
  if (some(/^(model\.)?diffusion_model\./)) return identifyCheckpoint(header, some, oldFamily)
  const vae = identifyVae(header)
  if (vae) return vae
  if (some(/^(down_blocks|input_blocks)\./))
    return oldFamily
      ? other(`${typeOf(oldFamily)}-unet`, phrase('aCheckpointOf', { family: oldFamily }))
      : other('unet', phrase('aUnet'))
  if (some(/^(text_model|cond_stage_model|transformer\.resblocks|embeddings\.token_embedding)\b/))
    return other('text-encoder', phrase('aTextEncoder'))
  return other('unknown', phrase('noSdxlFile'))
}

const of = (kind: FileKind, type: string, description: Phrase): Identity => ({ kind, type, description })
const other = (type: string, description: Phrase): Identity => of('other', type, description)

/** "Stable Diffusion 1" → "stable-diffusion-1". */
const typeOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** Numbers that a token of text has where cross-attention reads it, or null where there is no such weight. */
function textWidth({ tensors }: SafetensorsHeader): number | null {
  for (const [name, { shape }] of tensors)
    if (/transformer_blocks[._]0[._]attn2[._]to_k\.weight$/.test(name) && shape.length >= 2) return shape[1]
  return null
}

function identifyLora(header: SafetensorsHeader, names: readonly string[]): Identity {
  const family = familyOfLora(header, names)
  return family === null || family === 'SDXL'
    ? of('lora', family === null ? 'lora' : 'sdxl-lora', phrase('aLora'))
    : other(`${typeOf(family)}-lora`, phrase('aLoraFor', { family }))
}

function identifyControlnet(names: readonly string[], oldFamily: string | null): Identity {
  const family = oldFamily ?? transformerFamily(names.map(name => name.replace(/^control_model\./, '')))
  return family
    ? other(`${typeOf(family)}-controlnet`, phrase('aControlnetFor', { family }))
    : other('controlnet', phrase('aControlnet'))
}

/** Vectors that stand for words of a prompt: one for each text encoder. */
function identifyEmbedding({ tensors }: SafetensorsHeader): Identity | null {
  const width = (name: string) => tensors.get(name)?.shape.at(-1) ?? null
  if (tensors.size <= 4 && tensors.has('clip_l') && tensors.has('clip_g'))
    return of('embedding', 'sdxl-embedding', phrase('anEmbedding'))
  const single =
    width('emb_params') ??
    (tensors.size === 1 && [...tensors.values()][0].shape.length <= 2 ? width([...tensors.keys()][0]) : null)
  const family = single === 768 ? 'Stable Diffusion 1' : single === 1024 ? 'Stable Diffusion 2' : null
  return family && other(`${typeOf(family)}-embedding`, phrase('anEmbeddingFor', { family }))
}

function identifyCheckpoint(
  { tensors }: SafetensorsHeader,
  some: (pattern: RegExp) => boolean,
  oldFamily: string | null,
): Identity {
  const old = oldFamily ?? (some(/^cond_stage_model\./) && !some(/^conditioner\./) ? 'Stable Diffusion 1 or 2' : null)
  if (old === "SDXL's refiner" || (some(/^conditioner\.embedders\.0\.model\./) && !some(/\.embedders\.1\./)))
    return other('sdxl-refiner', phrase('aRefiner'))
  if (old) return other(`${typeOf(old)}-checkpoint`, phrase('aCheckpointOf', { family: old }))
  const channels = tensors.get('model.diffusion_model.input_blocks.0.0.weight')?.shape[1] ?? 4
  if (channels !== 4) return other('sdxl-inpainting', phrase('anInpaintingModel', { channels }))
  if (isDistilled(tensors)) return other('sdxl-distilled', phrase('aDistilledModel'))
  const first = some(/^conditioner\.embedders\.0\.transformer\./)
  const second = some(/^conditioner\.embedders\.1\.(model|transformer)\./)
  if (!first || !second || !some(/^model\.diffusion_model\./)) return other('sdxl-unet', phrase('aUnetWithoutEncoders'))
  return of('checkpoint', 'sdxl-checkpoint', phrase('aCheckpoint'))
}

/** A whole UNet of SDXL's width without all of its blocks: SSD-1B, Segmind Vega, KOALA and their like. */
function isDistilled(tensors: SafetensorsHeader['tensors']): boolean {
  const at = (name: string) => tensors.get(`model.diffusion_model.${name}`)
  const isWhole =
    at('input_blocks.0.0.weight')?.shape[0] === 320 && at('out.2.weight') && at('middle_block.0.in_layers.0.weight')
  return Boolean(isWhole) && !at('middle_block.1.transformer_blocks.9.norm1.weight')
}

/** SD 1's and SDXL's VAE have the same names and shapes; later families have 16 channels or more, videos a dimension more. */
function identifyVae({ tensors }: SafetensorsHeader): Identity | null {
  const entry = tensors.get('decoder.conv_in.weight') ?? tensors.get('first_stage_model.decoder.conv_in.weight')
  if (!entry) return null
  const [, channels] = entry.shape
  if (entry.shape.length > 4) return other('video-vae', phrase('aVaeOf', { family: 'a video model' }))
  if (channels !== undefined && channels > 4)
    return other('flux-or-sd3-vae', phrase('aVaeOf', { family: channels === 16 ? 'Flux or SD 3' : 'another family' }))
  return of('vae', 'sdxl-vae', phrase('aVae'))
}
