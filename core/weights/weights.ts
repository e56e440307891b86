/** A Weights over a map of tensors: collects what does not fit and reports it all at once. */

import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { Tensor, Weights } from './types.ts'

/** How many keys of each kind an error names. */
const NAMED = 10

/**
 * A fresh view on the tensors of one network.
 * @param label names the weights in errors: "unet of /models/sdxl"
 */
export function createWeights(label: string, tensors: ReadonlyMap<string, Tensor>): Weights {
  const unused = new Set(tensors.keys())
  const missing = new Set<string>()
  const misshapen = new Map<string, string>()
  return {
    label,
    has: name => tensors.has(name),
    shapeOf: name => tensors.get(name)?.shape ?? null,
    take(name, shape) {
      const tensor = tensors.get(name)
      unused.delete(name)
      if (tensor && sameShape(tensor.shape, shape)) return tensor
      if (tensor) misshapen.set(name, `${name} [${tensor.shape}] instead of [${shape}]`)
      else missing.add(name)
      return { name, dtype: 'F32', shape, data: new Uint8Array(0) }
    },
    finish() {
      const complaints = [
        complaint('keysMissing', [...missing]),
        complaint('keysMisshapen', [...misshapen.values()]),
        complaint('keysUnused', [...unused]),
      ].flat()
      if (complaints.length === 0) return
      throw fault('weightsDoNotFit', { label, complaints })
    },
  }
}

/** "3 missing: a, b, c", the first ten by name; nothing for none. */
const complaint = (kind: 'keysMissing' | 'keysMisshapen' | 'keysUnused', names: string[]): Phrase[] =>
  names.length === 0 ? [] : [phrase(kind, { count: names.length, names: listNames(names) })]

/** The first ten, then an ellipsis. */
export function listNames(names: readonly string[]): string {
  return names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', …' : '')
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i])
}
