/**
 * Runs AI models in a child process: ONNX Runtime in Node is synchronous and may crash, so a cancelled job is ended by
 * ending the child, and a crash costs one map. The child is started by the first job and ended when it has been idle.
 */
import { Channel } from '../../channel/channel.ts'
import { startChild } from '../../channel/endpoint.ts'
import { fault } from '../../faults/fault.ts'
import { SerialQueue } from '../../files/serial-queue.ts'
import type { AiCalls, AiJob, AiResult } from './ai-job.ts'

/** The child ends after this long without a job: loaded networks take memory. */
const IDLE_MS = 60_000
/**
 * A network of this kind takes seconds; a child that gives no sign of life for longer hangs, for example on a drive
 * that does not respond.
 */
const SILENCE_MS = 60_000

let channel: Channel<AiCalls> | null = null
let idle: NodeJS.Timeout | undefined
/** Jobs run one after another, so that cancelling one cannot end another. */
const queue = new SerialQueue()

/**
 * Runs one job in the child.
 * @throws StudioError cancelled, bad-weights, inference-crashed (the next job works)
 */
export function runAi<J extends AiJob>(job: J, signal?: AbortSignal): Promise<AiResult[J['task']]> {
  return queue.run(async () => {
    clearTimeout(idle)
    if (!channel || channel.ended) channel = open()
    const { reply } = channel.call('run', job, { signal })
    try {
      return (await reply) as AiResult[J['task']]
    } finally {
      idle = setTimeout(endAi, IDLE_MS).unref()
    }
  })
}

/** The child's process id, undefined where none runs. */
export const aiProcessId = (): number | undefined => channel?.pid

/** Ends the child; what it was doing fails as cancelled. */
export function endAi(): void {
  clearTimeout(idle)
  void channel?.kill(fault('cancelled'))
  channel = null
}

function open(): Channel<AiCalls> {
  return new Channel(startChild(new URL('./ai-child.ts', import.meta.url), []), {
    died: ({ how }) => fault('aiModelEnded', { how }),
    drainMs: 0,
    silenceMs: SILENCE_MS,
  })
}
