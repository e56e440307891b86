/** A whole SDXL model as a Hugging Face folder: model_index.json and a folder per part. */
import { join, resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { exists, readConfig } from './config.ts'
import { type FolderOptions, openNetwork } from './folder.ts'
import { clipVocabulary, type ModelParts, PAD_TOKENS, publishedDefaults, type Tokenizer } from './model.ts'
import type { Config, NetworkKind } from './network.ts'

/** Size of CLIP's vocabulary: only there can the shipped one stand in for a tokenizer without vocab.json. */
const CLIP_VOCABULARY = 49408

/**
 * Opens a model folder: headers and configs only. The ControlNet is opened apart.
 * @throws StudioError 'bad-weights' (no SDXL folder, damaged) or 'missing-model' (a part is absent)
 */
export async function openPipelineFolder(folder: string, options: FolderOptions = {}): Promise<ModelParts> {
  const path = resolve(folder)
  const open = (kind: NetworkKind) => openNetwork(kind, join(path, kind), options)
  const settings = await readPipelineSettings(path)
  return {
    path,
    networks: {
      text_encoder: await open('text_encoder'),
      text_encoder_2: await open('text_encoder_2'),
      unet: await open('unet'),
      vae: await open('vae'),
      controlnet: null,
    },
    ...settings,
  }
}

/** What a folder says besides its networks: tokenizers, scheduler, the rule for empty prompts. */
export async function readPipelineSettings(path: string): Promise<Omit<ModelParts, 'path' | 'networks'>> {
  const index = await readConfig(join(path, 'model_index.json'))
  const name = String(index['_class_name'])
  if (!name.startsWith('StableDiffusionXL')) throw fault('modelNotSdxl', { path, family: name })
  return {
    tokenizer: await readTokenizer(path, 'tokenizer', 'text_encoder', PAD_TOKENS[0]),
    tokenizer2: await readTokenizer(path, 'tokenizer_2', 'text_encoder_2', PAD_TOKENS[1]),
    scheduler: await readScheduler(path),
    forceZerosForEmptyPrompt: index['force_zeros_for_empty_prompt'] !== false,
  }
}

async function readScheduler(path: string): Promise<Config> {
  const file = join(path, 'scheduler', 'scheduler_config.json')
  return (await exists(file)) ? readConfig(file) : publishedDefaults.scheduler
}

async function readTokenizer(path: string, name: string, encoder: string, padToken: string): Promise<Tokenizer> {
  const folder = join(path, name)
  const own = (await exists(join(folder, 'vocab.json'))) && (await exists(join(folder, 'merges.txt')))
  if (!own) {
    // Newer tools save tokenizer.json alone; every SDXL model has the same vocabulary.
    const { vocab_size: size } = await readConfig(join(path, encoder, 'config.json'))
    if (size !== CLIP_VOCABULARY) throw fault('vocabularyMissing', { folder })
  }
  return { folder: own ? folder : clipVocabulary, padToken: (await readPadToken(folder)) ?? padToken }
}

/** The pad token is a string, or an object with its content. */
async function readPadToken(folder: string): Promise<string | null> {
  for (const name of ['tokenizer_config.json', 'special_tokens_map.json']) {
    const file = join(folder, name)
    if (!(await exists(file))) continue
    const { pad_token: token } = await readConfig(file)
    if (typeof token === 'string') return token
    if (typeof token === 'object' && token !== null && 'content' in token && typeof token.content === 'string')
      return token.content
  }
  return null
}
