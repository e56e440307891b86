/** The desktop's studio: the browser host in a Node process of its own, so that the window never waits for it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { enter, type Upstream } from './proxy.ts'

/** A host that ends so soon after its start would end again. */
const SHORT_LIFE_MS = 10_000

export interface HostProcessOptions {
  /** Node 24, or Electron as Node. */
  node: string
  /** The studio's own folder. */
  root: string
  /** It is there, for the first time or again. */
  onReady: (upstream: Upstream) => void
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
    const { node, root, onReady, onFailure, now = Date.now } = this.#options
    const began = now()
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
    // The pipe is its lifeline: it closes when this process dies, however it dies.
    const child = spawn(node, [join(root, 'electron/desktop-host.ts')], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child = child
    createInterface({ input: child.stdout }).once('line', line => {
      enter((JSON.parse(line) as { url: string }).url).then(onReady, error => onFailure((error as Error).message))
    })
    child.on('error', error => onFailure(`The studio's host cannot start (${error.message}).`))
    child.on('exit', code => {
      if (this.#stopping) return
      if (now() - began < SHORT_LIFE_MS) onFailure(`The studio's host ended with code ${code}.`)
      else this.start()
    })
  }

  stop(): void {
    this.#stopping = true
    this.#child?.stdin?.end()
  }
}
