/**
 * The blocks of SDXL's UNet, which ControlNet-Union's encoder shares.
 * Source: diffusers, models/unets/unet_2d_blocks.py, models/resnet.py, models/transformers/transformer_2d.py, models/attention.py.
 */
import type { GraphBuilder, Value } from './builder.ts'
import { projectedSplitGelu, selfAttention, shiftedNormSilu } from './fusions.ts'
import { add, attention, conv2d, groupNorm, groupNormSilu, layerNorm, linear, toMap, toTokens } from './ops.ts'
import type { TextContext } from './text-context.ts'
import type { UNetConfig } from './unet-config.ts'

/** What every block of one graph shares. */
export interface BlockContext {
  config: UNetConfig
  /** silu(time embedding), (1 or batch, 4 · first width). */
  time: Value
  text: TextContext
}

// x ─ norm1 ─ silu ─ conv1 ─ + ─ norm2 ─ silu ─ conv2 ─ +
// │        time ─ time_emb_proj ┘                        │
// └──────────────────── (conv_shortcut) ─────────────────┘
export function resnet(
  g: GraphBuilder,
  name: string,
  x: Value,
  channels: number,
  { config, time }: BlockContext,
): Value {
  return g.scope(name, () => {
    let h = conv2d(g, 'conv1', groupNormSilu(g, 'norm1', x, config.groups, config.epsilon), channels)
    const shift = linear(g, 'time_emb_proj', time, channels)
    h = conv2d(g, 'conv2', shiftedNormSilu(g, 'norm2', h, shift, config.groups, config.epsilon), channels)
    const shortcut = x.shape[1] === channels ? x : conv2d(g, 'conv_shortcut', x, channels, { kernel: 1, padding: 0 })
    return add(g, shortcut, h)
  })
}

// x ─ norm ─ tokens ─ proj_in ─ transformer_blocks ─ proj_out ─ map ─ +
// └───────────────────────────────────────────────────────────────────┘
export function transformer(
  g: GraphBuilder,
  name: string,
  x: Value,
  heads: number,
  layers: number,
  context: BlockContext,
): Value {
  const [, channels, height, width] = x.shape
  return g.scope(name, () => {
    // 1e-6 is fixed in Transformer2DModel, whatever norm_eps says.
    let tokens = toTokens(g, groupNorm(g, 'norm', x, context.config.groups, 1e-6))
    tokens = linear(g, 'proj_in', tokens, channels)
    for (let i = 0; i < layers; i++) {
      tokens = g.scope(`transformer_blocks.${i}`, () => transformerBlock(g, tokens, heads, context.text))
    }
    return add(g, toMap(g, linear(g, 'proj_out', tokens, channels), height, width), x)
  })
}

// x ─ norm1 ─ attn1 (self) ─ + ─ norm2 ─ attn2 (text) ─ + ─ norm3 ─ ff ─ +
// └──────────────────────────┘└─────────────────────────┘└───────────────┘
function transformerBlock(g: GraphBuilder, x: Value, heads: number, text: TextContext): Value {
  const channels = x.shape[2]
  const normed = layerNorm(g, 'norm1', x, 1e-5)
  const self = g.scope('attn1', () => linear(g, 'to_out.0', selfAttention(g, normed, heads), channels))
  const afterSelf = add(g, x, self)
  const normed2 = layerNorm(g, 'norm2', afterSelf, 1e-5)
  const cross = g.scope('attn2', () => {
    const q = linear(g, 'to_q', normed2, channels, false)
    const [k, v] = text.keysAndValues(g, channels)
    return linear(g, 'to_out.0', attention(g, q, k, v, heads), channels)
  })
  const afterCross = add(g, afterSelf, cross)
  return add(g, afterCross, feedForward(g, layerNorm(g, 'norm3', afterCross, 1e-5)))
}

/** GEGLU: one projection gives value and gate, value · gelu(gate), and back. */
function feedForward(g: GraphBuilder, x: Value): Value {
  const channels = x.shape[2]
  return g.scope('ff', () => {
    return linear(g, 'net.2', projectedSplitGelu(g, 'net.0.proj', x, channels * 4), channels)
  })
}

/** The whole way down: every feature map that the way up will read, the first being conv_in's. */
export function downBlocks(g: GraphBuilder, x: Value, context: BlockContext): Value[] {
  const { blocks, layersPerBlock } = context.config
  const skips = [x]
  let h = x
  blocks.forEach(({ channels, heads, transformerLayers }, i) => {
    g.scope(`down_blocks.${i}`, () => {
      for (let j = 0; j < layersPerBlock; j++) {
        h = resnet(g, `resnets.${j}`, h, channels, context)
        if (transformerLayers) h = transformer(g, `attentions.${j}`, h, heads, transformerLayers, context)
        skips.push(h)
      }
      if (i < blocks.length - 1) {
        h = conv2d(g, 'downsamplers.0.conv', h, channels, { stride: 2 })
        skips.push(h)
      }
    })
  })
  return skips
}

export function midBlock(g: GraphBuilder, x: Value, context: BlockContext): Value {
  const { blocks, midTransformerLayers } = context.config
  const { channels, heads } = blocks.at(-1)!
  return g.scope('mid_block', () => {
    const h = resnet(g, 'resnets.0', x, channels, context)
    return resnet(
      g,
      'resnets.1',
      transformer(g, 'attentions.0', h, heads, midTransformerLayers, context),
      channels,
      context,
    )
  })
}
