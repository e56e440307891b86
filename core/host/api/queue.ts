/** Jobs: what runs, what waits, what is over. */

import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { requestInputSchema } from '../../contract/request.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'
import { id } from './inputs.ts'

export interface Job {
  id: string
  kind: 'picture' | 'set'
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  title: string
  /** In steps for picture jobs, in pictures for sets; total is 0 until it is known. */
  progress: { done: number; total: number; secondsLeft: number | null }
  error: ErrorReport | null
  /** Library ids of its pictures so far. */
  pictures: string[]
  /** Ids of the styles it paints in. */
  styles: string[]
  /** How many pictures it makes; 0 of a set until that is known. */
  count: number
  /** Its newest picture; null while there is none. */
  thumbnailUrl: string | null
  /** Of a set: its folder, how many pictures are done and have failed, and whether a farm paints it. */
  set: { folder: string; done: number; failed: number; onFarm: boolean } | null
  /** ISO 8601, UTC. */
  createdAt: string
}

export const queue = {
  add: oc
    .input(z.strictObject({ request: requestInputSchema, note: z.string().max(200).optional() }))
    .output(type<{ id: string }>()),
  /** Running first, then what waits in its order, then the newest 200 that are over; the rest is history. */
  list: oc.output(type<Job[]>()),
  /** A page of what is over, the newest first; `next` of a page is `before` of the one behind it. */
  history: oc
    .input(z.strictObject({ before: z.int().min(0).optional(), limit: z.int().min(1).max(500) }))
    .output(type<{ jobs: Job[]; next: number | null }>()),
  cancel: oc.input(z.strictObject({ id })).output(type<void>()),
  /** Removes a job from the list, after cancelling it if need be; its pictures stay. */
  remove: oc.input(z.strictObject({ id })).output(type<void>()),
  /** Takes everything that is over off the list, history included; pictures stay. */
  clear: oc.output(type<{ removed: number }>()),
  retry: oc.input(z.strictObject({ id })).output(type<void>()),
  state: oc.output(type<{ paused: boolean }>()),
  pause: oc.output(type<void>()),
  resume: oc.output(type<void>()),
  /** Puts a waiting job right before another one, or at the end. */
  move: oc.input(z.strictObject({ id, before: id.nullable() })).output(type<void>()),
}
