/** Spans of time to search in. Days are in the local time zone, the library stores UTC. */
import type { Query } from '../store/library.ts'

export const TIMES = ['today', 'week', 'month', 'between'] as const
export type Time = (typeof TIMES)[number]
type Window = { from: string | undefined; to: string | undefined }

const DAYS = { today: 0, week: 6, month: 29 } as const

/** Local midnight, days from today. */
function midnight(days: number, now: Date): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toISOString()
}

export function windowOf(time: Time | '', now = new Date()): Window {
  if (time === '') return { from: undefined, to: undefined }
  // Two chosen days start as the last month, so that something is found at once.
  if (time === 'between') return { from: midnight(-29, now), to: midnight(1, now) }
  return { from: midnight(-DAYS[time], now), to: undefined }
}

/** The span of a search; null where it has none. */
export function timeOf({ from, to }: Pick<Query, 'from' | 'to'>, now = new Date()): Time | null {
  if (!from && !to) return null
  const span = to ? undefined : (['today', 'week', 'month'] as const).find(time => windowOf(time, now).from === from)
  return span ?? 'between'
}

const two = (number: number) => `${number}`.padStart(2, '0')

/** The local day of a moment, in the format of a date field. */
export function dayOf(moment: string): string {
  const date = new Date(moment)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The last day before a moment. */
export const dayBefore = (moment: string): string => dayOf(new Date(new Date(moment).getTime() - 1).toISOString())

/** When a day begins, or one some days after it; undefined for an empty field. */
export function startOf(day: string, after = 0): string | undefined {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return day ? new Date(year, month - 1, date + after).toISOString() : undefined
}
