/**
 * Keeps a farm's server over a full disk: nats-server (2.15) refuses every message of a stream after a write that found no room,
 * also when there is room again, until it is started anew. What it had acknowledged was flushed before.
 */
import { once } from 'node:events'
import { statfs } from 'node:fs/promises'
import { type RunningServer, type ServerOptions, startServer } from './server.ts'

const LOOK_MS = 1000
/** What has to be free before it is started anew, bytes: this, or a tenth of a small disk. */
const ROOM = 256e6
/** A server that cannot write may take its time to end. */
const END_MS = 5000

export interface KeptServer {
  readonly url: string
  /** Of the process that runs now. */
  readonly pid: number | undefined
  /** Resolves when it has ended by itself: it is not started again then. */
  readonly ended: Promise<void>
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it at once. */
  kill(): Promise<void>
}

/** @throws StudioError farmServerFailed, 'cannot-write' */
export async function keepServer(options: ServerOptions): Promise<KeptServer> {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  /** Whoever ended it knows. */
  let expected = false
  let running: RunningServer
  await begin()
  let renewing: Promise<void> | null = null
  const looking = setInterval(() => {
    renewing ??= renewWhenThereIsRoom().finally(() => (renewing = null))
  }, LOOK_MS)
  return {
    url: running!.url,
    ended,
    get pid() {
      return running.process.pid
    },
    stop: () => finish('SIGTERM'),
    kill: () => finish('SIGKILL'),
  }

  async function begin(): Promise<void> {
    const started = await startServer(options)
    running = started
    started.process.once('exit', () => {
      if (running === started && !expected) resolve()
    })
  }

  async function renewWhenThereIsRoom(): Promise<void> {
    if (!running.outOfRoom || !(await hasRoom(options.folder))) return
    expected = true
    await end(running, 'SIGTERM')
    expected = false
    await begin().catch(() => resolve())
  }

  async function finish(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    clearInterval(looking)
    await renewing
    expected = true
    await end(running, signal)
  }
}

async function end({ process: child }: RunningServer, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), END_MS)
  await exit
  clearTimeout(late)
}

async function hasRoom(folder: string): Promise<boolean> {
  const disk = await statfs(folder).catch(() => null)
  return disk !== null && disk.bavail * disk.bsize > Math.min(ROOM, (disk.blocks * disk.bsize) / 10)
}
