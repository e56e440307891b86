/** What kind of weights a .safetensors file holds, told from its keys. */
import type { SafetensorsHeader } from './safetensors.ts'

export type FileKind = 'checkpoint' | 'lora' | 'vae' | 'controlnet' | 'other'

/** The kind, and words for it that end the sentence "… is …". */
export interface Identity {
  readonly kind: FileKind
  readonly description: string
}

const LORA_KEY = /(^lora_|\.lora[._]|_lora\.|\.lora_[AB]\.|\.hada_w|\.lokr_)/

export function identifyFile({ tensors }: SafetensorsHeader): Identity {
  const has = (key: string) => tensors.has(key)
  const some = (prefix: string) => tensors.keys().some(key => key.startsWith(prefix))
  if (tensors.keys().some(key => LORA_KEY.test(key))) return { kind: 'lora', description: 'a LoRA' }
  if (has('task_embedding')) return { kind: 'controlnet', description: 'a ControlNet-Union' }
  if (some('model.diffusion_model.')) return identifyCheckpoint(some)
  if (has('decoder.conv_in.weight') || has('first_stage_model.decoder.conv_in.weight'))
    return { kind: 'vae', description: 'a VAE' }
  if (some('controlnet_cond_embedding.')) return { kind: 'other', description: 'a ControlNet, but not a Union one' }
  if (some('down_blocks.')) return { kind: 'other', description: 'a UNet alone' }
  if (some('text_model.')) return { kind: 'other', description: 'a text encoder alone' }
  return { kind: 'other', description: 'no file of an SDXL model' }
}

function identifyCheckpoint(some: (prefix: string) => boolean): Identity {
  if (some('cond_stage_model.')) return { kind: 'other', description: 'a Stable Diffusion 1 or 2 checkpoint, not SDXL' }
  if (some('model.diffusion_model.joint_blocks.'))
    return { kind: 'other', description: 'a Stable Diffusion 3 checkpoint, not SDXL' }
  if (some('conditioner.embedders.0.model.')) return { kind: 'other', description: "SDXL's refiner, not its base" }
  if (!some('conditioner.embedders.1.model.') || !some('conditioner.embedders.0.transformer.'))
    return { kind: 'other', description: 'a UNet without text encoders' }
  return { kind: 'checkpoint', description: 'an SDXL checkpoint' }
}
