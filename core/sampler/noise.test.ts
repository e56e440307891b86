import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createNoise } from './noise.ts'
import { inverseNormal, naturalLog } from './normal.ts'
import { philox } from './philox.ts'

const golden: { seed: number; stream: number; first: number[]; millionSha256: string }[] = JSON.parse(
  readFileSync(new URL('noise.golden.json', import.meta.url), 'utf8'),
)

describe('noise', () => {
  // Known answers of the generator's authors: Random123, tests/kat_vectors, philox4x32 10.
  it.each([
    [[0, 0, 0, 0, 0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [Array<number>(6).fill(0xffffffff), '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('philox equals its published answers', (input, answer) => {
    const out = new Uint32Array(4)
    philox(out, input[0], input[1], input[2], input[3], input[4], input[5])
    expect([...out].map(word => word.toString(16).padStart(8, '0')).join(' ')).toBe(answer)
  })

  it.each(golden)(
    'seed $seed, stream $stream: the same numbers on every machine',
    ({ seed, stream, first, millionSha256 }) => {
      const values = createNoise(seed, stream).next(1_000_000)
      expect([...values.subarray(0, 16)]).toEqual(first)
      expect(createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex')).toBe(millionSha256)
    },
  )

  it('is cut into calls without changing', () => {
    const whole = createNoise(7, 3).next(100)
    const cut = createNoise(7, 3)
    expect([...cut.next(1), ...cut.next(6), ...cut.next(0), ...cut.next(93)]).toEqual([...whole])
  })

  it('has the moments of N(0, 1)', () => {
    const values = createNoise(42, 0).next(1_000_000)
    const moment = (k: number) => values.reduce((sum, value) => sum + value ** k, 0) / values.length
    expect(moment(1)).toBeCloseTo(0, 2)
    expect(moment(2)).toBeCloseTo(1, 2)
    expect(moment(3)).toBeCloseTo(0, 1)
    expect(moment(4)).toBeCloseTo(3, 1)
    // No value remembers the one before it, and two streams of a seed know nothing of one another.
    const other = createNoise(42, 1).next(values.length)
    expect(values.reduce((sum, value, i) => sum + value * (values[i - 1] ?? 0), 0) / values.length).toBeCloseTo(0, 2)
    expect(values.reduce((sum, value, i) => sum + value * other[i], 0) / values.length).toBeCloseTo(0, 2)
  })

  it('inverse normal at published quantiles, to the tails', () => {
    expect(inverseNormal(0.25)).toBeCloseTo(-0.6744897501960817, 15)
    expect(inverseNormal(0.001)).toBeCloseTo(-3.090232306167814, 14)
    expect(inverseNormal(1e-20)).toBeCloseTo(-9.262340089798409, 13)
    expect(inverseNormal(0.5)).toBe(0)
  })

  it('own logarithm', () => {
    for (let x = 1e-10; x < 1; x *= 1.37) expect(naturalLog(x) / Math.log(x)).toBeCloseTo(1, 14)
  })

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses the seed %d', seed => {
    expect(() => createNoise(seed, 0)).toThrow(RangeError)
  })
})
