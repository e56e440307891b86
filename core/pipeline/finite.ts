import { fault } from '../faults/fault.ts'

/** @throws StudioError 'numbersNotFinite': damaged weights, or fp16 beyond its range */
export function requireFinite(values: Float32Array, where: string): void {
  if (!values.every(Number.isFinite)) throw fault('numbersNotFinite', { where })
}
