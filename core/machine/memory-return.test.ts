import { expect, it } from 'vitest'
import { memoryReturned } from './memory-return.ts'

const readings = (...values: (number | null)[]) => {
  let reads = 0
  return { free: async () => values[Math.min(reads++, values.length - 1)] ?? null, count: () => reads }
}

it('waits until three quarters are back', async () => {
  const { free, count } = readings(10e9, 12e9, 15.9e9, 16e9, 20e9)
  expect(await memoryReturned({ free, before: 18e9, held: 8e9, pollMs: 1 })).toBe(true)
  expect(count()).toBe(4)
})

it('gives up after its limit', async () => {
  const { free } = readings(10e9)
  expect(await memoryReturned({ free, before: 18e9, held: 8e9, limitMs: 20, pollMs: 1 })).toBe(false)
})

it('waits for nothing where nobody tells', async () => {
  const { free, count } = readings(null)
  expect(await memoryReturned({ free, before: 18e9, held: 8e9 })).toBe(true)
  expect(count()).toBe(1)
})
