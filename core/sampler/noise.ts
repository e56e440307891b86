/**
 * Seeded Gaussian noise, the same on every machine.
 *
 * Bits: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), counter-based, so any part
 * of a stream is reached without drawing what lies before it.
 * Shape: the inverse normal distribution, algorithm AS 241 PPND16 (Wichura 1988, Applied Statistics 37), one 32-bit
 * word a value. Only + - * / and sqrt, which IEEE 754 rounds exactly, and a logarithm of our own: Math.log, sin and cos
 * may differ in the last bit from engine to engine, and a picture would with them.
 *
 *     counter [block, block / 2³², stream, 0], key [seed, seed / 2³²] → 4 words → (word + ½) / 2³² → AS 241 → float32
 */
import { inverseNormal } from './normal.ts'
import { philox } from './philox.ts'

/** Noise that goes on where the last call ended; how it is cut into calls does not change it. */
export interface Noise {
  /** The next values, N(0, 1), at most ±6.34. */
  next(length: number): Float32Array
}

/**
 * @param seed 0 … 2⁵³ - 1
 * @param stream 0 … 2³² - 1: independent noise of the same seed, such as the pictures of a batch
 */
export function createNoise(seed: number, stream: number): Noise {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed ${seed}`)
  if (stream >>> 0 !== stream) throw new RangeError(`stream ${stream}`)
  const words = new Uint32Array(4)
  const [keyLow, keyHigh] = [seed >>> 0, Math.floor(seed / 2 ** 32)]
  let position = 0
  return {
    next(length) {
      const out = new Float32Array(length)
      for (let i = 0; i < length; i++, position++) {
        const lane = position % 4
        if (lane === 0 || i === 0) {
          const block = Math.floor(position / 4)
          philox(words, block >>> 0, Math.floor(block / 2 ** 32), stream, 0, keyLow, keyHigh)
        }
        out[i] = inverseNormal((words[lane] + 0.5) / 2 ** 32)
      }
      return out
    },
  }
}
