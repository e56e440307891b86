import { describe, expect, it } from 'vitest'
import { dayBefore, dayOf, startOf, TIMES, timeOf, windowOf } from './times.ts'

const now = new Date(2026, 10, 25, 20, 30)

describe('spans of time', () => {
  it.each(TIMES)('%s is found again in the search that it makes', time => {
    const { from, to } = windowOf(time, now)
    expect(timeOf({ ...(from && { from }), ...(to && { to }) }, now)).toBe(time)
  })
  it('no span is none', () => {
    expect(timeOf({}, now)).toBeNull()
    expect(windowOf('', now)).toEqual({ from: undefined, to: undefined })
  })
  it('a week is today and six days before', () => expect(dayOf(windowOf('week', now).from!)).toBe('2026-11-19'))
  it('the last day counts in', () => {
    const to = startOf('2026-02-28', 1)!
    expect(dayOf(to)).toBe('2026-03-01')
    expect(dayBefore(to)).toBe('2026-02-28')
  })
  it('an empty field is no limit', () => expect(startOf('', 1)).toBeUndefined())
})
