/** The desktop's studio: the browser host in a Node process of its own, so that the window never waits for it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { enter, type Upstream } from './proxy.ts'

/** A host that ends so soon after its start would end again. */
const SHORT_LIFE_MS = 10_000

export interface HostProcessOptions {
  /** Node 24. */
  node: string
  /** The studio's own folder. */
  root: string
  /** It is there, for the first time or again. */
  onReady: (upstream: Upstream) => void
  /** It has ended and is started anew; requests wait until it is there again. */
  onEnd: () => void
  /** It cannot be kept alive: one sentence. */
  onFailure: (message: string) => void
  now?: () => number
}

export class HostProcess {
  readonly #options: HostProcessOptions
  #child: ChildProcess | null = null
  #stopping = false

  constructor(options: HostProcessOptions) {
    this.#options = options
  }

  start(): void {
    const { node, root, onReady, onEnd, onFailure, now = Date.now } = this.#options
    const began = now()
    // The environment must not slip code into an installed app; Electron's fuse holds the same for its own process.
    const { NODE_OPTIONS: _, ...env } = process.env
    // node:sqlite warns that it is new; that is no news to a user.
    const args = ['--disable-warning=ExperimentalWarning', join(root, 'core/server/desktop-host.ts')]
    // The pipe is its lifeline: it closes when this process dies, however it dies.
    const child = spawn(node, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child = child
    createInterface({ input: child.stdout }).once('line', line => {
      enter((JSON.parse(line) as { url: string }).url).then(onReady, error => onFailure((error as Error).message))
    })
    child.on('error', error => onFailure(`The studio's host cannot start (${error.message}).`))
    child.on('exit', code => {
      if (this.#stopping) return
      if (now() - began < SHORT_LIFE_MS) return onFailure(`The studio's host ended with code ${code}.`)
      onEnd()
      this.start()
    })
  }

  stop(): void {
    this.#stopping = true
    this.#child?.stdin?.end()
  }
}
