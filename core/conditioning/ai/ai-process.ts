/**
 * Runs AI models in a child process: ONNX Runtime in Node is synchronous and may crash, so a cancelled job is ended by
 * ending the child, and a crash costs one map. The child is started by the first job and ended when it has been idle.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { StudioError } from '../../contract/request.ts'
import { fault } from '../../faults/fault.ts'
import { Turns } from '../../files/turns.ts'
import type { Gray, Rgb } from '../../raster/raster.ts'
import { cancelled } from '../errors.ts'
import type { Reply, Request } from './ai-child.ts'
import type { AiModel } from './ai-models.ts'
import type { SamPrompt } from './ai-sam.ts'

export type AiJob =
  | { task: 'depth'; model: AiModel; picture: Rgb }
  | {
      task: 'segmentation'
      model: AiModel
      picture: Rgb
      /** One for each part. */
      prompts: readonly SamPrompt[]
      /** (height, width): 0 = paper, k = part k - 1, as the glyph itself has them. */
      labels: Uint16Array
    }
export interface AiResult {
  depth: Gray
  segmentation: { labels: Uint16Array }
}

/** A loaded network is worth keeping between two looks at the maps, not over lunch. */
const IDLE_MS = 60_000

interface Waiting {
  resolve(result: AiResult[keyof AiResult]): void
  reject(error: StudioError): void
}

let child: ChildProcess | null = null
let idle: NodeJS.Timeout | undefined
let last = 0
const waiting = new Map<number, Waiting>()
/** Jobs run one after another, so that cancelling one cannot end another. */
const turns = new Turns()

/**
 * Runs one job in the child.
 * @throws StudioError cancelled, bad-weights, inference-crashed (the next job works)
 */
export function runAi<J extends AiJob>(job: J, signal?: AbortSignal): Promise<AiResult[J['task']]> {
  return turns.run(() => runNow(job, signal)) as Promise<AiResult[J['task']]>
}

/** The child's process id, null where none runs. */
export const aiProcessId = (): number | null => child?.pid ?? null

/** Ends the child; what it was doing fails as cancelled. */
export function endAi(): void {
  clearTimeout(idle)
  child?.kill('SIGKILL')
  child = null
  for (const [id, { reject }] of waiting) {
    waiting.delete(id)
    reject(cancelled())
  }
}

function runNow(job: AiJob, signal: AbortSignal | undefined): Promise<AiResult[keyof AiResult]> {
  if (signal?.aborted) return Promise.reject(cancelled())
  clearTimeout(idle)
  const running = (child ??= start())
  running.ref()
  running.channel?.ref()
  const id = ++last
  return new Promise<AiResult[keyof AiResult]>((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    signal?.addEventListener('abort', endAi, { once: true })
    running.send({ id, job } satisfies Request)
  }).finally(() => {
    signal?.removeEventListener('abort', endAi)
    rest()
  })
}

/** Between jobs the child neither keeps its parent alive nor stays for long. */
function rest(): void {
  child?.unref()
  child?.channel?.unref()
  idle = setTimeout(endAi, IDLE_MS)
  idle.unref()
}

function start(): ChildProcess {
  const started = fork(new URL('./ai-child.ts', import.meta.url), [], { serialization: 'advanced', execArgv: [] })
  started.on('message', (reply: Reply) => {
    const job = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) job?.reject(StudioError.from(reply.error))
    else job?.resolve(reply.result)
  })
  const gone = (reason: string) => {
    if (child !== started) return
    child = null
    for (const [id, { reject }] of waiting) {
      waiting.delete(id)
      reject(fault('aiModelEnded', { reason }))
    }
  }
  started.on('exit', (code, signal) => gone(signal ?? `code ${code}`))
  started.on('error', error => gone(error.message))
  return started
}
