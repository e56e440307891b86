import type { ErrorCode } from './studio-error.ts'

/** Two sentences: what happened, and what to do. */
export type Sentences = readonly [message: string, hint: string]

export interface Fault<V> {
  readonly code: ErrorCode
  readonly say: (values: V) => Sentences
}

/** Makes an entry of the catalogue. @param say builds the English sentences from named values */
export const says = <V = object>(code: ErrorCode, say: (values: V) => Sentences): Fault<V> => ({ code, say })
