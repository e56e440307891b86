/** SDXL's UNet. Source: diffusers, models/unets/unet_2d_condition.py (UNet2DConditionModel). */
import type { Component } from '../weights/types.ts'
import { type Graph, GraphBuilder, type Value } from './builder.ts'
import { add, concat, conv2d, groupNorm, linear, silu, upsampleNearest } from './ops.ts'
import type { OpProfile } from './profile.ts'
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
}

/** A denoising network in two graphs: what is run once a picture, and what is run at every step. */
export interface DenoiserGraphs {
  config: UNetConfig
  /**
   * text_embeds (batch, pooled), time_ids (batch, 6 · additionTimeEmbedDim), encoder_hidden_states (batch, tokens, dim)
   * → embedding (batch, 4 · width) and, where the profile says contextOnce, the keys and values of every cross-attention.
   */
  context: Graph
  /** sample, time_proj (1, width), the context's outputs, and for a UNet residuals → noise_pred; for a ControlNet → residuals. */
  step: Graph
}

/** Residuals that a ControlNet adds to the UNet's skips, in order, then to its middle. */
export const residualNames = (count: number): string[] => [
  ...Array.from({ length: count - 1 }, (_, i) => `down.${i}`),
  'mid',
]

export function buildUNet(
  component: Component,
  profile: OpProfile,
  size: NetworkSize,
  withResiduals: boolean,
): DenoiserGraphs {
  const config = readUNetConfig('unet', component.config)
  const weights = component.weights()
  const { g, once, context } = openDenoiser('unet', config, weights, profile, size)
  const sample = g.input('sample', [size.batch, config.inChannels, size.height, size.width])

  const skips = downBlocks(g, conv2d(g, 'conv_in', sample, config.blocks[0].channels), context)
  let x = midBlock(g, skips.at(-1)!, context)
  if (withResiduals) {
    skips.forEach((skip, i) => {
      skips[i] = add(g, skip, g.input(`down.${i}`, skip.shape))
    })
    x = add(g, x, g.input('mid', x.shape))
  }
  x = upBlocks(g, x, skips, context)
  x = silu(g, groupNorm(g, 'conv_norm_out', x, config.groups, config.epsilon))
  g.output('noise_pred', conv2d(g, 'conv_out', x, config.outChannels))
  weights.finish()
  return { config, context: once.finish(), step: g.finish() }
}

/** Both builders over one set of weights, and the embeddings of time, text and sizes that every block reads. */
export function openDenoiser(
  name: string,
  config: UNetConfig,
  weights: ReturnType<Component['weights']>,
  profile: OpProfile,
  { batch, tokens }: NetworkSize,
  extra: (once: GraphBuilder) => Value | null = () => null,
): { g: GraphBuilder; once: GraphBuilder; context: BlockContext } {
  const g = new GraphBuilder(name, weights, profile)
  const once = new GraphBuilder(`${name}.context`, weights, profile)
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
  once.output('embedding', embedding)

  const time = mlp(g, 'time_embedding', g.input('time_proj', [1, width]), embedded)
  const whole = add(g, g.input('embedding', embedding.shape), time)
  const hiddenShape = [batch, tokens, config.crossAttentionDim]
  const text = profile.contextOnce
    ? precomputedText(once, once.input('encoder_hidden_states', hiddenShape))
    : projectedText(g.input('encoder_hidden_states', hiddenShape))
  return { g, once, context: { config, time: silu(g, whole), text } }
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
