/**
 * What a child process or a worker thread answers, by the name of the call: a request, one reply, and events between. All
 * three must survive a structured clone.
 */
import type { ErrorReport } from '../faults/studio-error.ts'

export interface CallShape {
  request: unknown
  event: unknown
  reply: unknown
}
/** An interface with a CallShape for each name. */
export type Calls<C> = { [Name in keyof C]: CallShape }

/** From the caller to the process or thread that answers. */
export type ToAnswerer =
  | { kind: 'call'; id: number; name: string; request: unknown }
  | { kind: 'cancel'; id: number }
  | { kind: 'ping' }

/** And back. */
export type FromAnswerer =
  | { kind: 'event'; id: number; event: unknown }
  | { kind: 'reply'; id: number; reply: unknown }
  | { kind: 'failed'; id: number; error: ErrorReport }
  | { kind: 'pong' }
