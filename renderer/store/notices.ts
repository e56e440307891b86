/** One line at the foot of the window for what can't be seen elsewhere: a failure, or an act that can be undone. */
import { create } from 'zustand'
import type { ErrorReport, Phrase } from '../../core/faults/studio-error.ts'
import { reportOf } from '../api.ts'

export interface Notice extends Phrase {
  id: number
  hint: string
  failed: boolean
  undo: (() => void) | null
}

interface NoticesState {
  notice: Notice | null
}

export const useNotices = create<NoticesState>()(() => ({ notice: null }))

let count = 0

const show = (notice: Omit<Notice, 'id'>) => useNotices.setState({ notice: { ...notice, id: ++count } })

/** Kept as it came: the screen says it in the language that it has by then. */
export const tellReport = ({ code: _, ...report }: ErrorReport): void => show({ ...report, failed: true, undo: null })

/** Whatever was thrown; nothing where it was a call given up on purpose. */
export function tell(error: unknown): void {
  const report = reportOf(error)
  if (report) tellReport(report)
}

export const say = (message: string, undo: (() => void) | null = null): void =>
  show({ message, hint: '', failed: false, undo })

export const dismiss = (): void => useNotices.setState({ notice: null })
