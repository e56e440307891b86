/** A seeded stream of numbers in 0..1: the same on every machine. */
export type Random = () => number

/** A generator of 32 bits of state, enough for hand-drawn lines. Source: mulberry32, T. Ettinger, public domain. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Smooth noise along a line: random values in -1..1 at whole numbers, eased between them. */
export function noiseAlong(random: Random, length: number): (t: number) => number {
  const values = Float64Array.from({ length: Math.ceil(length) + 2 }, () => 2 * random() - 1)
  return t => {
    const i = Math.min(Math.max(Math.floor(t), 0), values.length - 2)
    const f = Math.min(Math.max(t - i, 0), 1)
    const eased = f * f * (3 - 2 * f)
    return values[i] * (1 - eased) + values[i + 1] * eased
  }
}
