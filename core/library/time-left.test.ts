import { describe, expect, test } from 'vitest'
import { Throughput, TimeLeft } from './time-left.ts'

describe('Throughput', () => {
  let now = 0
  const pace = (atOnce: number) => {
    now = 0
    return new Throughput(atOnce, () => now)
  }
  const endAt = (time: number, which: Throughput, cost = 1) => {
    now = time
    return which.ended(cost)
  }

  test('one at a time: each took the time since the last', () => {
    const one = pace(1)
    expect([100, 250, 300].map(time => endAt(time, one))).toEqual([100, 150, 50])
  })

  test('two at a time: each took half the time in which the last two ended', () => {
    const two = pace(2)
    expect([100, 110, 210, 220].map(time => endAt(time, two))).toEqual([50, 55, 55, 55])
  })

  test('loading a model is no measure of the rest', () => {
    const one = pace(1)
    now = 2000
    one.begin()
    now = 2050
    one.begin()
    expect(endAt(2100, one)).toBe(100)
    one.begin()
    expect(endAt(2200, one)).toBe(100)
  })

  test('a piece that costs twice as much took twice as long', () => {
    const two = pace(2)
    endAt(90, two, 2)
    expect(endAt(90, two, 1)).toBe(30)
  })
})

describe('TimeLeft', () => {
  test('nothing is foretold before something was measured', () => {
    expect(new TimeLeft().for(5)).toBeNull()
  })

  test('by the median, so that one slow piece changes nothing', () => {
    const left = new TimeLeft()
    for (const milliseconds of [900, 100, 100, 700, 100]) left.note(1, milliseconds)
    expect(left.for(3)).toBe(300)
    expect(left.for(-1)).toBe(0)
  })

  test('what is done for nothing says nothing', () => {
    const left = new TimeLeft()
    left.note(0, 100)
    expect(left.for(1)).toBeNull()
  })
})
