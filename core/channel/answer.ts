/** The answering side, in a child process or a worker thread: handlers by the name of the call. */
import { parentPort, Worker } from 'node:worker_threads'
import { reportOf } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import type { CallShape, Calls, FromAnswerer, ToAnswerer } from './calls.ts'

export interface Context<Event> {
  /** Aborted when the caller has aborted the call. */
  signal: AbortSignal
  /** @param moved buffers of the event that are handed over instead of copied; only between threads */
  emit(event: Event, moved?: readonly ArrayBuffer[]): void
}

export type Handlers<C extends Calls<C>> = {
  [K in keyof C]: (request: C[K]['request'], context: Context<C[K]['event']>) => Promise<C[K]['reply']>
}

export interface AnswerOptions {
  /** The report that is sent for an error; default: reportOf(). */
  report?: (error: unknown) => ErrorReport
  /** Cleans up in a child whose parent is gone, before it ends; it has a few seconds. */
  orphaned?: () => Promise<unknown>
}

/**
 * Answers calls from now on. A child ends when its parent is gone, also in the middle of a blocking call (heartbeat.ts).
 */
export function answer<C extends Calls<C>>(
  handlers: Handlers<C>,
  { report = reportOf, orphaned }: AnswerOptions = {},
): void {
  const port = parentPort ? threadPort(parentPort) : childPort(orphaned)
  const running = new Map<number, AbortController>()

  const run = async (id: number, name: string, request: unknown): Promise<void> => {
    const controller = new AbortController()
    running.set(id, controller)
    const handler = handlers[name as keyof C] as (
      request: unknown,
      context: Context<CallShape['event']>,
    ) => Promise<unknown>
    const emit: Context<unknown>['emit'] = (event, moved) => port.post({ kind: 'event', id, event }, moved)
    try {
      port.post({ kind: 'reply', id, reply: await handler(request, { signal: controller.signal, emit }) })
    } catch (error) {
      port.post({ kind: 'failed', id, error: report(error) })
    } finally {
      running.delete(id)
    }
  }
  port.listen(message => {
    if (message.kind === 'ping') port.post({ kind: 'pong' })
    else if (message.kind === 'cancel') running.get(message.id)?.abort()
    else void run(message.id, message.name, message.request)
  })
}

interface Port {
  post(message: FromAnswerer, moved?: readonly ArrayBuffer[]): void
  listen(onMessage: (message: ToAnswerer) => void): void
}

function threadPort(port: NonNullable<typeof parentPort>): Port {
  return {
    post: (message, moved = []) => port.postMessage(message, moved),
    listen: onMessage => void port.on('message', onMessage),
  }
}

function childPort(orphaned: AnswerOptions['orphaned']): Port {
  const endSelf = () => process.kill(process.pid, 'SIGKILL')
  process.on('disconnect', () => void Promise.resolve(orphaned?.()).finally(endSelf))
  // From its beats the parent knows whether this process computes or hangs; it also ends this process when the parent
  // is gone.
  new Worker(new URL('./heartbeat.ts', import.meta.url)).unref()
  return {
    post: message => void process.send?.(message, undefined, undefined, () => {}),
    listen: onMessage => void process.on('message', onMessage),
  }
}
