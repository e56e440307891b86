/**
 * CLIP text encoders: CLIP-L (CLIPTextModel) and OpenCLIP bigG (CLIPTextModelWithProjection).
 * Source: transformers, models/clip/modeling_clip.py.
 */
import type { Component } from '../weights/types.ts'
import { type Graph, GraphBuilder, type Value } from './builder.ts'
import { type Config, ConfigReader } from './config.ts'
import type { OpProfile } from './op-profiles.ts'
import { add, attention, embedding, gelu, layerNorm, linear, quickGelu, reshape } from './ops.ts'

export interface ClipConfig {
  layers: number
  heads: number
  hidden: number
  intermediate: number
  vocabulary: number
  /** Rows at the vocabulary's end that embeddings brought (core/weights/embeddings.ts). */
  added: number
  positions: number
  activation: 'quick_gelu' | 'gelu'
  epsilon: number
  /** Width of the projected, pooled output; null for CLIPTextModel. */
  projection: number | null
  /** Row of the pooled token: 2 is the historical value that means "the highest id" (argmax). */
  eosTokenId: number
}

export function readClipConfig(what: string, config: Config): ClipConfig {
  const read = new ConfigReader(what, config)
  const [kind] = read.names('architectures', ['CLIPTextModel', 'CLIPTextModelWithProjection'])
  return {
    layers: read.int('num_hidden_layers'),
    heads: read.int('num_attention_heads'),
    hidden: read.int('hidden_size'),
    intermediate: read.int('intermediate_size'),
    vocabulary: read.int('vocab_size'),
    added: read.int('added_tokens', 0),
    positions: read.int('max_position_embeddings', 77),
    activation: read.oneOf('hidden_act', ['quick_gelu', 'gelu'], 'quick_gelu'),
    epsilon: read.float('layer_norm_eps', 1e-5),
    projection: kind === 'CLIPTextModelWithProjection' ? read.int('projection_dim') : null,
    eosTokenId: read.int('eos_token_id', 2),
  }
}

/**
 * ids (batch, positions) int64 and pooled_rows (batch,) int64, the row of each pooled token in the flattened
 * (batch · positions) → hidden.N (batch, positions, hidden) for each N asked for (0 = embeddings, `layers` = last layer
 * before the final norm), and pooled (batch, hidden or projection).
 */
export function buildClip(
  name: string,
  component: Component,
  ops: OpProfile,
  batch: number,
  hiddenStates: number[],
): Graph {
  const config = readClipConfig(name, component.config)
  const weights = component.weights()
  const g = new GraphBuilder(name, weights, ops)
  const ids = g.input('ids', [batch, config.positions], 'I64')
  const rows = g.input('pooled_rows', [batch], 'I64')
  const emit = (index: number, x: Value) => hiddenStates.includes(index) && g.output(`hidden.${index}`, x)

  const last = g.scope('text_model', () => {
    let x = embed(g, config, ids)
    emit(0, x)
    for (let i = 0; i < config.layers; i++) {
      x = g.scope(`encoder.layers.${i}`, () => encoderLayer(g, config, x))
      emit(i + 1, x)
    }
    return layerNorm(g, 'final_layer_norm', x, config.epsilon)
  })
  const flat = reshape(g, last, [batch * config.positions, config.hidden])
  const pooled = g.node('Gather', [flat, rows], [batch, config.hidden], { axis: 0 })
  g.output(
    'pooled',
    config.projection === null ? pooled : linear(g, 'text_projection', pooled, config.projection, false),
  )
  weights.finish()
  return g.finish()
}

function embed(g: GraphBuilder, { hidden, vocabulary, positions }: ClipConfig, ids: Value): Value {
  return g.scope('embeddings', () => {
    const tokens = embedding(g, 'token_embedding', ids, vocabulary, hidden)
    return add(g, tokens, g.weight('position_embedding.weight', [positions, hidden]))
  })
}

// x ─ layer_norm1 ─ self_attn (causal) ─ + ─ layer_norm2 ─ fc1 ─ act ─ fc2 ─ +
// └───────────────────────────────────────┘└──────────────────────────────────┘
function encoderLayer(g: GraphBuilder, config: ClipConfig, x: Value): Value {
  const { hidden, heads, intermediate, epsilon, activation } = config
  const normed = layerNorm(g, 'layer_norm1', x, epsilon)
  const attended = g.scope('self_attn', () => {
    const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map(name => linear(g, name, normed, hidden))
    return linear(g, 'out_proj', attention(g, q, k, v, heads, true), hidden)
  })
  const middle = add(g, x, attended)
  const normedMiddle = layerNorm(g, 'layer_norm2', middle, epsilon)
  const fed = g.scope('mlp', () => {
    const up = linear(g, 'fc1', normedMiddle, intermediate)
    return linear(g, 'fc2', activation === 'gelu' ? gelu(g, up) : quickGelu(g, up), hidden)
  })
  return add(g, middle, fed)
}
