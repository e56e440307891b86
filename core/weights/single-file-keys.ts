/**
 * Key map of checkpoints in the original layout (sgm): pure functions from a key to what it holds, under diffusers and
 * transformers names. Source: huggingface/diffusers scripts/convert_diffusers_to_original_sdxl.py, read backwards.
 */
import type { NetworkKind } from './network.ts'
import { unetFromOriginal } from './unet-keys.ts'

/** How the tensor of the file gives the tensor of the network. */
export type Operation =
  | { kind: 'copy' }
  /** A convolution of 1×1 is a linear layer: [out, in, 1, 1] → [out, in]. */
  | { kind: 'matrix' }
  | { kind: 'transpose' }
  /** Rows of q, k and v behind one another in one tensor: third 0, 1 or 2. */
  | { kind: 'third'; index: number }

export interface Mapping {
  readonly network: Exclude<NetworkKind, 'controlnet'>
  readonly name: string
  readonly operation: Operation
}

/** The sizes that names depend on. */
export interface Layout {
  /** Resnets a UNet block: config.layers_per_block. */
  readonly layersPerBlock: number
  /** Blocks of the VAE: its decoder's are numbered from the other end. */
  readonly vaeBlocks: number
}

const COPY: Operation = { kind: 'copy' }
const UNET = 'model.diffusion_model.'
const VAE = 'first_stage_model.'
const CLIP = 'conditioner.embedders.0.transformer.'
/** Some exporters keep the second encoder under transformers' names. */
const CLIP_2 = 'conditioner.embedders.1.transformer.'
const OPEN_CLIP = 'conditioner.embedders.1.model.'

/** What a key of the checkpoint holds; empty for a key that belongs to none of the four networks. */
export function mapOriginalKey(key: string, layout: Layout): Mapping[] {
  if (key.startsWith(UNET)) {
    const name = unetFromOriginal(key.slice(UNET.length), layout.layersPerBlock)
    return name === null ? [] : [{ network: 'unet', name, operation: COPY }]
  }
  if (key.startsWith(VAE)) return mapOriginalVaeKey(key.slice(VAE.length), layout.vaeBlocks)
  if (key.startsWith(CLIP))
    return [{ network: 'text_encoder', name: withTextModel(key.slice(CLIP.length)), operation: COPY }]
  if (key.startsWith(CLIP_2))
    return [{ network: 'text_encoder_2', name: withTextModel(key.slice(CLIP_2.length)), operation: COPY }]
  if (key.startsWith(OPEN_CLIP)) return mapOpenClipKey(key.slice(OPEN_CLIP.length))
  return []
}

/** The newest transformers save a text encoder without the name of its inner model. */
const withTextModel = (name: string): string =>
  /^(embeddings|encoder|final_layer_norm)\./.test(name) ? `text_model.${name}` : name

/** Inside a VAE's resnet and around it: original → diffusers. */
const VAE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/\.norm_out\./, '.conv_norm_out.'],
  [/\.nin_shortcut\./, '.conv_shortcut.'],
  [/\.mid\.block_1\./, '.mid_block.resnets.0.'],
  [/\.mid\.block_2\./, '.mid_block.resnets.1.'],
  [/\.mid\.attn_1\.norm\./, '.mid_block.attentions.0.group_norm.'],
  [/\.mid\.attn_1\.proj_out\./, '.mid_block.attentions.0.to_out.0.'],
  [/\.mid\.attn_1\.([qkv])\./, '.mid_block.attentions.0.to_$1.'],
  // Kohya's older exports.
  [/\.mid\.attn_1\.(to_[qkv]|to_out\.0)\./, '.mid_block.attentions.0.$1.'],
  [/\.block\.(\d+)\./, '.resnets.$1.'],
  [/\.(down|up)sample\./, '.$1samplers.0.'],
]

/** A key of the VAE without its prefix. */
export function mapOriginalVaeKey(key: string, blocks: number): Mapping[] {
  if (!/^(encoder|decoder|quant_conv|post_quant_conv)\./.test(key)) return []
  const renamed = VAE_NAMES.reduce((name, [pattern, replacement]) => name.replace(pattern, replacement), key)
    .replace(/^encoder\.down\.(\d+)\./, 'encoder.down_blocks.$1.')
    .replace(/^decoder\.up\.(\d+)\./, (_, index) => `decoder.up_blocks.${blocks - 1 - Number(index)}.`)
  const isProjection = /\.attn_1\.(q|k|v|proj_out|to_[qkv]|to_out\.0)\.weight$/.test(key)
  return [{ network: 'vae', name: renamed, operation: isProjection ? { kind: 'matrix' } : COPY }]
}

/** Inside a block of OpenCLIP's transformer: original → transformers. */
const OPEN_CLIP_LAYER: readonly (readonly [string, string])[] = [
  ['ln_1', 'layer_norm1'],
  ['ln_2', 'layer_norm2'],
  ['mlp.c_fc', 'mlp.fc1'],
  ['mlp.c_proj', 'mlp.fc2'],
  ['attn.out_proj', 'self_attn.out_proj'],
]

function mapOpenClipKey(key: string): Mapping[] {
  const map = (name: string, operation: Operation = COPY): Mapping[] => [{ network: 'text_encoder_2', name, operation }]
  if (key === 'token_embedding.weight') return map('text_model.embeddings.token_embedding.weight')
  if (key === 'positional_embedding') return map('text_model.embeddings.position_embedding.weight')
  if (key === 'text_projection') return map('text_projection.weight', { kind: 'transpose' })
  // As a layer of its own (ComfyUI's older files, Playground's): rows and columns are transformers' already.
  if (key === 'text_projection.weight') return map(key)
  if (key.startsWith('ln_final.')) return map(key.replace('ln_final', 'text_model.final_layer_norm'))
  const layer = /^transformer\.resblocks\.(\d+)\.(.+)$/.exec(key)
  if (!layer) return []
  const at = `text_model.encoder.layers.${layer[1]}`
  const joint = /^attn\.in_proj_(weight|bias)$/.exec(layer[2])
  if (joint)
    return ['q', 'k', 'v'].flatMap((part, index) =>
      map(`${at}.self_attn.${part}_proj.${joint[1]}`, { kind: 'third', index }),
    )
  const pair = OPEN_CLIP_LAYER.find(([head]) => layer[2].startsWith(`${head}.`))
  return pair ? map(`${at}.${pair[1]}${layer[2].slice(pair[0].length)}`) : []
}
