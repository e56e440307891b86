/**
 * Small graphs that together have every op of com.microsoft in the form for CUDA, as the networks use it. What they give is
 * known from the ops' published formulas (fixtures/contributed-ops); tests compare the forms that a CPU can run with it.
 */
import { type Graph, GraphBuilder, type Value } from './builder.ts'
import { biasSplitGelu } from './fusions.ts'
import { channelsFirst } from './layout.ts'
import { FUSIONS, OP_PROFILES, type OpProfile } from './op-profiles.ts'
import {
  add,
  attention,
  conv2d,
  gelu,
  groupNorm,
  groupNormSilu,
  mul,
  quickGelu,
  slice,
  upsampleNearest,
} from './ops.ts'
import { randomComponent } from './random-model.ts'
import { projectedText } from './text-context.ts'
import { type BlockContext, resnet, transformer } from './unet-blocks.ts'
import type { UNetConfig } from './unet-config.ts'

/** As CUDA is given them, but in 32 bits: formulas are compared, not roundings. */
export const CONTRIBUTED: OpProfile = { ...OP_PROFILES.cuda, compute: 'F32', maps: 'channels-last', fusions: FUSIONS }

const GROUPS = 8
/** What blocks read of a UNet's configuration. */
const config = { groups: GROUPS, epsilon: 1e-5 } as UNetConfig
/** Two rows, the sides unlike, so that no axis can be taken for another. */
const map = (g: GraphBuilder, channels: number): Value => g.input('x', [2, channels, 6, 10])
const context = (g: GraphBuilder): BlockContext => ({
  config,
  time: g.input('time', [1, 24]),
  text: projectedText(g.input('text', [2, 7, 20])),
})

export const CONTRIBUTED_CASES: Readonly<Record<string, (g: GraphBuilder) => Value>> = {
  conv: g => conv2d(g, 'conv', map(g, 12), 20),
  'conv-of-one-pixel': g => conv2d(g, 'conv', map(g, 12), 20, { kernel: 1, padding: 0 }),
  'conv-downwards': g => conv2d(g, 'conv', map(g, 12), 20, { stride: 2 }),
  'conv-padded-at-two-sides': g => conv2d(g, 'conv', map(g, 12), 20, { stride: 2, padding: [0, 0, 1, 1] }),
  'conv-upwards': g => conv2d(g, 'conv', upsampleNearest(g, map(g, 12), 11, 20), 12),
  'group-norm': g => groupNorm(g, 'norm', map(g, 16), GROUPS, 1e-6),
  // Numbers that are small beside epsilon, which then decides.
  'group-norm-of-small-numbers': g => groupNorm(g, 'norm', mul(g, map(g, 16), g.floats([1e-3], [])), GROUPS, 1e-5),
  'group-norm-silu': g => groupNormSilu(g, 'norm', map(g, 16), GROUPS, 1e-5),
  'attention-of-heads': g => attention(g, ...queryKeyValue(g, 9, 5), 4),
  'attention-of-one-head': g => attention(g, ...queryKeyValue(g, 9, 9), 1),
  'attention-causal': g => attention(g, ...queryKeyValue(g, 9, 9), 4, true),
  'split-gelu': g => splitGelu(g, g.input('x', [2, 5, 32])),
  'quick-gelu': g => quickGelu(g, g.input('x', [2, 5, 16])),
  // Norm, SiLU, convolution and the time's shift; then attention to itself and to the text, and GELU.
  resnet: g => resnet(g, 'resnet', map(g, 16), 24, context(g)),
  transformer: g => transformer(g, 'transformer', map(g, 16), 2, 1, context(g)),
}

/** The op, whose kernels know no width as small as this; elsewhere what stands for it. */
function splitGelu(g: GraphBuilder, x: Value): Value {
  if (g.ops.maps === 'channels-last') return biasSplitGelu(g, x, g.weight('bias', [32]))
  const both = add(g, x, g.weight('bias', [32]))
  return mul(g, slice(g, both, -1, 0, 16), gelu(g, slice(g, both, -1, 16, 32)))
}

function queryKeyValue(g: GraphBuilder, queries: number, keys: number): [Value, Value, Value] {
  return [g.input('q', [2, queries, 32]), g.input('k', [2, keys, 32]), g.input('v', [2, keys, 32])]
}

/** The graph of a case, with random weights inside it and one output, y. */
export function buildContributed(name: string, ops: OpProfile): Graph {
  const g = new GraphBuilder(name, randomComponent({}, 5).weights(), ops)
  g.output('y', channelsFirst(g, CONTRIBUTED_CASES[name](g)))
  return g.finish()
}
