/** For tests: a TCP proxy that cuts the network and lets it come back. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export class NetworkProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #cut = false

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(port: number): Promise<NetworkProxy> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = new NetworkProxy(server)
    server.on('connection', socket => proxy.#join(socket, port))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** From now on no byte passes; neither side is told. */
  cut(): void {
    this.#cut = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** What was open is lost, new connections pass. */
  mend(): void {
    this.#cut = false
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(near: Socket, port: number): void {
    const far = connect({ port, host: '127.0.0.1' })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
      if (this.#cut) from.pause()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
