/** The desktop's host process: the browser host in a Node process of its own, so that it never blocks the window. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { dataFolder } from '../../core/files/data-folder.ts'
import { enter, type Upstream } from './proxy.ts'

/** A host that ends this soon after its start is not restarted. */
const SHORT_LIFE_MS = 10_000

export interface HostProcessOptions {
  /** Node 24. */
  node: string
  /** The studio's own folder. */
  root: string
  /** The host is ready, for the first time or after a restart. */
  onReady: (upstream: Upstream) => void
  /** The host has ended and is restarted; requests wait for it. */
  onEnd: () => void
  /** Answers a question of the host's to the system's keychain; null for any other line. */
  onLine?: (line: string) => string | null
  /** The host cannot be started or ends at once. @param message one sentence */
  onFailure: (message: string) => void
  now?: () => number
}

/** "zihua: the sentence" as the host prints its errors; null for any other line. */
const sentenceOf = (line: string): string | null => /^zihua: (.{1,500})/.exec(line)?.[1] ?? null

export class HostProcess {
  readonly #options: HostProcessOptions
  #child: ChildProcess | null = null
  #stopping = false

  constructor(options: HostProcessOptions) {
    this.#options = options
  }

  start(): void {
    const { node, root, onReady, onEnd, onLine, onFailure, now = Date.now } = this.#options
    const began = now()
    // NODE_OPTIONS could load code into an installed app; a fuse forbids the same for Electron's own process.
    const { NODE_OPTIONS: _, ...inherited } = process.env
    // Compiled scripts, of the host and of all that it starts: a start takes half the time.
    const env = { ...inherited, NODE_COMPILE_CACHE: join(dataFolder(), 'cache', 'compiled') }
    // node:sqlite prints a warning that it is experimental, which means nothing to a user.
    const args = ['--disable-warning=ExperimentalWarning', join(root, 'core/server/desktop-host.ts')]
    // The host ends when this pipe closes, which it does however this process ends.
    const child = spawn(node, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child = child
    // What the host says is passed on; its last sentence is shown if it ends.
    let last = ''
    child.stderr.on('data', (bytes: Buffer) => process.stderr.write(bytes))
    createInterface({ input: child.stderr }).on('line', line => {
      last = sentenceOf(line) ?? last
    })
    const lines = createInterface({ input: child.stdout })
    lines.once('line', line => {
      enter((JSON.parse(line) as { url: string }).url).then(onReady, error => onFailure((error as Error).message))
      lines.on('line', asked => {
        const answer = onLine?.(asked) ?? null
        if (answer !== null) child.stdin.write(`${answer}\n`)
      })
    })
    // A host that has just ended reads no answer.
    child.stdin.on('error', () => {})
    child.on('error', error => onFailure(`The studio's host cannot start (${error.message}).`))
    // 'close' comes when everything that it wrote has been read.
    child.on('close', code => {
      if (this.#stopping) return
      if (now() - began < SHORT_LIFE_MS) return onFailure(last || `The studio's host ended with code ${code}.`)
      onEnd()
      this.start()
    })
  }

  stop(): void {
    this.#stopping = true
    this.#child?.stdin?.end()
  }
}
