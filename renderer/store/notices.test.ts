import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { dismiss, forgetFailure, keepNotice, letLeave, NOTICE_MS, notify, notifyError, useNotices } from './notices.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  dismiss()
  vi.useRealTimers()
})

const shown = () => useNotices.getState().notice?.message ?? null

it('goes by itself, and the newest has its own time', () => {
  notify('one')
  vi.advanceTimersByTime(NOTICE_MS - 1)
  notify('two')
  vi.advanceTimersByTime(NOTICE_MS - 1)
  expect(shown()).toBe('two')
  vi.advanceTimersByTime(1)
  expect(shown()).toBeNull()
})

it('stays while one is at it, and an error stays until it is dismissed', () => {
  notify('one')
  keepNotice()
  vi.advanceTimersByTime(10 * NOTICE_MS)
  expect(shown()).toBe('one')
  letLeave()
  vi.advanceTimersByTime(NOTICE_MS)
  expect(shown()).toBeNull()
  notifyError(new Error('broken'))
  letLeave()
  vi.advanceTimersByTime(10 * NOTICE_MS)
  expect(shown()).toBe('broken')
})

it('a failure goes once the same has worked; another notice stays', () => {
  notifyError(new Error('broken'))
  forgetFailure()
  expect(shown()).toBeNull()
  notify('one')
  forgetFailure()
  expect(shown()).toBe('one')
})

it('says nothing of a call that was given up', () => {
  notifyError(new DOMException('', 'AbortError'))
  expect(shown()).toBeNull()
})
