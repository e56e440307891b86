/**
 * Arithmetic over latents, rounded to float32 after every operation as torch does.
 * VE ("variance exploding"): x = x0 + sigma · noise. VP ("variance preserving"): x = alpha · x0 + sigma · noise.
 */

const f = Math.fround

export type Prediction = 'epsilon' | 'v_prediction' | 'sample'

/** a · x + b · y, elementwise. */
export function combine(a: number, x: Float32Array, b: number, y: Float32Array): Float32Array {
  const out = new Float32Array(x.length)
  for (let i = 0; i < out.length; i++) out[i] = f(a * x[i]) + f(b * y[i])
  return out
}

/** x + b · y, elementwise. */
export function addScaled(x: Float32Array, b: number, y: Float32Array): Float32Array {
  const out = new Float32Array(x.length)
  for (let i = 0; i < out.length; i++) out[i] = x[i] + f(b * y[i])
  return out
}

/** Divides by sqrt(sigma² + 1), which gives the latents of a VE sampler the unit variance that the model expects. */
export function scaleToUnit(latents: Float32Array, sigma: number): Float32Array {
  const scale = f(Math.sqrt(f(f(sigma * sigma) + 1)))
  return latents.map(value => value / scale)
}

/** The clean latents of a VE sampler. */
export function originalFromSigma(
  type: Prediction,
  output: Float32Array,
  latents: Float32Array,
  sigma: number,
): Float32Array {
  if (type === 'sample') return output
  const out = new Float32Array(output.length)
  if (type === 'epsilon') {
    for (let i = 0; i < out.length; i++) out[i] = latents[i] - f(sigma * output[i])
    return out
  }
  const variance = f(f(sigma * sigma) + 1)
  const scale = f(-sigma / f(Math.sqrt(variance)))
  for (let i = 0; i < out.length; i++) out[i] = f(output[i] * scale) + f(latents[i] / variance)
  return out
}

/** The clean latents of a VP sampler. */
export function originalFromAlpha(
  type: Prediction,
  output: Float32Array,
  latents: Float32Array,
  alpha: number,
  sigma: number,
): Float32Array {
  if (type === 'sample') return output
  const out = new Float32Array(output.length)
  if (type === 'epsilon') for (let i = 0; i < out.length; i++) out[i] = f(latents[i] - f(sigma * output[i])) / alpha
  else for (let i = 0; i < out.length; i++) out[i] = f(alpha * latents[i]) - f(sigma * output[i])
  return out
}

/** The noise that the model sees in the latents of a VP sampler. */
export function epsilonFromAlpha(
  type: Prediction,
  output: Float32Array,
  latents: Float32Array,
  alpha: number,
  sigma: number,
): Float32Array {
  if (type === 'epsilon') return output
  if (type === 'v_prediction') return combine(alpha, output, sigma, latents)
  return latents.map((value, i) => f(value - f(alpha * output[i])) / sigma)
}

/** Limits every value to ±range. */
export function clamp(values: Float32Array, range: number): Float32Array {
  return values.map(value => Math.min(Math.max(value, -range), range))
}

/** Alpha and sigma of a VP sampler at a VE sigma. */
export function alphaSigma(sigma: number): { alpha: number; sigma: number } {
  const alpha = f(1 / f(Math.sqrt(f(f(sigma * sigma) + 1))))
  return { alpha, sigma: f(sigma * alpha) }
}

/** log(alpha / sigma): half the log signal-to-noise ratio, the solvers' own time. Infinite at sigma 0. */
export function lambdaOf(sigma: number): number {
  const vp = alphaSigma(sigma)
  return f(f(Math.log(vp.alpha)) - f(Math.log(vp.sigma)))
}
