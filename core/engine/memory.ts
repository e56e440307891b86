/** How much memory there is, and what follows from it for a model: whether its weights fit, and what one run may take. */
import { totalmem } from 'node:os'
import type { Model } from '../weights/types.ts'
import type { LoadOptions } from './network.ts'

export interface MachineMemory {
  /** Of this machine, or of the container that we run in, bytes. */
  total: number
  /** Not in use now, bytes. */
  free: number
}

/** The part of all memory that loaded weights may take. */
const WEIGHTS_SHARE = 0.6
/** The part of all memory that one run may take beside the weights. */
const WORKING_SHARE = 0.3
/** The part of the free memory that weights may take: the rest is for the picture, and for other programs. */
const FREE_SHARE = 0.75

/**
 * What the machine has, or less where ZIHUA_MEMORY says so ("12GB", powers of 1000): for tests, and for machines that
 * are shared with others.
 */
export function machineMemory(): MachineMemory {
  const told = /^(\d+(?:\.\d+)?) ?GB$/i.exec(process.env['ZIHUA_MEMORY'] ?? '')
  const most = told ? Number(told[1]) * 1e9 : Number.POSITIVE_INFINITY
  // constrainedMemory() is 0 where no container sets a limit, and beyond all memory where its limit is none.
  const container = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return { total: Math.min(totalmem(), container, most), free: Math.min(process.availableMemory(), most) }
}

/** Memory that loaded weights may take between pictures, bytes. */
export const weightsBudget = ({ total }: MachineMemory): number => total * WEIGHTS_SHARE

/** Memory that all weights of a model take as 32-bit numbers, bytes. */
export function unfoldedBytes({ textEncoder, textEncoder2, unet, vae, controlnet }: Model): number {
  let numbers = 0
  for (const component of [textEncoder, textEncoder2, unet, vae, controlnet]) {
    for (const { shape } of component?.tensors() ?? []) numbers += shape.reduce((a, b) => a * b, 1)
  }
  return 4 * numbers
}

/**
 * The given options, completed for a model on this machine. On the CPU, a model whose weights do not fit as 32-bit numbers
 * stays mapped from its 16-bit files: slower, but it runs.
 * @param budget bytes that weights may take
 */
export function fitToMemory(model: Model, options: LoadOptions, budget: number, memory = machineMemory()): LoadOptions {
  const share = memory.total * WORKING_SHARE
  const told = options.workingBytes ?? share
  const fitted: LoadOptions = { ...options, workingBytes: options.provider === 'cpu' ? Math.min(told, share) : told }
  const fits = unfoldedBytes(model) <= Math.min(budget, memory.free * FREE_SHARE)
  if (options.provider !== 'cpu' || fits || options.ops?.weights) return fitted
  return { ...fitted, ops: { ...options.ops, weights: 'mapped' } }
}
