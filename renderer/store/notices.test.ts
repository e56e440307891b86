import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { dismiss, keepNotice, letLeave, NOTICE_MS, say, tell, useNotices } from './notices.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  dismiss()
  vi.useRealTimers()
})

const shown = () => useNotices.getState().notice?.message ?? null

it('goes by itself, and the newest has its own time', () => {
  say('one')
  vi.advanceTimersByTime(NOTICE_MS - 1)
  say('two')
  vi.advanceTimersByTime(NOTICE_MS - 1)
  expect(shown()).toBe('two')
  vi.advanceTimersByTime(1)
  expect(shown()).toBeNull()
})

it('stays while one is at it, and an error stays until it is dismissed', () => {
  say('one')
  keepNotice()
  vi.advanceTimersByTime(10 * NOTICE_MS)
  expect(shown()).toBe('one')
  letLeave()
  vi.advanceTimersByTime(NOTICE_MS)
  expect(shown()).toBeNull()
  tell(new Error('broken'))
  letLeave()
  vi.advanceTimersByTime(10 * NOTICE_MS)
  expect(shown()).toBe('broken')
})

it('says nothing of a call that was given up', () => {
  tell(new DOMException('', 'AbortError'))
  expect(shown()).toBeNull()
})
