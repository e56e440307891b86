/**
 * Names of LoRA tensors: what a key holds, and which weight its module belongs to. Pure functions.
 *
 *     kohya      lora_unet_input_blocks_4_1_proj_in.lora_down.weight      (sgm names, dots become underscores)
 *                lora_unet_down_blocks_1_attentions_0_proj_in.lora_down.weight   lora_te1_… lora_te2_….alpha
 *     diffusers  unet.down_blocks.1.attentions.0.proj_in.lora_A.weight    text_encoder.….lora.down.weight
 *                unet.….attn1.processor.to_q_lora.down.weight             text_encoder_2.….lora_linear_layer.up.weight
 */
import type { NetworkKind } from './network.ts'
import { unetToOriginal } from './unet-keys.ts'

export type LoraNetwork = Extract<NetworkKind, 'unet' | 'text_encoder' | 'text_encoder_2'>
export const LORA_NETWORKS: readonly LoraNetwork[] = ['unet', 'text_encoder', 'text_encoder_2']

export type LoraPart = 'down' | 'up' | 'alpha'

/** A weight that a LoRA module changes. */
export interface LoraTarget {
  readonly network: LoraNetwork
  /** diffusers or transformers key, with its .weight */
  readonly key: string
}

const SUFFIXES: readonly (readonly [RegExp, LoraPart])[] = [
  [/\.(?:lora_down|lora\.down|lora_linear_layer\.down|lora_A(?:\.\w+)?)\.weight$/, 'down'],
  [/\.(?:lora_up|lora\.up|lora_linear_layer\.up|lora_B(?:\.\w+)?)\.weight$/, 'up'],
  [/_lora\.down\.weight$/, 'down'],
  [/_lora\.up\.weight$/, 'up'],
  [/\.alpha$/, 'alpha'],
]

/** The module that a key belongs to and which part of it, or null for a key of another method (LoHa, LoKr, DoRA, …). */
export function splitLoraKey(key: string): { module: string; part: LoraPart } | null {
  for (const [pattern, part] of SUFFIXES)
    if (pattern.test(key)) return { module: moduleName(key.replace(pattern, '')), part }
  return null
}

/** Old attention processors and PEFT's wrapper put words around the module's own name. */
function moduleName(name: string): string {
  return name
    .replace(/^base_model\.model\./, '')
    .replace(/\.processor\.to_out$/, '.to_out.0')
    .replace(/\.processor\.(to_[qkv])$/, '.$1')
}

const KOHYA_PREFIX: Readonly<Record<LoraNetwork, string>> = {
  unet: 'lora_unet_',
  text_encoder: 'lora_te1_',
  text_encoder_2: 'lora_te2_',
}

/** Every module name under which LoRA files name a weight of this network → the weight. */
export function loraTargets(
  network: LoraNetwork,
  keys: Iterable<string>,
  layersPerBlock: number,
): Map<string, LoraTarget> {
  const modules = [...keys].filter(key => key.endsWith('.weight'))
  const withAttention = new Set(modules.map(key => /^(.+?)\.attentions\./.exec(key)?.[1]))
  const names = (key: string): string[] => {
    const module = key.slice(0, -'.weight'.length)
    const original = network === 'unet' ? unetToOriginal(key, layersPerBlock, block => withAttention.has(block)) : null
    const kohya = [module, ...(original ? [original.slice(0, -'.weight'.length)] : [])]
    return [`${network}.${module}`, ...kohya.map(name => KOHYA_PREFIX[network] + name.replaceAll('.', '_'))]
  }
  return new Map(modules.flatMap(key => names(key).map(name => [name, { network, key }] as const)))
}
