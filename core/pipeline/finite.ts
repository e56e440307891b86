import { fault } from '../faults/fault.ts'

/** @throws StudioError 'numbersNotFinite': damaged weights, or fp16 beyond its range */
export function requireFinite(values: Float32Array, where: string): void {
  // A loop: as a callback it takes 25 ms of a picture of 512², and the event loop waits.
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw fault('numbersNotFinite', { where })
  }
}
