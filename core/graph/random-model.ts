/** Networks of random weights at any size: what self-tests and benchmarks run on where no model is at hand. */
import { createNoise } from '../sampler/noise.ts'
import { clipVocabulary, PAD_TOKENS, publishedDefaults } from '../weights/model.ts'
import type { Component, Model, Tensor, Weights } from '../weights/types.ts'

const tables = new Map<number, Float32Array>()

function noiseTable(seed: number): Float32Array {
  const table = tables.get(seed) ?? createNoise(seed, 0).next(65_537)
  tables.set(seed, table)
  return table
}

/**
 * Weights that are there whatever is asked for: N(0, 1/fan-in) matrices, norms near 1, so that activations neither die
 * nor explode. Float32, in memory.
 */
function randomWeights(label: string, seed: number): Weights {
  let taken = 0
  return {
    label,
    has: () => true,
    shapeOf: () => null,
    take(name, shape): Tensor {
      const length = shape.reduce((a, b) => a * b, 1)
      const fanIn = shape.slice(1).reduce((a, b) => a * b, 1)
      const isNorm = shape.length === 1 && name.endsWith('weight')
      const [mean, scale] = isNorm ? [1, 0.1] : [0, shape.length === 1 ? 0.05 : 1 / Math.sqrt(fanIn)]
      // One table of noise, read from another place for each tensor: drawing every number would take minutes.
      const table = noiseTable(seed)
      const start = (taken++ * 7919) % table.length
      const data = new Float32Array(length)
      for (let i = 0; i < length; i++) data[i] = mean + scale * table[(start + i) % table.length]
      return { name, dtype: 'F32', shape, data: new Uint8Array(data.buffer) }
    },
    fit: () => ({ missing: [], misshapen: [], leftOver: [] }),
    finish: () => {},
  }
}

export function randomComponent(config: Readonly<Record<string, unknown>>, seed: number): Component {
  return { config, weights: () => randomWeights(String(config['_class_name']), seed), tensors: () => [] }
}

export interface RandomModelSize {
  /** Channels of the UNet's three resolutions; heads are 64 wide. */
  unet: readonly [number, number, number]
  /** Transformer layers of the two lower resolutions. */
  layers: readonly [number, number]
  vae: readonly number[]
  /** Width of the two text encoders. */
  text: readonly [number, number]
  textLayers: number
  conditioning: readonly number[]
}

/** The smallest model of its kind: what self-tests and tests run on. */
export const TINY_SIZE: RandomModelSize = {
  unet: [32, 64, 64],
  layers: [1, 1],
  vae: [16, 16],
  text: [32, 32],
  textLayers: 2,
  conditioning: [16, 32],
}

/** A whole model of SDXL's classes. */
export function randomModel(size: RandomModelSize, seed = 1): Model {
  const groups = 16
  const dim = size.text[0] + size.text[1]
  const unet = {
    _class_name: 'UNet2DConditionModel',
    block_out_channels: size.unet,
    down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
    up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
    transformer_layers_per_block: [1, ...size.layers],
    attention_head_dim: size.unet.map(width => Math.max(1, width / 64)),
    cross_attention_dim: dim,
    // As SDXL has them; diffusers' own defaults are others.
    ...{ use_linear_projection: true, addition_embed_type: 'text_time' },
    addition_time_embed_dim: 32,
    projection_class_embeddings_input_dim: 6 * 32 + size.text[1],
    norm_num_groups: groups,
  }
  const { up_block_types: _, ...shared } = unet
  const controlnet = {
    ...shared,
    _class_name: 'ControlNetUnionModel',
    num_control_type: 6,
    conditioning_embedding_out_channels: size.conditioning,
    ...{ num_trans_channel: size.unet[0], num_proj_channel: size.unet[0], num_trans_layer: 1 },
  }
  const vae = {
    _class_name: 'AutoencoderKL',
    block_out_channels: size.vae,
    down_block_types: size.vae.map(() => 'DownEncoderBlock2D'),
    up_block_types: size.vae.map(() => 'UpDecoderBlock2D'),
    ...{ latent_channels: 4, layers_per_block: 2, norm_num_groups: groups, scaling_factor: 0.13025 },
  }
  const text = (kind: string, width: number) => ({
    architectures: [kind],
    ...{
      num_hidden_layers: size.textLayers,
      num_attention_heads: width / 32,
      hidden_size: width,
      intermediate_size: width * 4,
    },
    ...{ vocab_size: 49408, max_position_embeddings: 77, projection_dim: width, hidden_act: 'gelu', eos_token_id: 2 },
  })
  return {
    path: 'random',
    textEncoder: randomComponent(text('CLIPTextModel', size.text[0]), seed),
    textEncoder2: randomComponent(text('CLIPTextModelWithProjection', size.text[1]), seed + 1),
    unet: randomComponent(unet, seed + 2),
    vae: randomComponent(vae, seed + 3),
    controlnet: randomComponent(controlnet, seed + 4),
    tokenizer: { folder: clipVocabulary, padToken: PAD_TOKENS[0] },
    tokenizer2: { folder: clipVocabulary, padToken: PAD_TOKENS[1] },
    scheduler: publishedDefaults.scheduler,
    forceZerosForEmptyPrompt: true,
    words: [],
    files: [],
    notices: [],
    dispose: async () => {},
  }
}
