/** One line in the bar at the top for what cannot be seen elsewhere: a failure, or an act that can be taken back. */
import { create } from 'zustand'
import type { ErrorReport, Phrase } from '../../core/faults/studio-error.ts'
import { reportOf } from '../api.ts'

export interface Notice extends Phrase {
  id: number
  hint: string
  failed: boolean
  /** What can still be done about it: take it back, go on. */
  action: Action | null
}

export interface Action {
  label: string
  run(): void
}

interface NoticesState {
  notice: Notice | null
}

export const useNotices = create<NoticesState>()(() => ({ notice: null }))

/** How long a notice stays, milliseconds: long enough to read it and to decide. An error stays until it is dismissed. */
export const NOTICE_MS = 10_000

let count = 0
let leaving: ReturnType<typeof setTimeout> | undefined

function show(notice: Omit<Notice, 'id'>): void {
  useNotices.setState({ notice: { ...notice, id: ++count } })
  letLeave()
}

/** Lets the notice go after its time. */
export function letLeave(): void {
  clearTimeout(leaving)
  if (useNotices.getState().notice?.failed === false) leaving = setTimeout(dismiss, NOTICE_MS)
}

/** Keeps the notice while one points at it or has the focus in it. */
export const keepNotice = (): void => clearTimeout(leaving)

export function dismiss(): void {
  clearTimeout(leaving)
  useNotices.setState({ notice: null })
}

/** What did not work before works now. */
export const forgetFailure = (): void => void (useNotices.getState().notice?.failed && dismiss())

/** Kept as it came, so that the screen says it in the language that it has by then. */
export const notifyReport = ({ code: _, ...report }: ErrorReport): void =>
  show({ ...report, failed: true, action: null })

/** Whatever was thrown; nothing where it was a call given up on purpose. */
export function notifyError(error: unknown): void {
  const report = reportOf(error)
  if (report) notifyReport(report)
}

/** A failure that the page itself met: no report of the host tells it. */
export const notifyFailure = (message: string): void => show({ message, hint: '', failed: true, action: null })

export const notify = (message: string, action: Action | null = null): void =>
  show({ message, hint: '', failed: false, action })
