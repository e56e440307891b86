import type { FaultKey } from '../../core/faults/fault.ts'
import type { ErrorReport, Phrase } from '../../core/faults/studio-error.ts'

/** Faults whose values are a field and what is wrong with it. */
const OF_FIELDS: readonly string[] = ['fieldWrong', 'inputWrong'] satisfies FaultKey[]

interface OfField {
  /** "definition.files", or "files". */
  field: string
  issue: Phrase
}

const aboutOf = ({ key, values }: ErrorReport): OfField | null =>
  key !== undefined && OF_FIELDS.includes(key) ? (values as unknown as OfField) : null

/** Whether a problem is about this field of a set. */
export const isOf = (problem: ErrorReport | null, field: string): boolean =>
  /^(?:definition\.)?([a-z]+)/.exec((problem && aboutOf(problem)?.field) ?? '')?.[1] === field

/** The problem without the field's name, to be shown at the field. */
export const bare = (problem: ErrorReport): Phrase => aboutOf(problem)?.issue ?? problem
