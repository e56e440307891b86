/**
 * Feature maps whose numbers lie channels last in memory, (batch, height, width, channels), as GPUs convolve best. A value's
 * shape says (batch, channels, height, width) all the same, so that who reads it need not know how it lies.
 */
import type { GraphBuilder, Value } from './builder.ts'

/** As the numbers lie: the shape that ONNX sees. */
export const physicalShape = ({ shape, layout }: Value): readonly number[] =>
  layout === 'channels-last' ? [shape[0], shape[2], shape[3], shape[1]] : shape

/** What a node made of maps that lie channels last: the same numbers, known to lie so. */
export const asChannelsLast = (value: Value, shape: readonly number[]): Value => ({
  ...value,
  shape,
  layout: 'channels-last',
})

/** The map, lying channels last. */
export function channelsLast(g: GraphBuilder, x: Value): Value {
  if (x.layout === 'channels-last') return x
  const [batch, channels, height, width] = x.shape
  const last = [batch, height, width, channels]
  // One pixel lies the same either way.
  const turned =
    height * width === 1
      ? g.node('Reshape', [x, g.ints(last)], last)
      : g.node('Transpose', [x], last, { perm: [0, 2, 3, 1] })
  return asChannelsLast(turned, x.shape)
}

/** The map as everything outside a graph reads it, (batch, channels, height, width). */
export function channelsFirst(g: GraphBuilder, x: Value): Value {
  if (x.layout !== 'channels-last') return x
  return g.node('Transpose', [x], x.shape, { perm: [0, 3, 1, 2] })
}
