/** What kind of weights a .safetensors file holds, told from its keys. */

import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { SafetensorsHeader } from './safetensors.ts'

export type FileKind = 'checkpoint' | 'lora' | 'vae' | 'controlnet' | 'other'

/** The kind, and words for it that end the sentence "… is …". */
export interface Identity {
  readonly kind: FileKind
  readonly description: Phrase
}

const LORA_KEY = /(^lora_|\.lora[._]|_lora\.|\.lora_[AB]\.|\.hada_w|\.lokr_)/

export function identifyFile({ tensors }: SafetensorsHeader): Identity {
  const has = (key: string) => tensors.has(key)
  const some = (prefix: string) => tensors.keys().some(key => key.startsWith(prefix))
  if (tensors.keys().some(key => LORA_KEY.test(key))) return { kind: 'lora', description: phrase('aLora') }
  if (has('task_embedding')) return { kind: 'controlnet', description: phrase('aControlnetUnion') }
  if (some('model.diffusion_model.')) return identifyCheckpoint(some)
  if (has('decoder.conv_in.weight') || has('first_stage_model.decoder.conv_in.weight'))
    return { kind: 'vae', description: phrase('aVae') }
  if (some('controlnet_cond_embedding.')) return { kind: 'other', description: phrase('aControlnet') }
  if (some('down_blocks.')) return { kind: 'other', description: phrase('aUnet') }
  if (some('text_model.') || has('embeddings.token_embedding.weight'))
    return { kind: 'other', description: phrase('aTextEncoder') }
  return { kind: 'other', description: phrase('noSdxlFile') }
}

function identifyCheckpoint(some: (prefix: string) => boolean): Identity {
  if (some('cond_stage_model.')) return { kind: 'other', description: phrase('anOldCheckpoint') }
  if (some('model.diffusion_model.joint_blocks.')) return { kind: 'other', description: phrase('anSd3Checkpoint') }
  if (some('conditioner.embedders.0.model.')) return { kind: 'other', description: phrase('aRefiner') }
  if (!some('conditioner.embedders.1.model.') || !some('conditioner.embedders.0.transformer.'))
    return { kind: 'other', description: phrase('aUnetWithoutEncoders') }
  return { kind: 'checkpoint', description: phrase('aCheckpoint') }
}
