/** The one error of the studio, and what of it travels across a process. */

export const ERROR_CODES = [
  'bad-request', // a field of the request is missing, unknown or out of range
  'bad-word', // empty, too long
  'missing-glyph', // a character that no font has
  'bad-font',
  'bad-image', // a picture that cannot be read or is too large
  'bad-weights', // a weights file or model folder that is damaged or unknown
  'bad-style', // a style or template that does not hold
  'missing-model', // a file that has to be downloaded or named first
  'out-of-memory',
  'inference-crashed', // the inference process died; the next request works
  'cancelled',
  'busy', // the queue is full, or a model is being loaded: the same request works later
  'cannot-write',
  'internal', // a fault of ours
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** English words, and what another language makes its own from: a key of the catalogue with the values that it names. */
export interface Phrase {
  message: string
  /** None where the words are another program's. */
  key?: string | undefined
  /** Plain JSON; a value may be a phrase again. */
  values?: Readonly<Record<string, unknown>> | undefined
}

/** What travels across a process instead of an Error. */
export interface ErrorReport extends Phrase {
  code: ErrorCode
  /** One sentence: what happened. */
  message: string
  /** One sentence: what to do. */
  hint: string
}

/** Its cause, and for a fault of the catalogue where it stands there. */
export type FaultOptions = ErrorOptions & Pick<Phrase, 'key' | 'values'>

/** The only error that a user sees: one sentence of what happened, one of what to do. fault() makes those of the catalogue. */
export class StudioError extends Error {
  override name = 'StudioError' as const
  readonly code: ErrorCode
  readonly hint: string
  readonly key: string | undefined
  readonly values: Phrase['values']
  constructor(code: ErrorCode, message: string, hint: string, { key, values, ...options }: FaultOptions = {}) {
    super(message, options)
    this.code = code
    this.hint = hint
    this.key = key
    this.values = values
  }
  report(): ErrorReport {
    const { code, message, hint, key, values } = this
    return { code, message, hint, ...(key !== undefined && { key }), ...(values && { values }) }
  }
  static from({ code, message, hint, key, values }: ErrorReport): StudioError {
    return new StudioError(code, message, hint, { key, values })
  }
}
