/** The host's queue as its events describe it. */
import { create } from 'zustand'
import type { Job } from '../../core/host/api/queue.ts'
import { api } from '../api.ts'
import { messages } from '../i18n/index.ts'
import { requestOf, useCompose } from './compose.ts'
import { notify, notifyError } from './notices.ts'
import { inOrder, Optimistic } from './optimistic.ts'
import { snapshots } from './snapshot.ts'
import { endSketch, showsSketch, useStage } from './stage.ts'

interface QueueState {
  /** What is open, and what is over as far as it was asked for. */
  jobs: Job[]
  paused: boolean
  /** Where the next page of what is over begins; null: all is here; undefined: only the host's list is here, which may be all. */
  older: number | null | undefined
}

export const useQueue = create<QueueState>()(() => ({ jobs: [], paused: false, older: undefined }))

/** Jobs of one page of history: as many of what is over as the host's list has. */
const PAGE = 200

/** There may be jobs that are over and not here yet. */
export const hasOlder = ({ jobs, older }: QueueState): boolean =>
  older === undefined ? jobs.filter(job => !isOpen(job)).length >= PAGE : older !== null

export const isOpen = ({ state }: Job): boolean => state === 'waiting' || state === 'running'

export const running = ({ jobs }: Pick<QueueState, 'jobs'>): Job | null =>
  jobs.find(({ state }) => state === 'running') ?? null

/** Puts a job in its place: running first, then waiting in their order, then ended ones, newest first, as the host lists them. */
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

const snapshot = snapshots<QueueState>()
const optimistic = new Optimistic<Pick<QueueState, 'paused'>>()
/** The key of the queue's one value in `optimistic`. */
const QUEUE = 'queue'

/** Applies a change from an event, also to an older list that is on its way. */
function hear(change: (state: QueueState) => QueueState): void {
  snapshot.heard(change)
  useQueue.setState(change)
}

export const jobChanged = (job: Job): void => {
  hear(state => ({ ...state, jobs: place(state.jobs, job) }))
  if (isOpen(job)) return
  useStage.setState(({ preview }) => (preview?.jobId === job.id ? { preview: null } : {}))
  // Its picture is there.
  if (job.state === 'done') endSketch()
}

export function jobsRemoved(ids: readonly string[]): void {
  const gone = new Set(ids)
  hear(state => ({ ...state, jobs: state.jobs.filter(({ id }) => !gone.has(id)) }))
}

/** Asks for the next page of what is over. */
export async function showOlder(): Promise<void> {
  try {
    // The host's list has the first page without its end.
    const first = useQueue.getState().older ?? (await api.queue.history({ limit: PAGE })).next
    const { jobs, next } =
      first === null ? { jobs: [], next: null } : await api.queue.history({ before: first, limit: PAGE })
    hear(state => {
      const known = new Set(state.jobs.map(({ id }) => id))
      return { ...state, older: next, jobs: [...state.jobs, ...jobs.filter(({ id }) => !known.has(id))] }
    })
  } catch (error) {
    notifyError(error)
  }
}

/** Takes everything that is over off the list; its pictures stay. */
export async function clearFinished(): Promise<void> {
  try {
    const { removed } = await api.queue.clear()
    notify(messages().output.cleared(removed))
  } catch (error) {
    notifyError(error)
  }
}

export const pauseChanged = (paused: boolean): void => {
  snapshot.heard(state => ({ ...state, paused }))
  useQueue.setState(optimistic.received(QUEUE, { paused }))
}

/** Asks for the whole queue. */
export async function startQueue(): Promise<void> {
  const { jobs, paused } = await snapshot.ask(async () => {
    const [jobs, { paused }] = await Promise.all([api.queue.list(), api.queue.state()])
    return { jobs, paused, older: undefined }
  })
  useQueue.setState({ jobs, older: undefined, ...optimistic.received(QUEUE, { paused }) })
}

export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 1

/** Queues the draft; a seed that is not locked is rolled first, unless a sketch of it is looked at. What is edited meanwhile stays. */
export async function generate(
  model: { model: string; controlnet: string | null },
  wishes: { force?: boolean } = {},
): Promise<void> {
  const { present, noteSeed } = useCompose.getState()
  const seed = present.seedLocked || showsSketch(useStage.getState()) ? (present.request.seed ?? 1) : randomSeed()
  useStage.setState({ follows: true })
  try {
    await api.queue.add({ request: { ...model, ...requestOf(present), seed, ...wishes } })
    noteSeed(present, seed)
  } catch (error) {
    notifyError(error)
  }
}

/** Cancels a job; its notice offers to go on. */
export async function cancelJob({ id, title, set }: Job): Promise<void> {
  const goOn = () => (set ? api.sets.resume({ id, only: 'all' }) : api.queue.retry({ id }))
  try {
    await api.queue.cancel({ id })
    const t = messages()
    notify(t.cancelled(title), { label: t.resume, run: () => void goOn().catch(notifyError) })
  } catch (error) {
    notifyError(error)
  }
}

/** Cancels the running job, or else the first waiting one. */
export function cancelCurrent(): void {
  const job = useQueue.getState().jobs.find(isOpen)
  if (job) void cancelJob(job)
}

const sendPause = inOrder()

export function setPaused(paused: boolean): void {
  const part = { paused }
  useQueue.setState(optimistic.begin(QUEUE, { paused: useQueue.getState().paused }, part))
  const end = (accepted: boolean) => useQueue.setState(optimistic.end(QUEUE, part, accepted) ?? {})
  sendPause(() => (paused ? api.queue.pause() : api.queue.resume())).then(
    () => end(true),
    error => {
      end(false)
      notifyError(error)
    },
  )
}

/** Moves a waiting job by one place. The host's order is shown afterwards, whether or not it has moved the job. */
export function moveJob(id: string, by: -1 | 1): void {
  const waiting = useQueue.getState().jobs.filter(({ state }) => state === 'waiting')
  const at = waiting.findIndex(job => job.id === id)
  const target = at + by
  if (at < 0 || target < 0 || target >= waiting.length) return
  const before = by < 0 ? (waiting[target]?.id ?? null) : (waiting[target + 1]?.id ?? null)
  api.queue.move({ id, before }).catch(notifyError).then(startQueue).catch(notifyError)
}
