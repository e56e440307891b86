/** The caller's connection to a child process or a worker thread, in one interface. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import type { FromAnswerer, ToAnswerer } from './calls.ts'
import { HEARTBEAT_FD } from './heartbeat-pipe.ts'

/** How a process or thread ended. */
export interface Ended {
  /** "ended with SIGKILL", as a part of a sentence. */
  how: Phrase
  outOfMemory: boolean
}

export interface Listener {
  message(message: FromAnswerer): void
  /** Called when it used processor time since the last heartbeat: it is alive even if its event loop is blocked. */
  alive(): void
  /** Called at most once, after everything else. */
  ended(ended: Ended): void
}

export interface Endpoint {
  /** The process's id; undefined for a thread. */
  readonly pid: number | undefined
  listen(listener: Listener): void
  post(message: ToAnswerer): void
  /** Kills it; `ended` is called as for any other end. Settles when it is gone. */
  kill(): Promise<void>
  /** Whether it keeps the program from ending. One that is being killed does until it is gone, whatever is said of it then. */
  hold(keep: boolean): void
}

/** Processor time between two beats that counts as work rather than as the heartbeat's own, milliseconds. */
const WORKING_MS = 5

const STAYS_AT_INTERRUPT = import.meta.resolve('./stays-at-interrupt.ts')

/**
 * Starts a script as a child process of its own. Its main module calls `answer` (answer.ts).
 * @param log where its stderr goes, which has ONNX Runtime's messages too
 */
export function startChild(script: URL, args: readonly string[], log: 'inherit' | 'ignore' = 'inherit'): Endpoint {
  const child = fork(fileURLToPath(script), args, {
    // Carries typed arrays without turning them into text.
    serialization: 'advanced',
    execArgv: ['--import', STAYS_AT_INTERRUPT],
    stdio: ['ignore', 'ignore', log, 'ipc', 'pipe'],
  })
  return overChild(child)
}

function overChild(child: ChildProcess): Endpoint {
  const heartbeat = child.stdio[HEARTBEAT_FD] as NodeJS.ReadableStream & { ref?(): void; unref?(): void }
  const gone = Promise.withResolvers<void>()
  let end: ((how: Phrase) => void) | null = null
  let killed = false
  return {
    get pid() {
      return child.exitCode === null && child.signalCode === null ? child.pid : undefined
    },
    listen({ message, alive, ended }) {
      end = how => {
        end = null
        ended({ how, outOfMemory: false })
        gone.resolve()
      }
      child.on('message', message)
      child.on('error', error => end?.(phrase('notStarted', { reason: error.message })))
      child.on('exit', (code, signal) =>
        end?.(signal ? phrase('endedBySignal', { signal }) : phrase('endedWithCode', { code })),
      )
      let before = 0
      // Each beat is a line with the processor time used so far, milliseconds. Reading also keeps the pipe from filling.
      heartbeat.on('data', (bytes: Buffer) => {
        const used = Number(bytes.toString().trim().split('\n').at(-1))
        if (used - before >= WORKING_MS) alive()
        before = used
      })
      // A pipe whose other end was killed; the exit says more.
      heartbeat.on('error', () => {})
    },
    post(message) {
      child.send(message, error => error && end?.(phrase('notReached')))
    },
    kill() {
      // Whoever waits for the end must see it, also where nothing else keeps the program going.
      killed = true
      child.ref()
      if (!child.kill('SIGKILL') && !end) gone.resolve()
      return gone.promise
    },
    hold(keep) {
      if (killed) return
      const act = keep ? 'ref' : 'unref'
      child[act]()
      child.channel?.[act]()
      heartbeat[act]?.()
    },
  }
}

/**
 * Starts a script as a worker thread. Its main module calls `answer` (answer.ts).
 * @param heapMb limit of its JavaScript heap, MiB; default Node's own
 * @param youngMb the part of it for new objects: a small one frees large buffers sooner that are soon done with
 */
export function startThread(script: URL, heapMb?: number, youngMb?: number): Endpoint {
  const resourceLimits = {
    ...(heapMb !== undefined && { maxOldGenerationSizeMb: heapMb }),
    ...(youngMb !== undefined && { maxYoungGenerationSizeMb: youngMb }),
  }
  const worker = new Worker(script, { resourceLimits })
  let over = false
  let killed = false
  return {
    pid: undefined,
    listen({ message, ended }) {
      const end = (how: Phrase, outOfMemory = false) => {
        if (over) return
        over = true
        ended({ how, outOfMemory })
      }
      worker.on('message', message)
      worker.on('error', (error: Error & { code?: string }) =>
        end(phrase('endedByError', { reason: error.message }), error.code === 'ERR_WORKER_OUT_OF_MEMORY'),
      )
      worker.on('exit', code => end(phrase('endedWithCode', { code })))
    },
    post(message) {
      worker.postMessage(message)
    },
    async kill() {
      killed = true
      worker.ref()
      await worker.terminate()
    },
    hold(keep) {
      if (!killed) worker[keep ? 'ref' : 'unref']()
    },
  }
}
