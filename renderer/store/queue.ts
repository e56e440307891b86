/** Jobs as the host tells of them. */
import { create } from 'zustand'
import type { Job } from '../../core/host/api.ts'
import { api } from '../api.ts'
import { requestOf, useCompose } from './compose.ts'
import { tell } from './notices.ts'
import { useStage } from './stage.ts'

interface QueueState {
  jobs: Job[]
  paused: boolean
}

export const useQueue = create<QueueState>()(() => ({ jobs: [], paused: false }))

export const isOpen = ({ state }: Job): boolean => state === 'waiting' || state === 'running'

export const running = ({ jobs }: QueueState): Job | null => jobs.find(({ state }) => state === 'running') ?? null

/** Running first, then waiting in its order, then what is over, newest first: as the host lists them. */
function place(jobs: Job[], job: Job): Job[] {
  const at = jobs.findIndex(({ id }) => id === job.id)
  if (at < 0) return sorted([...jobs, job])
  const next = jobs.with(at, job)
  return jobs[at]?.state === job.state ? next : sorted(next)
}

const ORDER: Record<Job['state'], number> = { running: 0, waiting: 1, done: 2, failed: 2, cancelled: 2 }

function sorted(jobs: Job[]): Job[] {
  return jobs.toSorted((a, b) => {
    if (ORDER[a.state] !== ORDER[b.state]) return ORDER[a.state] - ORDER[b.state]
    return ORDER[a.state] === 2 ? b.createdAt.localeCompare(a.createdAt) : 0
  })
}

export const jobChanged = (job: Job): void => {
  useQueue.setState(({ jobs }) => ({ jobs: place(jobs, job) }))
  if (!isOpen(job)) useStage.setState(({ preview }) => (preview?.jobId === job.id ? { preview: null } : {}))
}

export const jobRemoved = (gone: string): void =>
  useQueue.setState(({ jobs }) => ({ jobs: jobs.filter(({ id }) => id !== gone) }))

export async function startQueue(): Promise<void> {
  const [jobs, { paused }] = await Promise.all([api.queue.list(), api.queue.state()])
  useQueue.setState({ jobs, paused })
}

export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 1

/** Puts what is composed into the queue; an unlocked seed is rolled first. */
export async function generate(model: { model: string; controlnet: string | null }): Promise<void> {
  const compose = useCompose.getState()
  const { present } = compose
  const seed = present.seedLocked ? (present.request.seed ?? 1) : randomSeed()
  useStage.setState({ follows: true })
  try {
    await api.queue.add({ request: { ...model, ...requestOf(present), seed } })
    if (!present.seedLocked) useCompose.setState({ present: { ...present, request: { ...present.request, seed } } })
  } catch (error) {
    tell(error)
  }
}

/** Cancels what runs, or else what waits longest. */
export function cancelCurrent(): void {
  const job = useQueue.getState().jobs.find(isOpen)
  if (job) api.queue.cancel({ id: job.id }).catch(tell)
}

export function setPaused(paused: boolean): void {
  useQueue.setState({ paused })
  ;(paused ? api.queue.pause() : api.queue.resume()).catch(tell)
}

/** Moves a waiting job by one place. */
export function moveJob(id: string, by: -1 | 1): void {
  const waiting = useQueue.getState().jobs.filter(({ state }) => state === 'waiting')
  const at = waiting.findIndex(job => job.id === id)
  const target = at + by
  if (at < 0 || target < 0 || target >= waiting.length) return
  const before = by < 0 ? (waiting[target]?.id ?? null) : (waiting[target + 1]?.id ?? null)
  api.queue
    .move({ id, before })
    .then(() => startQueue())
    .catch(tell)
}
