import type { z } from 'zod'
import { fault } from './fault.ts'
import { phraseOfIssue } from './issue.ts'
import type { Phrase } from './studio-error.ts'

/** Parses what came from outside; the error names the first field that is invalid. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, what: string | Phrase): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw fault('fieldWrong', { what, field: issue.path.join('.'), issue: phraseOfIssue(issue) })
}
