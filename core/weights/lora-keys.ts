/**
 * Names of LoRA tensors: what a key holds, and which weight its module belongs to. Pure functions.
 *
 *     kohya      lora_unet_input_blocks_4_1_proj_in.lora_down.weight      (sgm names, dots become underscores)
 *                lora_unet_down_blocks_1_attentions_0_proj_in.lora_down.weight   lora_te1_… lora_te2_….alpha
 *     LyCORIS    lycoris_down_blocks_1_….lokr_w1                          (its wrapper; the UNet's names)
 *     diffusers  unet.down_blocks.1.attentions.0.proj_in.lora_A.weight    text_encoder.….lora.down.weight
 *                unet.….attn1.processor.to_q_lora.down.weight             text_encoder_2.….lora_linear_layer.up.weight
 *     PEFT       base_model.model.down_blocks.….lora_A.default.weight     any words in front
 *     ComfyUI    diffusion_model.input_blocks.….lora_up.weight            clip_l.transformer.text_model.…
 */
import type { NetworkKind } from './network.ts'
import { unetToOriginal } from './unet-keys.ts'

export type LoraNetwork = Extract<NetworkKind, 'unet' | 'text_encoder' | 'text_encoder_2'>
export const LORA_NETWORKS: readonly LoraNetwork[] = ['unet', 'text_encoder', 'text_encoder_2']

/** What a tensor of a module is; lora-methods.ts says what each method does with its own. */
export type LoraPart =
  | 'down'
  | 'up'
  | 'mid'
  | 'alpha'
  | 'dora_scale'
  | `hada_w${1 | 2}_${'a' | 'b'}`
  | `hada_t${1 | 2}`
  | `lokr_w${1 | 2}`
  | `lokr_w${1 | 2}_${'a' | 'b'}`
  | 'lokr_t2'
  | 'diff'
  | 'diff_b'
  | 'weight'
  | 'on_input'
  | 'oft_blocks'
  | 'rescale'

/** A weight that a LoRA module changes. */
export interface LoraTarget {
  readonly network: LoraNetwork
  /** diffusers or transformers key, without its .weight or .bias */
  readonly module: string
}

const SUFFIXES: readonly (readonly [RegExp, LoraPart])[] = [
  [/\.(?:lora_down|lora\.down|lora_linear_layer\.down|lora_A(?:\.[\w-]{1,99})?)\.weight$/, 'down'],
  [/\.(?:lora_up|lora\.up|lora_linear_layer\.up|lora_B(?:\.[\w-]{1,99})?)\.weight$/, 'up'],
  [/\.lora_mid\.weight$/, 'mid'],
  [/_lora\.down\.weight$/, 'down'],
  [/_lora\.up\.weight$/, 'up'],
  [/\.alpha$/, 'alpha'],
  // PEFT keeps the same numbers as a vector under a name of its own.
  [/\.(?:dora_scale|lora_magnitude_vector(?:\.\w{1,99}){0,3})$/, 'dora_scale'],
  [/\.(?:diff|w_norm)$/, 'diff'],
  [/\.(?:diff_b|b_norm)$/, 'diff_b'],
  [/\.on_input$/, 'on_input'],
]
const OWN_NAMES = /\.(hada_w[12]_[ab]|hada_t[12]|lokr_w[12](?:_[ab])?|lokr_t2|oft_blocks|rescale)$/

/**
 * The module that a key belongs to and which part of it, or null for a key of no known method. A bare ".weight" is
 * IA3's, whose modules have an ".on_input" beside it: the caller looks.
 */
export function splitLoraKey(key: string): { module: string; part: LoraPart } | null {
  const own = OWN_NAMES.exec(key)
  if (own) return { module: moduleName(key.slice(0, own.index)), part: own[1] as LoraPart }
  for (const [pattern, part] of SUFFIXES)
    if (pattern.test(key)) return { module: moduleName(key.replace(pattern, '')), part }
  return key.endsWith('.weight') ? { module: moduleName(key.slice(0, -'.weight'.length)), part: 'weight' } : null
}

/** Old attention processors put a word before the module's own name, and leave out the number of the output layer. */
function moduleName(name: string): string {
  return name.replace(/\.processor\.to_out$/, '.to_out.0').replace(/\.processor\.(to_[qkv])$/, '.$1')
}

const KOHYA_PREFIXES: Readonly<Record<LoraNetwork, readonly string[]>> = {
  unet: ['lora_unet_', 'lycoris_', 'lycoris_unet_'],
  text_encoder: ['lora_te1_', 'lycoris_te1_', 'lycoris_text_encoder_'],
  text_encoder_2: ['lora_te2_', 'lycoris_te2_', 'lycoris_text_encoder_2_'],
}

const DOTTED_PREFIXES: Readonly<Record<LoraNetwork, readonly string[]>> = {
  unet: ['unet.', 'diffusion_model.', ''],
  text_encoder: ['text_encoder.', 'text_encoder_1.', 'te1.', 'clip_l.', 'clip_l.transformer.'],
  text_encoder_2: ['text_encoder_2.', 'te2.', 'clip_g.', 'clip_g.transformer.'],
}

/** Every module name under which LoRA files name a weight of this network → the weight. */
export function loraTargets(
  network: LoraNetwork,
  keys: Iterable<string>,
  layersPerBlock: number,
): Map<string, LoraTarget> {
  const weights = [...keys].filter(key => key.endsWith('.weight'))
  const withAttention = new Set(weights.map(key => /^(.+?)\.attentions\./.exec(key)?.[1]))
  const names = (key: string): string[] => {
    const module = key.slice(0, -'.weight'.length)
    const original = network === 'unet' ? unetToOriginal(key, layersPerBlock, block => withAttention.has(block)) : null
    const all = [module, ...(original ? [original.slice(0, -'.weight'.length)] : [])]
    return all.flatMap(name => [
      ...DOTTED_PREFIXES[network].map(prefix => prefix + name),
      ...KOHYA_PREFIXES[network].map(prefix => prefix + name.replaceAll('.', '_')),
    ])
  }
  return new Map(
    weights.flatMap(key =>
      names(key).map(name => [name, { network, module: key.slice(0, -'.weight'.length) }] as const),
    ),
  )
}

/** Families that are not merged here, by names that only they have. */
const UNREAD: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/\.oft_[rR](\.|$)/, "PEFT's OFT"],
  [/\.oft_blocks$/, 'BOFT'],
  [/\.vera_lambda_[bd]$/, 'VeRA'],
  [/\.[ab][12]\.weight$/, 'GLoRA'],
]

/** The family of a file whose keys make up no method that is merged, or null. */
export const unreadFamily = (keys: Iterable<string>): string | null =>
  [...keys].flatMap(key => UNREAD.find(([pattern]) => pattern.test(key))?.[1] ?? []).at(0) ?? null

/** The weight that a module's name means, whatever words stand in front of it, or null. */
export function findTarget(targets: ReadonlyMap<string, LoraTarget>, name: string): LoraTarget | null {
  for (let at = 0; ; ) {
    const target = targets.get(name.slice(at))
    if (target) return target
    const dot = name.indexOf('.', at)
    if (dot < 0) return null
    at = dot + 1
  }
}
