/** Types of a queue's jobs. A kind of job has its own payload, progress and result. */
import type { ErrorReport, StudioError } from '../faults/studio-error.ts'

export interface JobShape {
  /** The handler's input. */
  payload: unknown
  progress: unknown
  result: unknown
}
/** An interface with a JobShape for each kind. */
export type JobKinds<Kinds> = { [Kind in keyof Kinds]: JobShape }
type KindOf<Kinds> = keyof Kinds & string

export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof JOB_STATES)[number]

interface AnyJob {
  id: string
  title: string
  state: JobState
  /** Higher first. */
  priority: number
  /** Megapixel steps, or any measure in proportion to the job's time. */
  cost: number
  created: string
  /** How often it was started. */
  tries: number
  error: ErrorReport | null
}

export type JobOf<Kinds extends JobKinds<Kinds>, Kind extends KindOf<Kinds>> = AnyJob & {
  /** Which handler runs it. */
  kind: Kind
  payload: Kinds[Kind]['payload']
  /** What the handler reported last; survives a restart, without a preview's pixels. */
  progress: Kinds[Kind]['progress'] | null
  result: Kinds[Kind]['result'] | null
}
export type Job<Kinds extends JobKinds<Kinds>> = { [Kind in KindOf<Kinds>]: JobOf<Kinds, Kind> }[KindOf<Kinds>]

export type NewJob<Kinds extends JobKinds<Kinds>> = {
  [Kind in KindOf<Kinds>]: {
    kind: Kind
    payload: Kinds[Kind]['payload']
    title: string
    priority?: number
    cost?: number
  }
}[KindOf<Kinds>]

export interface JobContext<Kinds extends JobKinds<Kinds>, Kind extends KindOf<Kinds>> {
  job: JobOf<Kinds, Kind>
  signal: AbortSignal
  /** @param share 0..1 of the whole: counts for the time left */
  onProgress: (progress: Kinds[Kind]['progress'], share?: number) => void
}

/** Runs the jobs of each kind. A job may be run again after a crash, so a handler must not repeat what is done. */
export type JobHandlers<Kinds extends JobKinds<Kinds>> = {
  [Kind in KindOf<Kinds>]: (context: JobContext<Kinds, Kind>) => Promise<Kinds[Kind]['result']>
}

export type QueueEvent<Kinds extends JobKinds<Kinds>> =
  | { kind: 'changed'; job: Job<Kinds> }
  | { [Kind in KindOf<Kinds>]: ProgressEvent<Kinds, Kind> }[KindOf<Kinds>]
  | { kind: 'removed'; ids: readonly string[] }
  | { kind: 'paused'; paused: boolean }
  /** Nothing can be written, or something was damaged; null: that is over. */
  | { kind: 'trouble'; error: StudioError | null }

interface ProgressEvent<Kinds extends JobKinds<Kinds>, Kind extends KindOf<Kinds>> {
  kind: 'progress'
  of: Kind
  job: JobOf<Kinds, Kind>
  progress: Kinds[Kind]['progress']
}
