import type { FaultKey } from '../../core/faults/fault.ts'
import type { ErrorReport, Phrase } from '../../core/faults/studio-error.ts'

/** Those that name a field and what is wrong with it. */
const OF_FIELDS: readonly string[] = ['fieldWrong', 'inputWrong'] satisfies FaultKey[]

interface OfField {
  /** "definition.files", or "files". */
  field: string
  issue: Phrase
}

const aboutOf = ({ key, values }: ErrorReport): OfField | null =>
  key !== undefined && OF_FIELDS.includes(key) ? (values as unknown as OfField) : null

/** Whether the host means this field of a set. */
export const isOf = (problem: ErrorReport | null, field: string): boolean =>
  /^(?:definition\.)?([a-z]+)/.exec((problem && aboutOf(problem)?.field) ?? '')?.[1] === field

/** For a place that says by itself which field is meant. */
export const bare = (problem: ErrorReport): Phrase => aboutOf(problem)?.issue ?? problem
