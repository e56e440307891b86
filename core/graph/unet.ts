/** SDXL's UNet. Source: diffusers, models/unets/unet_2d_condition.py (UNet2DConditionModel). */
import type { Component } from '../weights/types.ts'
import { type Graph, GraphBuilder, type Value } from './builder.ts'
import { channelsFirst } from './layout.ts'
import type { OpProfile } from './op-profiles.ts'
import { add, concat, conv2d, groupNormSilu, linear, mul, silu, slice, upsampleNearest } from './ops.ts'
import { precomputedText, projectedText } from './text-context.ts'
import { type BlockContext, downBlocks, midBlock, resnet, transformer } from './unet-blocks.ts'
import { readUNetConfig, type UNetConfig } from './unet-config.ts'

/** The sizes a graph is built for; latents are (batch, channels, height, width). */
export interface NetworkSize {
  batch: number
  height: number
  width: number
  /** Text tokens: 77 a chunk. */
  tokens: number
  /**
   * The first half of the batch is the negative prompt, the second the positive, over the same latents: these enter once,
   * a row a picture, and the guided noise leaves once.
   */
  guided?: boolean
}

/** A denoising network in two graphs: what is run once a picture, and what is run at every step. */
export interface DenoiserGraphs {
  config: UNetConfig
  /**
   * text_embeds (batch, pooled), time_ids (batch, 6 · additionTimeEmbedDim), encoder_hidden_states (batch, tokens, dim)
   * → embedding (batch, 4 · width) and, where the op profile says contextOnce, the keys and values of every cross-attention.
   */
  context: Graph
  /**
   * sample, time_proj (1, width), the context's outputs, and for a UNet residuals → noise_pred; for a ControlNet → residuals.
   * A guided UNet also reads guidance_scale (1,).
   */
  step: Graph
}

/** What a ControlNet adds to the UNet's feature maps: one value a skip, in order, and one for its middle. */
export interface ResidualValues {
  skips: readonly Value[]
  middle: Value
}

export function buildUNet(
  component: Component,
  ops: OpProfile,
  size: NetworkSize,
  withResiduals: boolean,
): DenoiserGraphs {
  const config = readUNetConfig('unet', component.config)
  const weights = component.weights()
  const g = new GraphBuilder('unet', weights, ops)
  const once = new GraphBuilder('unet.context', weights, ops)
  const sample = latentsInput(g, config, size)
  const residuals = (skips: readonly Value[], middle: Value): ResidualValues => ({
    skips: skips.map((skip, i) => g.input(`down.${i}`, skip.shape)),
    middle: g.input('mid', middle.shape),
  })
  noiseOutput(g, unetNodes(g, once, config, size, sample, withResiduals ? residuals : null), size)
  weights.finish()
  return { config, context: once.finish(), step: g.finish() }
}

/** The UNet: sample (batch, 4, h, w) → predicted noise of the same shape. */
export function unetNodes(
  g: GraphBuilder,
  once: GraphBuilder,
  config: UNetConfig,
  size: NetworkSize,
  sample: Value,
  residuals: ((skips: readonly Value[], middle: Value) => ResidualValues) | null,
): Value {
  const context = blockContext(g, once, config, size)
  let skips = downBlocks(g, conv2d(g, 'conv_in', sample, config.blocks[0].channels), context)
  let x = midBlock(g, skips.at(-1)!, context)
  if (residuals) {
    const added = residuals(skips, x)
    skips = skips.map((skip, i) => add(g, skip, added.skips[i]))
    x = add(g, x, added.middle)
  }
  x = upBlocks(g, x, skips, context)
  x = groupNormSilu(g, 'conv_norm_out', x, config.groups, config.epsilon)
  return conv2d(g, 'conv_out', x, config.outChannels)
}

/** The latents, (batch, 4, h, w); where guided, half of the rows, which enter once and are read by both prompts. */
export function latentsInput(g: GraphBuilder, { inChannels }: UNetConfig, size: NetworkSize): Value {
  const { batch, height, width, guided } = size
  if (!guided) return g.input('sample', [batch, inChannels, height, width])
  const once = g.input('sample', [batch / 2, inChannels, height, width])
  return concat(g, [once, once], 0)
}

/**
 * The noise as it leaves: where guided, negative + scale · (positive − negative), in 64 bits and rounded once, whatever the
 * network computes in: what JavaScript's numbers give, so that it does not matter where guidance is done.
 */
export function noiseOutput(g: GraphBuilder, predicted: Value, { batch, guided }: NetworkSize): void {
  if (!guided) {
    g.output('noise_pred', channelsFirst(g, predicted))
    return
  }
  const rows = g.cast(channelsFirst(g, predicted), 'F64')
  const negative = slice(g, rows, 0, 0, batch / 2)
  const difference = g.node('Sub', [slice(g, rows, 0, batch / 2, batch), negative], negative.shape)
  g.output('noise_pred', add(g, negative, mul(g, difference, g.edgeInput('guidance_scale', [1], 'F64'))))
}

/** The embeddings of time, text and sizes that every block reads; what stays the same for a picture is put into `once`. */
export function blockContext(
  g: GraphBuilder,
  once: GraphBuilder,
  config: UNetConfig,
  { batch, tokens }: NetworkSize,
  extra: (once: GraphBuilder) => Value | null = () => null,
): BlockContext {
  const width = config.blocks[0].channels
  const embedded = width * 4

  const pooled = config.additionInputDim - 6 * config.additionTimeEmbedDim
  const added = concat(
    once,
    [once.input('text_embeds', [batch, pooled]), once.input('time_ids', [batch, 6 * config.additionTimeEmbedDim])],
    -1,
  )
  const sizeAndText = mlp(once, 'add_embedding', added, embedded)
  const more = extra(once)
  const embedding = more ? add(once, sizeAndText, more) : sizeAndText
  once.output(`${g.prefix}embedding`, embedding)

  const time = mlp(g, 'time_embedding', g.input('time_proj', [1, width]), embedded)
  const whole = add(g, g.input('embedding', embedding.shape), time)
  const hiddenShape = [batch, tokens, config.crossAttentionDim]
  const text = g.ops.contextOnce
    ? precomputedText(once, once.input('encoder_hidden_states', hiddenShape))
    : projectedText(g.input('encoder_hidden_states', hiddenShape))
  return { config, time: silu(g, whole), text }
}

/** linear_1 ─ silu ─ linear_2, as every embedding here. */
export function mlp(g: GraphBuilder, name: string, x: Value, width: number): Value {
  return g.scope(name, () => linear(g, 'linear_2', silu(g, linear(g, 'linear_1', x, width)), width))
}

/** The way up: each layer reads the skip that the way down left last. */
function upBlocks(g: GraphBuilder, x: Value, skips: Value[], context: BlockContext): Value {
  const { blocks, layersPerBlock } = context.config
  const remaining = [...skips]
  let h = x
  blocks.toReversed().forEach(({ channels, heads, upTransformerLayers }, i) => {
    g.scope(`up_blocks.${i}`, () => {
      for (let j = 0; j <= layersPerBlock; j++) {
        h = resnet(g, `resnets.${j}`, concat(g, [h, remaining.pop()!], 1), channels, context)
        if (upTransformerLayers) h = transformer(g, `attentions.${j}`, h, heads, upTransformerLayers, context)
      }
      if (i < blocks.length - 1) {
        // To the size of the next skip, not just twice: a side of 65 went down to 33 and must come back to 65.
        const [, , height, width] = remaining.at(-1)!.shape
        h = conv2d(g, 'upsamplers.0.conv', upsampleNearest(g, h, height, width), channels)
      }
    })
  })
  return h
}
