/** Names that only one family of networks has. Each stands in that family's public class definitions (the comment says whose). */
import type { SafetensorsHeader } from './safetensors.ts'

type Signature = readonly [pattern: RegExp, family: string]

/** Diffusion transformers, and UNets of other layouts: some name of theirs → family. The first that fits counts. */
const TRANSFORMERS: readonly Signature[] = [
  // Tencent HunyuanVideo, models.py; it has Flux' block names too.
  [/(^|\.)(txt_in\.individual_token_refiner|context_embedder\.token_refiner)\./, 'HunyuanVideo'],
  // lodestones Chroma.
  [/(^|\.)distilled_guidance_layer\./, 'Chroma'],
  // black-forest-labs flux/model.py; diffusers FluxTransformer2DModel.
  [/(^|\.)double_blocks\.\d+\.img_attn\./, 'Flux'],
  [/(^|\.)single_transformer_blocks\.\d+\.proj_mlp\./, 'Flux'],
  // Stability mmdit.py; diffusers SD3Transformer2DModel.
  [/(^|\.)joint_blocks\.\d+\.context_block\./, 'Stable Diffusion 3'],
  // diffusers QwenImageTransformer2DModel.
  [/(^|\.)transformer_blocks\.\d+\.img_mod\./, 'Qwen-Image'],
  // fal AuraFlow, mmdit.py; diffusers AuraFlowTransformer2DModel.
  [/(^|\.)(double_layers\.\d+\.attn\.w1q|joint_transformer_blocks\.\d+\.attn)/, 'AuraFlow'],
  [/(^|\.)transformer_blocks\.\d+\.attn\.add_q_proj\./, 'Stable Diffusion 3'],
  // Alpha-VLLM Lumina2, its relatives.
  [/(^|\.)(noise_refiner|context_refiner)\.\d+\./, 'Lumina'],
  // Wan-AI wan/modules/model.py; diffusers WanTransformer3DModel.
  [/(^|\.)blocks\.\d+\.cross_attn\.norm_[qk]\.|(^|\.)condition_embedder\.text_embedder\./, 'Wan'],
  // NVlabs Sana; diffusers SanaTransformer2DModel.
  [/(^|\.)transformer_blocks\.\d+\.ff\.conv_depth\.|(^|\.)blocks\.\d+\.mlp\.depth_conv\./, 'Sana'],
  // THUDM CogVideoX, CogView.
  [/(^|\.)transformer_blocks\.\d+\.norm1\.linear\.|(^|\.)patch_embed\.text_proj\./, 'CogVideoX'],
  // Lightricks LTX-Video; diffusers LTXVideoTransformer3DModel.
  [/(^|\.)(patchify_proj\.|transformer_blocks\.\d+\.attn1\.norm_q\.)/, 'LTX-Video'],
  // PixArt-alpha PixArt.py; diffusers PixArtTransformer2DModel.
  [/(^|\.)(blocks\.\d+\.cross_attn\.kv_linear|caption_projection\.linear_1)\./, 'PixArt'],
  // Tencent HunyuanDiT; diffusers HunyuanDiT2DModel.
  [/(^|\.)(mlp_t5\.0|text_embedder\.linear_1|text_embedding_padding$)/, 'HunyuanDiT'],
  // Stability StableCascade, stage_c.py; stage_b.py.
  [/(^|\.)(clip_txt_mapper|clip_txt_pooled_mapper|clip_mapper|effnet_mapper)\./, 'Stable Cascade'],
  [/(^|\.)down_blocks\.\d+\.\d+\.channelwise\./, 'Stable Cascade'],
  // Kwai Kolors: SDXL's UNet that reads another encoder's text.
  [/(^|\.)encoder_hid_proj\.weight$/, 'Kolors'],
  // Stability SVD, guoyww AnimateDiff.
  [/(^|\.)(time_stack|temporal_transformer_blocks|time_mixer)\b/, 'Stable Video Diffusion'],
  // deep-floyd IF.
  [/(^|\.)encoder_pooling\.|(^|\.)add_embedding\.pool\./, 'DeepFloyd IF'],
  [/(^|\.)add_embedding\.(text_proj|image_norm|image_proj)\./, 'Kandinsky'],
]

/** Things that go beside a model. */
const AUXILIARIES: readonly Signature[] = [
  [/^(ip_adapter\.\d+\.|image_proj\.)/, 'an IP-Adapter'],
  [/motion_modules\.\d+\./, 'an AnimateDiff motion module'],
  [/^(adapter\.)?body\.\d+\.(resnets|block1|in_conv)\b/, 'a T2I-Adapter'],
  [/^(params_ema\.)?(body\.\d+\.rdb1|RRDB_trunk\.|conv_first\.)|^model\.1\.sub\.\d+\.RDB1\./, 'an upscaler'],
  [/^(vision_model\.|visual\.transformer\.)/, 'a CLIP vision encoder'],
  [/^(encoder\.block\.0\.layer\.0\.SelfAttention\.|shared\.weight$)/, 'a T5 text encoder'],
  [/^(model\.)?layers\.0\.self_attn\.q_proj\./, 'a language model'],
  [/^(taesd_)?(decoder|encoder)\.layers\.\d+\.(conv|weight)/, 'a tiny autoencoder (TAESD)'],
  [/^(prior_model|prior)\.|^clip_(mean|std)$/, 'a Kandinsky prior'],
]

/** Weights in blocks of a few bits, which ONNX Runtime does not read: the numbers beside them → who packs so. */
const PACKINGS: readonly Signature[] = [
  // bitsandbytes functional.py, QuantState.as_dict.
  [/\.quant_state\.bitsandbytes__/, 'bitsandbytes'],
  // mit-han-lab nunchaku, AutoGPTQ and their relatives.
  [/\.(qweight|qzeros|wscales)$/, 'SVDQuant or GPTQ'],
  // huggingface/optimum-quanto tensor/qtensor.py; pytorch/ao; mobiusml/hqq core/quantize.py; apple MLX nn/layers/quantized.py.
  [/\.weight\._(data|scale|shift)$/, 'optimum-quanto'],
  [/\.weight:_/, 'torchao'],
  [/\.W_q$/, 'HQQ'],
  [/\.biases$/, 'MLX'],
]

/** Who has packed the numbers of a file so that they cannot be read here, or null. */
export function packingOf(names: readonly string[]): string | null {
  return find(PACKINGS, names)
}

/** The family of a network that is no SD or SDXL UNet, or null. */
export function transformerFamily(names: readonly string[]): string | null {
  return find(TRANSFORMERS, names)
}

/** What a file is that belongs beside a model, or null. */
export function auxiliaryOf(names: readonly string[]): string | null {
  return find(AUXILIARIES, names)
}

function find(signatures: readonly Signature[], names: readonly string[]): string | null {
  return signatures.find(([pattern]) => names.some(name => pattern.test(name)))?.[1] ?? null
}

const LORA_WIDTHS: Readonly<Record<number, string>> = {
  768: 'Stable Diffusion 1',
  1024: 'Stable Diffusion 2',
  1280: "SDXL's refiner",
  2048: 'SDXL',
}

/** Names in LoRA files, dotted or with underscores, that only one family's modules have. */
const LORA_NAMES: readonly Signature[] = [
  [/individual_token_refiner|img_attn_qkv.{0,200}hunyuan/, 'HunyuanVideo'],
  [/double_blocks[._]\d+[._]|single_transformer_blocks[._]\d+[._]|single_blocks[._]\d+[._]/, 'Flux'],
  [/transformer_blocks[._]\d+[._](img_mod|img_mlp|txt_mlp)/, 'Qwen-Image'],
  [/joint_blocks[._]\d+|transformer_blocks[._]\d+[._]attn[._](add_[qkv]_proj|to_add_out)/, 'Stable Diffusion 3'],
  [/(noise_refiner|context_refiner)[._]\d+/, 'Lumina'],
  [/blocks[._]\d+[._](cross_attn|self_attn)[._][qkvo]\b/, 'Wan'],
]

/** Input of cross-attention's keys: the last number of what is multiplied from the right. */
const TEXT_INPUT =
  /attn2[._]to_[kv]\b.{0,200}(lora_down|lora\.down|lora_A|hada_w1_b|hada_w2_b|\.diff$|lora_linear_layer\.down)/

/** The family that a LoRA was made for, or null where its header leaves it open. */
export function familyOfLora({ tensors, metadata }: SafetensorsHeader, names: readonly string[]): string | null {
  for (const [name, { shape }] of tensors) {
    const family = TEXT_INPUT.test(name) && shape.length >= 2 ? LORA_WIDTHS[shape[1]] : undefined
    if (family) return family
  }
  const named = find(LORA_NAMES, names)
  if (named) return named
  if (names.some(name => /^lora_te2_|^lora_unet_input_blocks_[78]_1_|text_encoder_2\./.test(name))) return 'SDXL'
  const told = `${metadata['ss_base_model_version'] ?? ''} ${metadata['modelspec.architecture'] ?? ''}`
  if (/sdxl|stable-diffusion-xl/i.test(told)) return 'SDXL'
  if (/sd_v1|stable-diffusion-v1|sd_1\.5/i.test(told)) return 'Stable Diffusion 1'
  if (/sd_v2|stable-diffusion-v2/i.test(told)) return 'Stable Diffusion 2'
  if (/flux/i.test(told)) return 'Flux'
  return null
}
