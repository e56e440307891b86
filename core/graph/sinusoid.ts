/**
 * Sinusoidal embedding of numbers, as timesteps and sizes enter the networks: (n, dim).
 * Source: diffusers, models/embeddings.py (get_timestep_embedding); rounded to float32 where the reference is.
 */
export function sinusoids(
  values: readonly number[],
  dim: number,
  flipSinToCos: boolean,
  freqShift: number,
): Float32Array {
  const half = Math.floor(dim / 2)
  const out = new Float32Array(values.length * dim)
  values.forEach((value, row) => {
    for (let i = 0; i < half; i++) {
      const exponent = Math.fround(Math.fround(-Math.log(10000) * i) / (half - freqShift))
      const angle = Math.fround(Math.fround(value) * Math.fround(Math.exp(exponent)))
      const [first, second] = flipSinToCos ? [Math.cos(angle), Math.sin(angle)] : [Math.sin(angle), Math.cos(angle)]
      out[row * dim + i] = first
      out[row * dim + half + i] = second
    }
  })
  return out
}
