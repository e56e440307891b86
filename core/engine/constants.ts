/**
 * Arrays whose numbers never change again: what of them is in a card's memory already need not go there at every step. With
 * SDXL at 1024² these are a hundred megabytes a step of keys and values of the text, and the control pictures' features.
 */
import type { Tensor } from './tensor.ts'

const constants = new WeakSet<Tensor['data']>()

/** Promises that nobody writes into the array from now on. @returns the array */
export function constant<Data extends Tensor['data']>(data: Data): Data {
  constants.add(data)
  return data
}

export const isConstant = (data: Tensor['data']): boolean => constants.has(data)
