import type { ErrorReport } from '../../core/contract.ts'

/** The host names the field that does not hold: "definition.files", or "files". */
const FIELD = /^(?:[^"]{1,40}: )?"(?:definition\.)?([a-z]+)[^"]*": /

export const isOf = (problem: ErrorReport | null, field: string): boolean =>
  FIELD.exec(problem?.message ?? '')?.[1] === field

/** For a place that says by itself which field is meant. */
export const bare = ({ message }: ErrorReport): string => message.replace(FIELD, '')
