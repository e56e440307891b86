/**
 * A Weights over a map of tensors: collects what does not fit and reports it all at once. Tensors that the network does
 * not need are no fault; only those of further layers are, since the network would be built too small without a word.
 */

import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { isWeightDtype } from './numbers.ts'
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
  const unread = new Map<string, string>()
  return {
    label,
    has: name => tensors.has(name),
    shapeOf: name => tensors.get(name)?.shape ?? null,
    take(name, shape) {
      const tensor = tensors.get(name)
      unused.delete(name)
      if (tensor && !isWeightDtype(tensor.dtype)) unread.set(name, `${name} (${tensor.dtype})`)
      else if (tensor && sameShape(tensor.shape, shape)) return tensor
      else if (tensor) misshapen.set(name, `${name} [${tensor.shape}] instead of [${shape}]`)
      else missing.add(name)
      return { name, dtype: 'F32', shape, data: new Uint8Array(0) }
    },
    fit: () => ({ missing: [...missing], misshapen: [...misshapen.values()], leftOver: [...unused] }),
    finish() {
      if (unread.size > 0)
        throw fault('weightsNotFloats', { file: label, count: unread.size, names: listNames([...unread.values()]) })
      const used = new Set([...tensors.keys()].filter(name => !unused.has(name)).map(anyLayer))
      const complaints = [
        complaint('keysMissing', [...missing]),
        complaint('keysMisshapen', [...misshapen.values()]),
        complaint(
          'keysBeyondConfig',
          [...unused].filter(name => used.has(anyLayer(name))),
        ),
      ].flat()
      if (complaints.length === 0) return
      throw fault('weightsDoNotFit', { label, complaints })
    },
  }
}

/** "3 missing: a, b, c", the first ten by name; nothing for none. */
const complaint = (kind: 'keysMissing' | 'keysMisshapen' | 'keysBeyondConfig', names: string[]): Phrase[] =>
  names.length === 0 ? [] : [phrase(kind, { count: names.length, names: listNames(names) })]

/** A key without the numbers of its layers. */
const anyLayer = (name: string): string => name.replace(/\d+/g, '#')

/** The first ten, then an ellipsis. */
export function listNames(names: readonly string[]): string {
  return names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', …' : '')
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i])
}
