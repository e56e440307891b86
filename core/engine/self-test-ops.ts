/**
 * Attention, GroupNorm, convolution and a text's rows on a few numbers, beside their definitions written out in JavaScript. The
 * weights are of 16 bits, as published ones are: a device may compute with 32-bit numbers alone.
 */
import { type Graph, GraphBuilder, type Value } from '../graph/builder.ts'
import type { OpProfile } from '../graph/op-profiles.ts'
import { attention, conv2d, embedding, groupNorm } from '../graph/ops.ts'
import { randomComponent } from '../graph/random-model.ts'
import { createNoise } from '../sampler/noise.ts'
import type { Weights } from '../weights/types.ts'
import { ints, type Tensor } from './tensor.ts'

/** One layer as a graph, its input, and what it must give. */
export interface OpCase {
  name: 'convolution' | 'GroupNorm' | 'attention' | 'embedding'
  graph: Graph
  input: Tensor & { name: string }
  expected: Float32Array
}

const [CHANNELS, SIDE, GROUPS, HEADS] = [32, 16, 8, 2]
const EPSILON = 1e-5
const WEIGHTS = randomComponent({ _class_name: 'self-test' }, 7)

/** The same every time, in 16 bits. */
function halves(): Weights {
  const weights = WEIGHTS.weights()
  return {
    ...weights,
    take(name, shape) {
      const { data } = weights.take(name, shape)
      const rounded = Float16Array.from(new Float32Array((data as Uint8Array).buffer))
      return { name, dtype: 'F16', shape, data: new Uint8Array(rounded.buffer) }
    },
  }
}

export function opCases(ops: OpProfile): OpCase[] {
  return [convolution(ops), groupNormalization(ops), selfAttention(ops), textRows(ops)]
}

function graphOf(name: string, ops: OpProfile, shape: number[], body: (g: GraphBuilder, x: Value) => Value): Graph {
  const g = new GraphBuilder(name, halves(), ops)
  g.output('y', body(g, g.input('x', shape)))
  return g.finish()
}

const noise = (seed: number, shape: readonly number[]) => createNoise(seed, 0).next(shape.reduce((a, b) => a * b, 1))

/** The weights that a graph took, in the order in which it took them. */
function weightsOf(...shapes: [name: string, shape: number[]][]): Float32Array[] {
  const weights = halves()
  return shapes.map(([name, shape]) =>
    Float32Array.from(new Float16Array((weights.take(name, shape).data as Uint8Array).buffer)),
  )
}

function convolution(ops: OpProfile): OpCase {
  const shape = [1, CHANNELS, SIDE, SIDE]
  const data = noise(1, shape)
  const [kernel, bias] = weightsOf(['conv.weight', [CHANNELS, CHANNELS, 3, 3]], ['conv.bias', [CHANNELS]])
  const expected = new Float32Array(CHANNELS * SIDE * SIDE)
  for (let out = 0; out < CHANNELS; out++) {
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        let sum = bias[out]
        for (let from = 0; from < CHANNELS; from++) {
          for (let dy = 0; dy < 3; dy++) {
            for (let dx = 0; dx < 3; dx++) {
              const [row, column] = [y + dy - 1, x + dx - 1]
              if (row < 0 || column < 0 || row >= SIDE || column >= SIDE) continue
              sum += data[(from * SIDE + row) * SIDE + column] * kernel[((out * CHANNELS + from) * 3 + dy) * 3 + dx]
            }
          }
        }
        expected[(out * SIDE + y) * SIDE + x] = sum
      }
    }
  }
  const graph = graphOf('conv', ops, shape, (g, x) => conv2d(g, 'conv', x, CHANNELS))
  return { name: 'convolution', graph, input: { name: 'x', shape, data }, expected }
}

function groupNormalization(ops: OpProfile): OpCase {
  const shape = [1, CHANNELS, SIDE, SIDE]
  const data = noise(2, shape)
  const [scale, shift] = weightsOf(['norm.weight', [CHANNELS]], ['norm.bias', [CHANNELS]])
  const size = data.length / GROUPS
  const expected = new Float32Array(data.length)
  for (let group = 0; group < GROUPS; group++) {
    const values = data.subarray(group * size, (group + 1) * size)
    const mean = values.reduce((sum, value) => sum + value, 0) / size
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size
    values.forEach((value, i) => {
      const at = group * size + i
      const channel = Math.floor(at / (SIDE * SIDE))
      expected[at] = ((value - mean) / Math.sqrt(variance + EPSILON)) * scale[channel] + shift[channel]
    })
  }
  const graph = graphOf('norm', ops, shape, (g, x) => groupNorm(g, 'norm', x, GROUPS, EPSILON))
  return { name: 'GroupNorm', graph, input: { name: 'x', shape, data }, expected }
}

/** Every token reads all others; queries, keys and values are the tokens themselves. */
function selfAttention(ops: OpProfile): OpCase {
  const [tokens, channels] = [SIDE * SIDE, 2 * CHANNELS]
  const width = channels / HEADS
  const shape = [1, tokens, channels]
  const data = noise(3, shape)
  const expected = new Float32Array(data.length)
  for (let head = 0; head < HEADS; head++) {
    const at = (token: number, i: number) => data[token * channels + head * width + i]
    for (let query = 0; query < tokens; query++) {
      const scores = Float64Array.from({ length: tokens }, (_, key) => {
        let sum = 0
        for (let i = 0; i < width; i++) sum += at(query, i) * at(key, i)
        return sum / Math.sqrt(width)
      })
      const largest = scores.reduce((a, b) => Math.max(a, b))
      const weights = scores.map(score => Math.exp(score - largest))
      const total = weights.reduce((a, b) => a + b, 0)
      for (let i = 0; i < width; i++) {
        let sum = 0
        for (let key = 0; key < tokens; key++) sum += weights[key] * at(key, i)
        expected[query * channels + head * width + i] = sum / total
      }
    }
  }
  const graph = graphOf('attention', ops, shape, (g, x) => attention(g, x, x, x, HEADS))
  return { name: 'attention', graph, input: { name: 'x', shape, data }, expected }
}

/** Rows of a 16-bit table, as a prompt reads its words. */
function textRows(ops: OpProfile): OpCase {
  const ids = [3, 0, 61, 17]
  const [table] = weightsOf(['rows.weight', [2 * CHANNELS, CHANNELS]])
  const expected = Float32Array.from(ids.flatMap(id => [...table.subarray(id * CHANNELS, (id + 1) * CHANNELS)]))
  const g = new GraphBuilder('rows', halves(), ops)
  g.output('y', embedding(g, 'rows', g.input('ids', [ids.length], 'I64'), 2 * CHANNELS, CHANNELS))
  return { name: 'embedding', graph: g.finish(), input: { name: 'ids', ...ints(ids) }, expected }
}
