/** The studio's error class, and the report that crosses processes in its place. */

export const ERROR_CODES = [
  'bad-request', // a field of the request is missing, unknown or out of range
  'bad-word', // empty, too long
  'missing-glyph', // a character that no font has
  'bad-font',
  'bad-image', // a picture that cannot be read or is too large
  'bad-weights', // a weights file or model folder that is damaged or unknown
  'bad-style', // a style or template that is invalid
  'missing-model', // a file that has to be downloaded or named first
  'out-of-memory',
  'inference-crashed', // the inference process died; the next request works
  'cancelled',
  'busy', // the queue is full, or a model is being loaded: the same request works later
  'cannot-write',
  'internal', // a defect of the studio itself
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** English text, with the key and values from which other languages build their own. */
export interface Phrase {
  message: string
  /** A key of the catalogue; none where the text is another program's. */
  key?: string | undefined
  /** Plain JSON; a value may itself be a phrase. */
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

/** The cause, and for an error of the catalogue its key and values. */
export type FaultOptions = ErrorOptions & Pick<Phrase, 'key' | 'values'>

/** The only error that a user sees: one sentence of what happened, one of what to do. Made by fault(). */
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
