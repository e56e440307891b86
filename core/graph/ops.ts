/** The layers that every network here is made of. Feature maps are (batch, channels, height, width), tokens (batch, length, channels). */
import type { GraphBuilder, Value } from './builder.ts'
import { asChannelsLast, channelsFirst, channelsLast, physicalShape } from './layout.ts'

/** The domain of ONNX Runtime's own ops. */
export const MICROSOFT = { domain: 'com.microsoft' }

/** Rows of a table: ids (…) → (…, width). Rows first, numbers second: a vocabulary has 49,408 rows, of which a prompt reads 77. */
export function embedding(g: GraphBuilder, name: string, ids: Value, rows: number, width: number): Value {
  const table = g.table(`${name}.weight`, [rows, width])
  return g.cast(g.node('Gather', [table, ids], [...ids.shape, width], { axis: 0 }), g.ops.compute)
}

/** y = x · Wᵀ + b over the last axis; W is [out, in] as published. Reshape → Gemm → Reshape for tokens. */
export function linear(g: GraphBuilder, name: string, x: Value, outFeatures: number, bias = true): Value {
  return g.scope(name, () => {
    const inFeatures = x.shape.at(-1)!
    const rows = x.shape.slice(0, -1).reduce((a, b) => a * b, 1)
    const flat = reshape(g, x, [rows, inFeatures])
    const inputs = [flat, g.weight('weight', [outFeatures, inFeatures])]
    if (bias) inputs.push(g.weight('bias', [outFeatures]))
    const y = g.node('Gemm', inputs, [rows, outFeatures], { transB: 1 })
    return reshape(g, y, [...x.shape.slice(0, -1), outFeatures])
  })
}

export interface ConvOptions {
  kernel?: number
  stride?: number
  /** top, left, bottom, right; or one number for all four. */
  padding?: number | readonly [number, number, number, number]
}

export function conv2d(g: GraphBuilder, name: string, x: Value, outChannels: number, options: ConvOptions = {}): Value {
  const { kernel = 3, stride = 1, padding = 1 } = options
  const pads = typeof padding === 'number' ? ([padding, padding, padding, padding] as const) : padding
  const [batch, channels, height, width] = x.shape
  const size = (n: number, before: number, after: number) => Math.floor((n + before + after - kernel) / stride) + 1
  const shape = [batch, outChannels, size(height, pads[0], pads[2]), size(width, pads[1], pads[3])]
  return g.scope(name, () => {
    const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads }
    const inputs = () => [g.weight('weight', [outChannels, channels, kernel, kernel]), g.weight('bias', [outChannels])]
    if (!liesChannelsLast(g)) return g.node('Conv', [x, ...inputs()], shape, attributes)
    if (g.ops.maps === 'channels-last-plain')
      return channelsLast(g, g.node('Conv', [channelsFirst(g, x), ...inputs()], shape, attributes))
    const last = channelsLast(g, x)
    const [weight, bias] = inputs()
    // Its weights lie as its maps do; turned once, at load.
    const turned = g.node('Transpose', [weight], [outChannels, kernel, kernel, channels], { perm: [0, 2, 3, 1] })
    return asChannelsLast(g.node('NhwcConv', [last, turned, bias], shape, attributes, MICROSOFT), shape)
  })
}

const liesChannelsLast = (g: GraphBuilder): boolean => (g.ops.maps ?? 'channels-first') !== 'channels-first'

/** Reshape (batch, groups, rest) → InstanceNormalization → Reshape → scale and shift: the fastest on CPU and WebGPU. */
export function groupNorm(g: GraphBuilder, name: string, x: Value, groups: number, epsilon: number): Value {
  if (g.ops.maps === 'channels-last') return microsoftGroupNorm(g, name, x, groups, epsilon, 0)
  if (x.layout) return channelsLast(g, groupNorm(g, name, channelsFirst(g, x), groups, epsilon))
  return g.scope(name, () => {
    const [batch, channels, ...space] = x.shape
    const rest = (channels / groups) * space.reduce((a, b) => a * b, 1)
    const grouped = reshape(g, x, [batch, groups, rest])
    const ones = g.floats(new Array<number>(groups).fill(1))
    const zeros = g.floats(new Array<number>(groups).fill(0))
    const normed = g.node('InstanceNormalization', [grouped, ones, zeros], grouped.shape, {
      epsilon: { float: epsilon },
    })
    const perChannel = [channels, ...space.map(() => 1)]
    const scaled = mul(g, reshape(g, normed, x.shape), g.weight('weight', [channels], perChannel))
    return add(g, scaled, g.weight('bias', [channels], perChannel))
  })
}

/** silu(groupNorm(x)), one op where there is one. */
export function groupNormSilu(g: GraphBuilder, name: string, x: Value, groups: number, epsilon: number): Value {
  if (g.ops.maps === 'channels-last') return microsoftGroupNorm(g, name, x, groups, epsilon, 1)
  return silu(g, groupNorm(g, name, x, groups, epsilon))
}

/**
 * The op for maps channels last. Scale and shift are 32-bit numbers, whatever the map's are.
 * @param activation 0 none, 1 SiLU
 * @param added before the norm, (batch, channels): SkipGroupNorm
 */
export function microsoftGroupNorm(
  g: GraphBuilder,
  name: string,
  x: Value,
  groups: number,
  epsilon: number,
  activation: 0 | 1,
  added?: Value,
): Value {
  return g.scope(name, () => {
    const precise = (parameter: string) => {
      const value = g.weight(parameter, [x.shape[1]])
      return value.dtype === 'F32' ? value : g.cast(value, 'F32')
    }
    const attributes = { groups, epsilon: { float: epsilon }, activation, channels_last: 1 }
    const inputs = [channelsLast(g, x), precise('weight'), precise('bias'), ...(added ? [added] : [])]
    const type = added ? 'SkipGroupNorm' : 'GroupNorm'
    return asChannelsLast(g.node(type, inputs, x.shape, attributes, MICROSOFT), x.shape)
  })
}

export function layerNorm(g: GraphBuilder, name: string, x: Value, epsilon: number): Value {
  const channels = x.shape.at(-1)!
  return g.scope(name, () =>
    g.node('LayerNormalization', [x, g.weight('weight', [channels]), g.weight('bias', [channels])], x.shape, {
      axis: -1,
      epsilon: { float: epsilon },
    }),
  )
}

/** Scaled dot-product attention over `heads`; q (b, n, c), k and v (b, m, c) → (b, n, c). */
export function attention(g: GraphBuilder, q: Value, k: Value, v: Value, heads: number, causal = false): Value {
  if (g.ops.attention === 'fused') {
    return g.node(
      'MultiHeadAttention',
      [q, k, v],
      q.shape,
      { num_heads: heads, unidirectional: causal ? 1 : 0 },
      MICROSOFT,
    )
  }
  const [batch, length, channels] = q.shape
  const keys = k.shape[1]
  const size = channels / heads
  const split = (x: Value, n: number, perm: number[]) => {
    const shape = [batch, n, heads, size]
    return g.node(
      'Transpose',
      [reshape(g, x, shape)],
      perm.map(axis => shape[axis]),
      { perm },
    )
  }
  // Scaled before the product: in fp16 the unscaled scores can overflow.
  const scaled = mul(g, split(q, length, [0, 2, 1, 3]), g.floats([1 / Math.sqrt(size)], []))
  let scores = g.node('MatMul', [scaled, split(k, keys, [0, 2, 3, 1])], [batch, heads, length, keys])
  if (causal) scores = add(g, scores, causalMask(g, length))
  const weights = g.node('Softmax', [scores], scores.shape, { axis: -1 })
  const mixed = g.node('MatMul', [weights, split(v, keys, [0, 2, 1, 3])], [batch, heads, length, size])
  const merged = g.node('Transpose', [mixed], [batch, length, heads, size], { perm: [0, 2, 1, 3] })
  return reshape(g, merged, q.shape)
}

/** (length, length): 0 on and below the diagonal, a large negative number above. */
function causalMask(g: GraphBuilder, length: number): Value {
  const full = g.node('Expand', [g.floats([-30000], [1, 1]), g.ints([length, length])], [length, length])
  return g.node('Trilu', [full, g.ints([1])], [length, length], { upper: 1 })
}

export function silu(g: GraphBuilder, x: Value): Value {
  if (g.ops.activation === 'fused')
    return lying(x, g.node('QuickGelu', [x], x.shape, { alpha: { float: 1 } }, MICROSOFT))
  return mul(g, x, lying(x, g.node('Sigmoid', [x], x.shape)))
}

/** CLIP-L's activation: x · sigmoid(1.702 x). */
export function quickGelu(g: GraphBuilder, x: Value): Value {
  if (g.ops.activation === 'fused') return g.node('QuickGelu', [x], x.shape, { alpha: { float: 1.702 } }, MICROSOFT)
  return mul(g, x, g.node('Sigmoid', [mul(g, x, g.floats([1.702], []))], x.shape))
}

/** The exact GELU: x · Φ(x). */
export function gelu(g: GraphBuilder, x: Value): Value {
  if (g.ops.activation === 'fused') return g.node('Gelu', [x], x.shape, {}, MICROSOFT)
  const erf = g.node('Erf', [mul(g, x, g.floats([Math.SQRT1_2], []))], x.shape)
  return mul(g, mul(g, x, g.floats([0.5], [])), add(g, erf, g.floats([1], [])))
}

export const add = (g: GraphBuilder, a: Value, b: Value): Value => elementwise(g, 'Add', a, b)
export const mul = (g: GraphBuilder, a: Value, b: Value): Value => elementwise(g, 'Mul', a, b)

/** Two maps, or a map and what is the same for all its pixels, lie alike before they meet. */
function elementwise(g: GraphBuilder, type: 'Add' | 'Mul', a: Value, b: Value): Value {
  const shape = broadcast(a.shape, b.shape)
  if (!a.layout && !b.layout) return g.node(type, [a, b], shape)
  const [x, y] = [a, b].map(value => (value.shape.length === 4 ? channelsLast(g, value) : value))
  return asChannelsLast(g.node(type, [x, y], shape), shape)
}

/** The result of an op that works number by number lies as its input does. */
const lying = (x: Value, result: Value): Value => (x.layout ? asChannelsLast(result, result.shape) : result)

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1
    const y = b[b.length - rank + i] ?? 1
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes ${a} and ${b} do not broadcast`)
    return Math.max(x, y)
  })
}

/** The same numbers in other dimensions; nothing where they are the same already. */
export function reshape(g: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (x.layout) throw new Error(`${x.name} lies channels last: its dimensions have another order`)
  if (x.shape.length === shape.length && x.shape.every((n, i) => n === shape[i])) return x
  return g.node('Reshape', [x, g.ints(shape)], shape)
}

export function concat(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  const at = axis < 0 ? values[0].shape.length + axis : axis
  const shape = values[0].shape.map((n, i) => (i === at ? values.reduce((sum, value) => sum + value.shape[i], 0) : n))
  if (!values.some(value => value.layout)) return g.node('Concat', values, shape, { axis: at })
  const lastAxis = [0, 3, 1, 2][at]
  return asChannelsLast(
    g.node(
      'Concat',
      values.map(value => channelsLast(g, value)),
      shape,
      { axis: lastAxis },
    ),
    shape,
  )
}

/** x[begin..end) along one axis. */
export function slice(g: GraphBuilder, x: Value, axis: number, begin: number, end: number): Value {
  const at = axis < 0 ? x.shape.length + axis : axis
  const shape = x.shape.map((n, i) => (i === at ? end - begin : n))
  return g.node('Slice', [x, g.ints([begin]), g.ints([end]), g.ints([at])], shape)
}

/** (b, c, h, w) → (b, h · w, c). */
export function toTokens(g: GraphBuilder, x: Value): Value {
  const [batch, channels, height, width] = x.shape
  const tokens = [batch, height * width, channels]
  if (x.layout) return g.node('Reshape', [x, g.ints(tokens)], tokens)
  const flat = reshape(g, x, [batch, channels, height * width])
  return g.node('Transpose', [flat], [batch, height * width, channels], { perm: [0, 2, 1] })
}

/** (b, h · w, c) → (b, c, h, w). */
export function toMap(g: GraphBuilder, x: Value, height: number, width: number): Value {
  const [batch, length, channels] = x.shape
  if (liesChannelsLast(g)) {
    const map = g.node('Reshape', [x, g.ints([batch, height, width, channels])], [batch, height, width, channels])
    return asChannelsLast(map, [batch, channels, height, width])
  }
  const turned = g.node('Transpose', [x], [batch, channels, length], { perm: [0, 2, 1] })
  return reshape(g, turned, [batch, channels, height, width])
}

/** Nearest-neighbour resize to the given size, as torch's interpolate(mode="nearest"). */
export function upsampleNearest(g: GraphBuilder, x: Value, height: number, width: number): Value {
  const shape = [x.shape[0], x.shape[1], height, width]
  const lies = lying(x, { name: '', dtype: x.dtype, shape })
  const resized = g.node('Resize', [x, null, null, g.ints(physicalShape(lies))], shape, {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  })
  return lying(x, resized)
}
