import { expect, it } from 'vitest'
import { minutesOff, Rate, type WorkerState } from './machines.ts'

it('a clock is off by whole minutes; a few seconds of travel are none', () => {
  const worker = (time: number) => ({ time }) as WorkerState
  expect(minutesOff(worker(1_000_000), 1_005_000)).toBe(0)
  expect(minutesOff(worker(1_000_000 + 600_000), 1_005_000)).toBe(10)
  expect(minutesOff(worker(1_000_000 - 600_000), 1_005_000)).toBe(-10)
})

it('pictures an hour count the last ten minutes', () => {
  let now = 0
  const rate = new Rate(() => now)
  expect(rate.value).toBeNull()
  for (let i = 0; i < 6; i++) {
    now += 10_000
    rate.note()
  }
  expect(rate.value).toBeCloseTo(360)
  now += 540_000
  expect(rate.value).toBeCloseTo(36)
  now += 60_001
  expect(rate.value).toBeNull()
})
