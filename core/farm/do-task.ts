/** One task on a worker, from the queue's message to the acknowledgement. */
import type { ObjectStore } from '@nats-io/obj'
import { z } from 'zod'
import type { Progress } from '../contract/progress.ts'
import { fault, reportOf } from '../faults/fault.ts'
import type { ErrorCode, ErrorReport } from '../faults/studio-error.ts'
import { parsed } from '../files/parsed.ts'
import type { AssetsHere } from './assets-here.ts'
import { isGone } from './connection.ts'
import { ACK_WAIT_MS, doneSubject, keys, LARGEST_TASK, MOST_ATTEMPTS } from './names.ts'
import { liveInfo, putObject } from './objects.ts'
import { foreignPaths, type Painter } from './painter.ts'
import { type Maker, packFailure, packPicture } from './result.ts'
import type { FarmStore, TaskMessage } from './store.ts'
import { type Task, taskSchema } from './task.ts'

/** A picture's own fault: any worker would say the same. */
const OF_THE_PICTURE: readonly ErrorCode[] = [
  'bad-request',
  'bad-word',
  'missing-glyph',
  'bad-font',
  'bad-image',
  'bad-style',
]

const attemptsSchema = z.array(z.object({ worker: z.string(), report: z.custom<ErrorReport>() }))
type Attempts = z.infer<typeof attemptsSchema>

export interface TaskParts {
  store: FarmStore
  painter: Painter
  assets: AssetsHere
  maker: Maker
  /** The task goes back to the queue when it aborts. */
  signal: AbortSignal
  ackWaitMs?: number | undefined
  onProgress: (task: Task, progress: Progress) => void
  /** A sentence for the log and for those who look. */
  onProblem: (problem: ErrorReport) => void
}

/** painted: the picture is stored. there: it was already. failed: so is its reason. back: another worker may try. */
export type TaskEnd = 'painted' | 'there' | 'failed' | 'back' | 'foreign' | 'over'

/** Never throws: whatever happens to a task, the worker goes on. */
export async function doTask(message: TaskMessage, parts: TaskParts): Promise<TaskEnd> {
  const working = setInterval(() => tell(() => message.working()), (parts.ackWaitMs ?? ACK_WAIT_MS) / 4)
  try {
    return await attempt(message, parts)
  } catch (error) {
    // The server is gone for good, or the worker ends: whoever is left takes the task when its time is up.
    tell(() => message.nak())
    if (!parts.signal.aborted) parts.onProblem(reportOf(error))
    return 'back'
  } finally {
    clearInterval(working)
  }
}

async function attempt(message: TaskMessage, parts: TaskParts): Promise<TaskEnd> {
  const { store, maker, signal, onProblem } = parts
  const task = readTask(message)
  if ('reason' in task) {
    onProblem(fault('farmNotOurs', { reason: task.reason }).report())
    tell(() => message.term('not a task'))
    return 'foreign'
  }
  const pictures = await store.pictures(task.set)
  if (!pictures) {
    tell(() => message.term('the set is over'))
    return 'over'
  }
  if (await store.persist(() => liveInfo(pictures, task.id))) return acknowledge(message, 'there')
  const key = keys.attempts(task.set, task.id)
  const before = (await store.read(key, attemptsSchema)) ?? []
  if (before.length >= MOST_ATTEMPTS) return setAside(before, { message, task, pictures, parts })
  const mine = { worker: maker.worker, report: fault('farmWorkerEnded', { worker: maker.worker }).report() }
  await store.write(key, [...before, mine])
  try {
    const places = await parts.assets.of(task, pictures, store)
    const picture = await parts.painter.paint(task, {
      ...{ assets: places, signal },
      onProgress: progress => {
        tell(() => message.working())
        parts.onProgress(task, progress)
      },
    })
    await putResult(
      await packPicture(task.id, { ...maker, made: picture.made ?? maker.made }, picture),
      task,
      pictures,
      store,
    )
    return acknowledge(message, 'painted')
  } catch (error) {
    const report = reportOf(error, 'unexpectedInPicture')
    if (signal.aborted || report.code === 'busy' || report.code === 'cancelled') {
      await store.write(key, before).catch(() => {})
      tell(() => message.nak(signal.aborted ? 0 : 2000))
      if (!signal.aborted) onProblem(report)
      return 'back'
    }
    if (OF_THE_PICTURE.includes(report.code)) {
      await putResult(packFailure(task.id, maker, report), task, pictures, store)
      return acknowledge(message, 'failed')
    }
    const all = [...before, { ...mine, report }]
    await store.write(key, all)
    onProblem(report)
    if (all.length >= MOST_ATTEMPTS) return setAside(all, { message, task, pictures, parts })
    tell(() => message.nak(1000))
    return 'back'
  }
}

interface AtHand {
  message: TaskMessage
  task: Task
  pictures: ObjectStore
  parts: TaskParts
}

async function setAside(attempts: Attempts, { message, task, pictures, parts }: AtHand): Promise<TaskEnd> {
  const { report } = attempts.at(-1)!
  const failure = fault('farmSetAside', { times: attempts.length, reason: report })
  await putResult(packFailure(task.id, parts.maker, failure.report()), task, pictures, parts.store)
  return acknowledge(message, 'failed')
}

/** Whoever was given the same task may have been faster: one result is enough. */
async function putResult(bytes: Uint8Array, { id, set }: Task, pictures: ObjectStore, store: FarmStore): Promise<void> {
  try {
    await store.persist(async () => {
      if (!(await liveInfo(pictures, id))) await putObject(pictures, id, bytes)
    })
  } catch (error) {
    // The set has ended meanwhile, with this picture or without it.
    if (!isGone(error)) throw error
  }
  tell(() => store.connection.nc.publish(doneSubject(set), id))
}

/** The second of two: the server has noted that we know that it knows. Where it is away, the result it finds later counts. */
async function acknowledge(message: TaskMessage, end: TaskEnd): Promise<TaskEnd> {
  await message.ackAck({ timeout: 3000 }).catch(() => {})
  return end
}

/** What fails without a connection, and does no harm then. */
function tell(body: () => void): void {
  try {
    body()
  } catch {
    // The connection comes back by itself.
  }
}

/** A task of ours, or why it is none. */
export function readTask({ data, subject }: Pick<TaskMessage, 'data' | 'subject'>): Task | { reason: string } {
  if (data.length > LARGEST_TASK) return { reason: `it has ${data.length} bytes` }
  const task = parsed(Buffer.from(data).toString('utf8'), taskSchema)
  if (!task) return { reason: 'it does not describe a picture' }
  if (!subject.endsWith(`.${task.set}.${task.kind}.${task.id}`)) return { reason: 'it stands under another name' }
  const [foreign] = foreignPaths(task)
  return foreign === undefined ? task : { reason: `it names the file ${foreign}` }
}
