/**
 * ControlNet-Union: one network that reads any subset of six (or, ProMax, eight) kinds of control picture.
 * Source: diffusers, models/controlnets/controlnet_union.py (ControlNetUnionModel); xinsir6/ControlNetPlus.
 *
 * Its fuser's attention runs over the batch axis, not over the conditions: with the same pictures in every row of the
 * batch each token attends to copies of itself, so conditions never mix and the latents are never read. All that the
 * pictures contribute is therefore one tensor, computed once a picture, added after conv_in:
 *
 *   picture ─ controlnet_cond_embedding ─ condition ─ mean ─ + task ─ token        ("condition" graph, once a picture)
 *   condition · s + proj(T(token · s)) · s                                         ("fuse" graph, once a weight)
 */
import type { Component } from '../weights/types.ts'
import { type Graph, GraphBuilder, type Value } from './builder.ts'
import { ConfigReader } from './config.ts'
import { channelsFirst } from './layout.ts'
import type { OpProfile } from './op-profiles.ts'
import { add, conv2d, layerNorm, linear, mul, quickGelu, reshape, silu, slice } from './ops.ts'
import { blockContext, latentsInput, mlp, type NetworkSize, type ResidualValues } from './unet.ts'
import { downBlocks, midBlock } from './unet-blocks.ts'
import { readUNetConfig, type UNetConfig } from './unet-config.ts'

/** What is run once a picture, whatever the form of the step. */
export interface ControlGraphs {
  config: UNetConfig
  /** How many kinds of control picture it knows: 6 or 8. */
  modes: number
  /** As every denoiser's, and control_type (1, modes · additionTimeEmbedDim): the sinusoids of the flags of the modes in use. */
  context: Graph
  /** image (1, 3, 8 · height, 8 · width) in 0..1, mode (1,) int64 → condition (1, C, height, width), token (1, C). */
  condition: Graph
  /** condition, token, scale (1,) → contribution (1, C, height, width). */
  fuse: Graph
}

/** step: sample, time_proj, the context's outputs, fuser (1, C, height, width), residual_scale (1,) → down.0 … and mid. */
export function buildControlNetUnion(
  component: Component,
  ops: OpProfile,
  size: NetworkSize,
): ControlGraphs & { step: Graph } {
  const weights = component.weights()
  const g = new GraphBuilder('controlnet', weights, ops)
  const { residuals, ...graphs } = controlNetNodes(g, component, size, latentsInput)
  residuals.skips.forEach((value, i) => {
    g.output(`down.${i}`, channelsFirst(g, value))
  })
  g.output('mid', channelsFirst(g, residuals.middle))
  weights.finish()
  return { ...graphs, step: g.finish() }
}

/** The ControlNet's part of a step in `g`, and the graphs that are run once a picture. Weights are finished by the caller. */
export function controlNetNodes(
  g: GraphBuilder,
  component: Component,
  size: NetworkSize,
  latents: (g: GraphBuilder, config: UNetConfig, size: NetworkSize) => Value,
): ControlGraphs & { residuals: ResidualValues } {
  const config = readUNetConfig('controlnet', component.config)
  const read = new ConfigReader('controlnet', component.config)
  // xinsir's six-mode config does not say how many modes there are; the table of task embeddings does.
  const modes = read.int('num_control_type', g.weights.shapeOf('task_embedding')?.[0] ?? 6)
  const width = config.blocks[0].channels

  const once = new GraphBuilder('controlnet.context', g.weights, g.ops)
  const context = blockContext(g, once, config, size, builder => {
    const flags = builder.input('control_type', [1, modes * config.additionTimeEmbedDim])
    return mlp(builder, 'control_add_embedding', flags, width * 4)
  })
  const sample = latents(g, config, size)
  const fuser = g.input('fuser', [1, width, size.height, size.width])
  const scale = g.input('residual_scale', [1])
  const skips = downBlocks(g, add(g, conv2d(g, 'conv_in', sample, width), fuser), context)
  const middle = midBlock(g, skips.at(-1)!, context)
  const residual = (name: string, x: Value) => mul(g, conv2d(g, name, x, x.shape[1], { kernel: 1, padding: 0 }), scale)
  const residuals = {
    skips: skips.map((skip, i) => residual(`controlnet_down_blocks.${i}`, skip)),
    middle: residual('controlnet_mid_block', middle),
  }

  const fusing = {
    channels: read.int('num_trans_channel', 320),
    layers: read.int('num_trans_layer', 1),
    projected: read.int('num_proj_channel', 320),
  }
  const channels = read.ints('conditioning_embedding_out_channels', undefined, [48, 96, 192, 384])
  const builder = (name: string) => new GraphBuilder(name, g.weights, g.ops)
  const condition = buildCondition(builder('controlnet.condition'), channels, width, modes, size)
  const fuse = buildFuse(builder('controlnet.fuse'), fusing, width, size)
  return { config, modes, context: once.finish(), condition, fuse, residuals }
}

function buildCondition(g: GraphBuilder, channels: number[], width: number, modes: number, size: NetworkSize): Graph {
  const image = g.input('image', [1, 3, size.height * 8, size.width * 8])
  const mode = g.input('mode', [1], 'I64')
  const condition = g.scope('controlnet_cond_embedding', () => {
    let x = silu(g, conv2d(g, 'conv_in', image, channels[0]))
    for (let i = 0; i + 1 < channels.length; i++) {
      x = silu(g, conv2d(g, `blocks.${2 * i}`, x, channels[i]))
      x = silu(g, conv2d(g, `blocks.${2 * i + 1}`, x, channels[i + 1], { stride: 2 }))
    }
    return channelsFirst(g, conv2d(g, 'conv_out', x, width))
  })
  const mean = g.node('ReduceMean', [condition, g.ints([2, 3])], [1, width], { keepdims: 0 })
  const task = g.node('Gather', [g.weight('task_embedding', [modes, width]), mode], [1, width], { axis: 0 })
  g.output('condition', condition)
  g.output('token', add(g, mean, task))
  return g.finish()
}

interface Fusing {
  channels: number
  layers: number
  projected: number
}

function buildFuse(g: GraphBuilder, { channels, layers, projected }: Fusing, width: number, size: NetworkSize): Graph {
  const condition = g.input('condition', [1, width, size.height, size.width])
  const scale = g.input('scale', [1])
  let x = mul(g, g.input('token', [1, channels]), scale)
  // "transformer_layes" is spelled so in every published file.
  for (let i = 0; i < layers; i++) x = g.scope(`transformer_layes.${i}`, () => residualAttention(g, x))
  const alpha = mul(g, linear(g, 'spatial_ch_projs', x, projected), scale)
  g.output('contribution', add(g, mul(g, condition, scale), reshape(g, alpha, [1, projected, 1, 1])))
  return g.finish()
}

// x ─ ln_1 ─ value ─ out_proj ─ + ─ ln_2 ─ c_fc ─ quick gelu ─ c_proj ─ +
// └─────────────────────────────┘└───────────────────────────────────────┘
// Attention among copies of one token gives that token's own value: queries and keys cannot matter and are not computed.
function residualAttention(g: GraphBuilder, x: Value): Value {
  const channels = x.shape[1]
  const normed = layerNorm(g, 'ln_1', x, 1e-5)
  const attended = g.scope('attn', () => {
    const inWeight = slice(g, g.weight('in_proj_weight', [3 * channels, channels]), 0, 2 * channels, 3 * channels)
    const inBias = slice(g, g.weight('in_proj_bias', [3 * channels]), 0, 2 * channels, 3 * channels)
    const value = g.node('Gemm', [normed, inWeight, inBias], normed.shape, { transB: 1 })
    return linear(g, 'out_proj', value, channels)
  })
  const middle = add(g, x, attended)
  const normed2 = layerNorm(g, 'ln_2', middle, 1e-5)
  const fed = g.scope('mlp', () =>
    linear(g, 'c_proj', quickGelu(g, linear(g, 'c_fc', normed2, channels * 4)), channels),
  )
  return add(g, middle, fed)
}
