/** The studio itself: what it is, what happens in it, how it does. */

import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import { requestInputSchema } from '../../contract/request.ts'
import type { Method } from '../../contract/vocabulary.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'
import type { Provider } from '../../graph/op-profiles.ts'
import type { KnownModel } from '../../machine/registry.ts'
import type { SetFailure } from '../../sets/state.ts'
import type { LocalApiState } from '../local-api.ts'
import type { Durations, MemorySample } from '../statistics.ts'
import type { Picture } from './library.ts'
import type { DownloadView } from './models.ts'
import type { Job } from './queue.ts'
import type { SetPicture } from './sets.ts'

export interface StudioInfo {
  version: string
  dataFolder: string
  platform: 'browser' | 'electron'
  models: KnownModel[]
  /** The ONNX Runtime provider that computes pictures; "cpu" without a GPU. */
  provider: Provider
  /** Id of the model that requests use where they name none. */
  defaultModel: string
  /** Methods of maps whose networks are not installed. */
  missingMethods: Method[]
}

export interface RecentPicture {
  id: string
  word: string | null
  style: string
  /** ISO 8601, UTC. */
  created: string
  /** 0..1, null where no word was drawn. */
  legibility: number | null
  timings: Record<string, number>
}

export interface StudioStatus {
  version: string
  /** The ONNX Runtime provider that computes pictures; "cpu" without a GPU. */
  provider: Provider
  models: { id: string; name: string; builtIn: boolean; present: boolean; inMemory: boolean; isDefault: boolean }[]
  queue: { waiting: number; running: number; paused: boolean }
  /** Since the studio was started. */
  generations: number
  failures: number
  durations: Durations[]
  /** The newest first; timings in milliseconds by stage. */
  recent: RecentPicture[]
  memory: MemorySample
  /** The last hour, the oldest first. */
  memoryCurve: MemorySample[]
  /** Of the data folder, bytes; null where the system does not tell. */
  disk: { free: number; total: number } | null
}

export type StudioEvent =
  | { kind: 'download'; download: DownloadView }
  /** Models were added or removed, or another one was chosen by itself. */
  | { kind: 'models' }
  | { kind: 'job'; job: Job }
  | { kind: 'job-removed'; id: string }
  | { kind: 'jobs-removed'; ids: readonly string[] }
  | { kind: 'paused'; paused: boolean }
  | { kind: 'set-picture'; jobId: string; picture: SetPicture }
  | { kind: 'set-failure'; jobId: string; failure: SetFailure }
  /** A preview of the picture that is being made; step counts from 1, image from 0. */
  | { kind: 'preview'; jobId: string; url: string; step: number; steps: number; image: number; images: number }
  /** New in the library, or its notes have changed. */
  | { kind: 'picture'; picture: Picture }
  | { kind: 'problem'; error: ErrorReport }

/** A quick picture of what is on the desk. */
export interface Sketch {
  url: string
  width: number
  height: number
}

export const studio = {
  info: oc.output(type<StudioInfo>()),
  /** A stream of all events from now on. */
  events: oc.output(eventIterator(type<StudioEvent>())),
  status: oc.output(type<StudioStatus>()),
  /** Paints what is on the desk in a fraction of the time, to be looked at; null: not now, or not with this model. */
  sketch: oc.input(z.strictObject({ request: requestInputSchema })).output(type<Sketch | null>()),
  /** Whether other programs are let in; settings.set has done what it says when it answers. */
  localApi: oc.output(type<LocalApiState>()),
}
