import { type Config, ConfigReader } from './config.ts'

/** What UNet2DConditionModel and ControlNetUnionModel share. */
export interface UNetConfig {
  inChannels: number
  outChannels: number
  /** One entry a resolution. */
  blocks: {
    channels: number
    heads: number
    /** Transformer layers per attention; 0 for a block without attention. */
    transformerLayers: number
    /** Of the matching block on the way up. */
    upTransformerLayers: number
  }[]
  midTransformerLayers: number
  layersPerBlock: number
  crossAttentionDim: number
  /** Width of one sinusoid of the six micro-conditioning numbers. */
  additionTimeEmbedDim: number
  /** additionTimeEmbedDim · 6 + width of the pooled text. */
  additionInputDim: number
  groups: number
  epsilon: number
  flipSinToCos: boolean
  freqShift: number
}

const DOWN = ['DownBlock2D', 'CrossAttnDownBlock2D'] as const
const UP = ['UpBlock2D', 'CrossAttnUpBlock2D'] as const

// The reference has many more switches; SDXL uses none of them, and to ignore one would be to compute something else.
const FIXED = {
  act_fn: 'silu',
  addition_embed_type: 'text_time',
  attention_type: 'default',
  center_input_sample: false,
  class_embeddings_concat: false,
  class_embed_type: null,
  conv_in_kernel: 3,
  conv_out_kernel: 3,
  cross_attention_norm: null,
  downsample_padding: 1,
  dropout: 0,
  dual_cross_attention: false,
  encoder_hid_dim: null,
  encoder_hid_dim_type: null,
  mid_block_only_cross_attention: false,
  mid_block_scale_factor: 1,
  mid_block_type: 'UNetMidBlock2DCrossAttn',
  num_class_embeds: null,
  only_cross_attention: false,
  resnet_out_scale_factor: 1,
  resnet_skip_time_act: false,
  resnet_time_scale_shift: 'default',
  reverse_transformer_layers_per_block: null,
  time_cond_proj_dim: null,
  time_embedding_act_fn: null,
  time_embedding_dim: null,
  time_embedding_type: 'positional',
  timestep_post_act: null,
  use_linear_projection: true,
  global_pool_conditions: false,
  controlnet_conditioning_channel_order: 'rgb',
  conditioning_channels: 3,
}

/** Reads the config of a UNet or a ControlNet. Throws StudioError('bad-weights') naming a value it does not know. */
export function readUNetConfig(what: string, config: Config): UNetConfig {
  const read = new ConfigReader(what, config)
  read.expect(FIXED)
  // upcast_attention only guards fp16 against overflow; our softmax runs on scaled scores.
  const channels = read.ints('block_out_channels')
  const count = channels.length
  const down = read.names('down_block_types', DOWN)
  const up = config['up_block_types'] === undefined ? undefined : read.names('up_block_types', UP)
  // Historical misnaming: attention_head_dim holds the NUMBER of heads.
  const heads = read.ints(config['num_attention_heads'] == null ? 'attention_head_dim' : 'num_attention_heads', count)
  const layers = read.ints('transformer_layers_per_block', count, 1)
  read.oneOf('_class_name', ['UNet2DConditionModel', 'ControlNetUnionModel', 'ControlNetModel'], 'UNet2DConditionModel')
  return {
    inChannels: read.int('in_channels', 4),
    outChannels: read.int('out_channels', 4),
    blocks: channels.map((width, i) => ({
      channels: width,
      heads: heads[i],
      transformerLayers: down[i] === 'CrossAttnDownBlock2D' ? layers[i] : 0,
      upTransformerLayers: up?.[count - 1 - i] === 'CrossAttnUpBlock2D' ? layers[i] : 0,
    })),
    midTransformerLayers: layers[count - 1],
    layersPerBlock: read.int('layers_per_block', 2),
    crossAttentionDim: read.int('cross_attention_dim'),
    additionTimeEmbedDim: read.int('addition_time_embed_dim'),
    additionInputDim: read.int('projection_class_embeddings_input_dim'),
    groups: read.int('norm_num_groups', 32),
    epsilon: read.float('norm_eps', 1e-5),
    flipSinToCos: read.bool('flip_sin_to_cos', true),
    freqShift: read.float('freq_shift', 0),
  }
}
