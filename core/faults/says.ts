import type { ErrorCode } from './studio-error.ts'

/** What happened, and what to do: two sentences. */
export type Sentences = readonly [message: string, hint: string]

export interface Fault<V> {
  readonly code: ErrorCode
  readonly say: (values: V) => Sentences
}

/** An entry of the catalogue: its code, and its English from named values. */
export const says = <V = object>(code: ErrorCode, say: (values: V) => Sentences): Fault<V> => ({ code, say })
