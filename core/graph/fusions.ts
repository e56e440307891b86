/**
 * Fused ops of com.microsoft that stand for two or three of a UNet's steps, on CUDA with maps channels last. What each reads and
 * computes: onnxruntime, docs/ContribOperators.md; which sizes its kernels have: contrib_ops/cuda/diffusion/group_norm.cc and
 * bias_split_gelu_impl.cu. Where an op is not used, the same numbers come of standard ones.
 */
import type { GraphBuilder, Value } from './builder.ts'
import type { Fusion } from './op-profiles.ts'
import {
  add,
  attention,
  gelu,
  groupNormSilu,
  linear,
  MICROSOFT,
  microsoftGroupNorm,
  mul,
  reshape,
  slice,
} from './ops.ts'

/** Outputs of BiasSplitGelu that have a kernel; SDXL's are the latter two. */
const SPLIT_GELU_WIDTHS: readonly number[] = [1280, 2560, 5120]

const fuses = (g: GraphBuilder, fusion: Fusion): boolean =>
  (g.ops.maps ?? 'channels-first') !== 'channels-first' && (g.ops.fusions ?? []).includes(fusion)

/** The op itself, and not its stand-in of standard ops. */
const hasOp = (g: GraphBuilder, fusion: Fusion): boolean => g.ops.maps === 'channels-last' && fuses(g, fusion)

/**
 * silu(groupNorm(x + shift)): SkipGroupNorm.
 * @param shift (1 or batch, channels), the same for all pixels
 */
export function shiftedNormSilu(
  g: GraphBuilder,
  name: string,
  x: Value,
  shift: Value,
  groups: number,
  epsilon: number,
): Value {
  const [batch, channels] = x.shape
  if (!hasOp(g, 'skip-group-norm')) {
    const moved = add(g, x, reshape(g, shift, [shift.shape[0], channels, 1, 1]))
    return groupNormSilu(g, name, moved, groups, epsilon)
  }
  // The op takes a shift for each picture, also where all have the same.
  const whole = [batch, channels]
  const expanded = () => g.scope(name, () => g.node('Expand', [shift, g.ints(whole)], whole))
  const each = shift.shape[0] === batch ? shift : expanded()
  return microsoftGroupNorm(g, name, x, groups, epsilon, 1, each)
}

/** The first half of a projection's channels times the GELU of the other: GEGLU. Shape (batch, length, 2 · width). */
export function projectedSplitGelu(g: GraphBuilder, name: string, x: Value, width: number): Value {
  if (hasOp(g, 'bias-split-gelu') && SPLIT_GELU_WIDTHS.includes(width)) {
    const both = linear(g, name, x, 2 * width, false)
    return g.scope(name, () => biasSplitGelu(g, both, g.weight('bias', [2 * width])))
  }
  const both = linear(g, name, x, 2 * width)
  return mul(g, slice(g, both, -1, 0, width), gelu(g, slice(g, both, -1, width, 2 * width)))
}

/** (b, n, 2c) and its bias → (b, n, c); the op itself, for any width. */
export function biasSplitGelu(g: GraphBuilder, x: Value, bias: Value): Value {
  const shape = [...x.shape.slice(0, -1), x.shape.at(-1)! / 2]
  return g.node('BiasSplitGelu', [x, bias], shape, {}, MICROSOFT)
}

/** Attention of tokens (b, n, c) to themselves, with the weights to_q, to_k and to_v: one product for all three. */
export function selfAttention(g: GraphBuilder, x: Value, heads: number): Value {
  const [batch, length, channels] = x.shape
  const names = ['to_q', 'to_k', 'to_v']
  if (!fuses(g, 'packed-qkv')) {
    const [q, k, v] = names.map(name => linear(g, name, x, channels, false))
    return attention(g, q, k, v, heads)
  }
  const size = channels / heads
  // Head by head, query, key and value beside each other, as the op reads them. Joined once, at load.
  const parts = names.map(name =>
    g.scope(name, () => reshape(g, g.weight('weight', [channels, channels]), [heads, 1, size, channels])),
  )
  const joined = g.node('Concat', parts, [heads, 3, size, channels], { axis: 1 })
  const weight = reshape(g, joined, [3 * channels, channels])
  const rows = batch * length
  const product = g.node('Gemm', [reshape(g, x, [rows, channels]), weight], [rows, 3 * channels], { transB: 1 })
  const packed = reshape(g, product, [batch, length, heads, 3, size])
  if (hasOp(g, 'packed-qkv') && g.ops.attention === 'fused')
    return g.node('MultiHeadAttention', [packed], x.shape, { num_heads: heads, unidirectional: 0 }, MICROSOFT)
  const [q, k, v] = [0, 1, 2].map(at => reshape(g, slice(g, packed, 3, at, at + 1), x.shape))
  return attention(g, q, k, v, heads)
}
