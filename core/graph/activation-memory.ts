/** How much memory a graph's values take while it runs, from its static shapes alone. */
import type { OnnxNode } from './onnx.ts'

/** Same numbers, other dimensions or another name: the output is the input's memory. */
const ALIASES = new Set(['Reshape', 'Identity'])
/** ONNX Runtime writes the output over an input that nobody reads afterwards. */
const IN_PLACE = new Set(['Add', 'Mul', 'Sigmoid', 'Softmax', 'QuickGelu', 'Gelu', 'Erf'])

/** What SDXL's decoder took at 256², 512² and 1024² was 2.08, 2.05 and 2.02 times the sum (ONNX Runtime 1.30, CPU). */
const MEASURED = 2

/**
 * What a run takes at its peak: MEASURED times the largest sum of values that are alive at the same time, bytes, if the
 * nodes run in the order given.
 * @param bytes of each value; a name that is not in it (a weight) counts nothing
 * @param outputs names that stay alive to the end
 */
export function peakActivationBytes(
  nodes: readonly OnnxNode[],
  bytes: ReadonlyMap<string, number>,
  outputs: readonly string[],
): number {
  const owner = new Map<string, string>()
  const ownerOf = (name: string) => owner.get(name) ?? name
  const lastUse = new Map<string, number>()
  nodes.forEach(({ type, inputs, outputs: [output] }, i) => {
    if (ALIASES.has(type)) owner.set(output, ownerOf(inputs[0]))
    for (const input of inputs) lastUse.set(ownerOf(input), i)
  })
  for (const output of outputs) lastUse.set(ownerOf(output), nodes.length)

  const live = new Set<string>()
  let now = 0
  let peak = 0
  const free = (name: string) => {
    if (live.delete(name)) now -= bytes.get(name) ?? 0
  }
  nodes.forEach(({ type, inputs, outputs: [output] }, i) => {
    if (ALIASES.has(type)) return
    const size = bytes.get(output) ?? 0
    const ending = inputs.map(ownerOf).filter(name => lastUse.get(name) === i)
    if (IN_PLACE.has(type)) {
      const reused = ending.find(name => live.has(name) && bytes.get(name) === size)
      if (reused !== undefined) free(reused)
    }
    live.add(output)
    now += size
    peak = Math.max(peak, now)
    for (const name of ending) free(name)
  })
  return peak * MEASURED
}
