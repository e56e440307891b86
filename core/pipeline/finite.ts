import { StudioError } from '../faults/studio-error.ts'

/** The arithmetic left the finite numbers: damaged weights, or fp16 beyond its range. */
export class NotFiniteError extends StudioError {
  constructor(where: string) {
    super(
      'bad-weights',
      `The model computed numbers that are not finite, first seen in ${where}.`,
      'Its weights are damaged or overflow in 16 bits: download them again, or use the fp32 files or the fp16-fix VAE.',
    )
  }
}

export function requireFinite(values: Float32Array, where: string): void {
  if (!values.every(Number.isFinite)) throw new NotFiniteError(where)
}
