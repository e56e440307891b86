/** Where the cross-attentions of a network get the text's keys and values from. */
import type { GraphBuilder, Value } from './builder.ts'
import { linear } from './ops.ts'

/** Keys and values of the cross-attention whose scope is open, (batch, length, channels) each. */
export interface TextContext {
  keysAndValues(g: GraphBuilder, channels: number): [Value, Value]
}

function project(g: GraphBuilder, hidden: Value, channels: number): [Value, Value] {
  return [linear(g, 'to_k', hidden, channels, false), linear(g, 'to_v', hidden, channels, false)]
}

/** Projects the text embeddings inside the graph, at every run. */
export function projectedText(hidden: Value): TextContext {
  return { keysAndValues: (g, channels) => project(g, hidden, channels) }
}

/**
 * Projects them in a graph of their own, run once a picture: the step graph gets an input "<scope>.k" and "<scope>.v" for
 * each cross-attention, and the other graph an output of the same name.
 */
export function precomputedText(once: GraphBuilder, hidden: Value): TextContext {
  return {
    keysAndValues(g, channels) {
      const [k, v] = once.scope(g.path, () => project(once, hidden, channels))
      once.output(`${g.prefix}${g.path}.k`, k)
      once.output(`${g.prefix}${g.path}.v`, v)
      return [g.input(`${g.path}.k`, k.shape), g.input(`${g.path}.v`, v.shape)]
    },
  }
}
