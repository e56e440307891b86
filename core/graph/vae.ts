/** SDXL's autoencoder. Source: diffusers, models/autoencoders/autoencoder_kl.py and vae.py (Encoder, Decoder). */
import type { Component, Weights } from '../weights/types.ts'
import { type Graph, GraphBuilder, type Value } from './builder.ts'
import { type Config, ConfigReader } from './config.ts'
import { channelsFirst } from './layout.ts'
import type { OpProfile } from './op-profiles.ts'
import { add, attention, conv2d, groupNorm, groupNormSilu, linear, toMap, toTokens, upsampleNearest } from './ops.ts'

export interface VaeConfig {
  channels: number[]
  layersPerBlock: number
  latentChannels: number
  imageChannels: number
  groups: number
  midAttention: boolean
  quantConv: boolean
  postQuantConv: boolean
  /** Latents that the UNet sees are these times the encoder's. */
  scalingFactor: number
  /** Per-channel statistics of newer autoencoders; null for SDXL's. */
  shiftFactor: number
  /** Overflows in fp16: compute in fp32 whatever the profile says. */
  forceUpcast: boolean
}

/** Pixels per latent along a side: one halving between each pair of blocks. */
export const vaeStride = (config: VaeConfig): number => 2 ** (config.channels.length - 1)

export function readVaeConfig(config: Config): VaeConfig {
  const read = new ConfigReader('vae', config)
  read.expect({ act_fn: 'silu', latents_mean: null, latents_std: null })
  const channels = read.ints('block_out_channels')
  read.names('down_block_types', ['DownEncoderBlock2D'])
  read.names('up_block_types', ['UpDecoderBlock2D'])
  return {
    channels,
    layersPerBlock: read.int('layers_per_block', 1),
    latentChannels: read.int('latent_channels', 4),
    imageChannels: read.int('out_channels', 3),
    groups: read.int('norm_num_groups', 32),
    midAttention: read.bool('mid_block_add_attention', true),
    quantConv: read.bool('use_quant_conv', true),
    postQuantConv: read.bool('use_post_quant_conv', true),
    scalingFactor: read.float('scaling_factor', 0.18215),
    shiftFactor: config['shift_factor'] == null ? 0 : read.float('shift_factor'),
    forceUpcast: read.bool('force_upcast', true),
  }
}

/** Both halves over one set of weights; the encoder's graph is for img2img. Sizes are those of the latents. */
export function buildVae(
  component: Component,
  ops: OpProfile,
  size: { height: number; width: number },
): { decoder: Graph; encoder: Graph } {
  const config = readVaeConfig(component.config)
  const weights = component.weights()
  const precise = config.forceUpcast ? { ...ops, compute: 'F32' as const } : ops
  const graphs = {
    decoder: buildDecoder(weights, config, precise, size),
    encoder: buildEncoder(weights, config, precise, size),
  }
  weights.finish()
  return graphs
}

/** latent (1, 4, h, w), unscaled → image (1, 3, h · stride, w · stride), about −1..1. */
function buildDecoder(
  weights: Weights,
  config: VaeConfig,
  ops: OpProfile,
  { height, width }: { height: number; width: number },
): Graph {
  const g = new GraphBuilder('vae.decoder', weights, ops)
  const latent = g.input('latent', [1, config.latentChannels, height, width])
  const start = config.postQuantConv
    ? conv2d(g, 'post_quant_conv', latent, config.latentChannels, { kernel: 1, padding: 0 })
    : latent
  const image = g.scope('decoder', () => {
    const widths = config.channels.toReversed()
    let x = midBlock(g, conv2d(g, 'conv_in', start, widths[0]), config)
    widths.forEach((channels, i) => {
      g.scope(`up_blocks.${i}`, () => {
        for (let j = 0; j <= config.layersPerBlock; j++) x = resnet(g, `resnets.${j}`, x, channels, config)
        if (i < widths.length - 1) {
          x = conv2d(g, 'upsamplers.0.conv', upsampleNearest(g, x, x.shape[2] * 2, x.shape[3] * 2), channels)
        }
      })
    })
    return conv2d(g, 'conv_out', groupNormSilu(g, 'conv_norm_out', x, config.groups, 1e-6), config.imageChannels)
  })
  g.output('image', channelsFirst(g, image))
  return g.finish()
}

/** image (1, 3, h · stride, w · stride) in −1..1 → moments (1, 8, h, w): mean and log variance. */
function buildEncoder(
  weights: Weights,
  config: VaeConfig,
  ops: OpProfile,
  { height, width }: { height: number; width: number },
): Graph {
  const g = new GraphBuilder('vae.encoder', weights, ops)
  const stride = vaeStride(config)
  const image = g.input('image', [1, config.imageChannels, height * stride, width * stride])
  const moments = g.scope('encoder', () => {
    let x = conv2d(g, 'conv_in', image, config.channels[0])
    config.channels.forEach((channels, i) => {
      g.scope(`down_blocks.${i}`, () => {
        for (let j = 0; j < config.layersPerBlock; j++) x = resnet(g, `resnets.${j}`, x, channels, config)
        // Padded at the right and the bottom only, as the reference does.
        if (i < config.channels.length - 1) {
          x = conv2d(g, 'downsamplers.0.conv', x, channels, { stride: 2, padding: [0, 0, 1, 1] })
        }
      })
    })
    x = midBlock(g, x, config)
    return conv2d(g, 'conv_out', groupNormSilu(g, 'conv_norm_out', x, config.groups, 1e-6), 2 * config.latentChannels)
  })
  g.output(
    'moments',
    channelsFirst(
      g,
      config.quantConv
        ? conv2d(g, 'quant_conv', moments, 2 * config.latentChannels, { kernel: 1, padding: 0 })
        : moments,
    ),
  )
  return g.finish()
}

function midBlock(g: GraphBuilder, x: Value, config: VaeConfig): Value {
  const channels = x.shape[1]
  return g.scope('mid_block', () => {
    const h = resnet(g, 'resnets.0', x, channels, config)
    const mixed = config.midAttention ? selfAttention(g, h, config) : h
    return resnet(g, 'resnets.1', mixed, channels, config)
  })
}

// x ─ norm1 ─ silu ─ conv1 ─ norm2 ─ silu ─ conv2 ─ +     (no time here)
// └─────────────── (conv_shortcut) ────────────────┘
function resnet(g: GraphBuilder, name: string, x: Value, channels: number, { groups }: VaeConfig): Value {
  return g.scope(name, () => {
    const h = conv2d(g, 'conv1', groupNormSilu(g, 'norm1', x, groups, 1e-6), channels)
    const y = conv2d(g, 'conv2', groupNormSilu(g, 'norm2', h, groups, 1e-6), channels)
    return add(g, x.shape[1] === channels ? x : conv2d(g, 'conv_shortcut', x, channels, { kernel: 1, padding: 0 }), y)
  })
}

/** One head over all positions. */
function selfAttention(g: GraphBuilder, x: Value, { groups }: VaeConfig): Value {
  const [, channels, height, width] = x.shape
  return g.scope('attentions.0', () => {
    const tokens = toTokens(g, groupNorm(g, 'group_norm', x, groups, 1e-6))
    const [q, k, v] = ['to_q', 'to_k', 'to_v'].map(name => linear(g, name, tokens, channels))
    const mixed = linear(g, 'to_out.0', attention(g, q, k, v, 1), channels)
    return add(g, x, toMap(g, mixed, height, width))
  })
}
