import { expect, it } from 'vitest'
import { weigh } from './text-conditioning.ts'

it('weighs each token and keeps the mean; weights of 1 are the very same numbers', () => {
  const state = Float32Array.of(1, 2, 3, 4)
  expect(weigh(state, undefined)).toBe(state)
  expect(weigh(state, [1, 1])).toBe(state)
  // (1, 2) · 2 and (3, 4): a sum of 13, which was 10.
  expect([...weigh(state, [2, 1])].map(value => +value.toFixed(5))).toEqual(
    [20 / 13, 40 / 13, 30 / 13, 40 / 13].map(value => +value.toFixed(5)),
  )
})

it('a state without a mean is weighed all the same', () => {
  expect([...weigh(Float32Array.of(0, 0, 1, -1), [1, 2])]).toEqual([0, 0, 2, -2])
})
