/** Errors of our own routes: problem details as RFC 9457 has them, with the contract's code and what to do. */
import { ORPCError, ValidationError } from '@orpc/server'
import { z } from 'zod'
import { fault, reportOf } from '../../faults/fault.ts'
import { phraseOfIssue } from '../../faults/issue.ts'
import { ERROR_CODES, type ErrorReport } from '../../faults/studio-error.ts'
import { hintFor } from './hints.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export const problemSchema = z.object({
  type: z.literal('about:blank'),
  /** The status in words. */
  title: z.string(),
  status: z.int().min(400).max(599),
  /** What happened. */
  detail: z.string(),
  /** What to do. */
  hint: z.string(),
  code: z.enum(ERROR_CODES),
  /** Which sentence of the catalogue it is, for other languages. */
  key: z.string().optional(),
  /** The field of the request that is wrong. */
  field: z.string().optional(),
})
export type Problem = z.infer<typeof problemSchema>

/** Seconds after which a client that was refused for now may come again. */
const RETRY_AFTER = 10

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

const BY_KEY: Readonly<Record<string, number>> = {
  noSuchJob: 404,
  noSuchPicture: 404,
  noSuchSet: 404,
  nothingThere: 404,
  methodNotAllowed: 405,
  noSuchSetFile: 404,
  setWithoutZip: 404,
  jobNotDone: 409,
  jobIsSet: 409,
  jobWasCancelled: 409,
  jobHasFailed: 409,
  setNotDone: 409,
  queueFull: 429,
  bodyTooLarge: 413,
  notJson: 415,
  bodyCompressed: 415,
  notLetIn: 401,
  tokenNeeded: 401,
  otherHost: 403,
  otherSite: 403,
  modelGone: 503,
  modelNotThere: 503,
}

/** The HTTP status that says what kind of error it is. */
export function statusOf({ code, key }: Pick<ErrorReport, 'code' | 'key'>): number {
  const known = key === undefined ? undefined : BY_KEY[key]
  if (known !== undefined) return known
  if (code === 'internal') return 500
  if (code === 'cancelled') return 409
  return ['busy', 'out-of-memory', 'inference-crashed', 'cannot-write'].includes(code) ? 503 : 400
}

export function problemOf(report: ErrorReport, status = statusOf(report)): Problem {
  const { code, message, key, values } = report
  const field = values?.['field'] ?? values?.['side']
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail: message,
    hint: hintFor(report),
    code,
    ...(key !== undefined && { key }),
    ...(typeof field === 'string' && field !== '' && { field }),
  }
}

/** Headers that go with a status. */
export function headersOf(status: number): Record<string, string> {
  if (status === 429 || status === 503) return { 'retry-after': String(RETRY_AFTER) }
  return status === 401 ? { 'www-authenticate': 'Bearer' } : {}
}

/** What a procedure has thrown, or a schema that refused its input, told by the first field. */
export function refusalOf(error: unknown): ORPCError<string, ErrorReport> {
  const data = reportOfCall(error)
  return new ORPCError(data.code, { status: statusOf(data), message: data.message, data, cause: error })
}

function reportOfCall(error: unknown): ErrorReport {
  const { cause } = error as { cause?: unknown }
  if (!(error instanceof ORPCError && cause instanceof ValidationError)) return reportOf(error)
  const [issue = { message: 'the input is invalid' }] = cause.issues
  // What we answered is wrong, not what was asked.
  if (error.status >= 500) return fault('unexpected', { reason: issue.message }).report()
  if ((issue.path ?? []).length === 0 && 'expected' in issue && issue.expected === 'object')
    return fault('bodyNoObject').report()
  const field = issue.path?.map(part => (typeof part === 'object' ? part.key : part)).join('.')
  return fault('inputWrong', { field: field ?? '', issue: phraseOfIssue(issue) }).report()
}

/** Outside of the procedures: a refusal of theirs passes, what failed before them did not parse. */
export function refusalOfInput(error: unknown): ORPCError<string, ErrorReport> {
  if (error instanceof ORPCError && (error.data !== undefined || error.cause instanceof ValidationError))
    return error.data === undefined ? refusalOf(error) : error
  return refusalOf(fault('bodyUnreadable', {}, { cause: error }))
}
