import { expect, it } from 'vitest'
import { compare, inTurns, line, median } from './paired.ts'

it('each goes first in turn, and every round has both', async () => {
  const order: string[] = []
  const [a, b] = await inTurns(3, async (which, round) => {
    order.push(`${'AB'[which]}${round}`)
    return which * 10 + round
  })
  expect(order).toEqual(['A0', 'B0', 'B1', 'A1', 'A2', 'B2'])
  expect([a, b]).toEqual([
    [0, 1, 2],
    [10, 11, 12],
  ])
})

it('a verdict needs every round, enough rounds, and more than the least', () => {
  expect(compare([1, 1, 1, 1, 1], [0.9, 0.8, 0.9, 0.7, 0.95]).verdict).toBe('B is less')
  expect(compare([1, 1, 1, 1, 1], [1.1, 1.2, 1.1, 1.3, 1.05]).verdict).toBe('A is less')
  const none = 'no difference beyond the noise'
  expect(compare([1, 1, 1, 1, 1], [0.9, 0.8, 0.9, 0.7, 1.05]).verdict).toBe(none)
  expect(compare([1, 1, 1, 1], [0.5, 0.5, 0.5, 0.5]).verdict).toBe(none)
  expect(compare([1, 1, 1, 1, 1], [1.005, 1.004, 1.006, 1.005, 1.005]).verdict).toBe(none)
})

it('rounds are compared with themselves: a machine that slows down changes nothing', () => {
  const { ratio, verdict, spread } = compare([1, 2, 4, 8, 16], [1.1, 2.2, 4.4, 8.8, 17.6])
  expect(ratio).toBeCloseTo(1.1)
  expect(verdict).toBe('A is less')
  expect(spread[0]).toBeGreaterThan(3)
})

it('medians of even and odd lists; one line with all of it', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
  expect(line('decode', compare([1, 1, 1, 1, 1], [2, 2, 2, 2, 2]))).toMatch(
    /decode .*A 1\.000 s .*B\/A 2\.000 .*A is less/,
  )
})
