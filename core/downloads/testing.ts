/** A server with the faults of real ones, and a file of seeded bytes. Tests and build/attack-downloads.ts only. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server does with one request; 'well' answers as it should. */
export type Behaviour =
  | 'well'
  /** Cuts the connection after some bytes. */
  | 'drop'
  /** Sends some bytes and then nothing. */
  | 'stall'
  /** Answers 200 with the whole file. */
  | 'ignore-range'
  /** Says another length than that of the range, or of the whole. */
  | 'lie'
  | 'lie-total'
  | 'html'
  /** Another part than was asked for. */
  | 'shift'
  | 'flip'
  | 'busy'
  | 'too-many'
  | 'gone'
  | 'forbidden'
  | 'no-length'
  | 'gzip'

export interface BadServer extends AsyncDisposable {
  url: string
  sha256: string
  bytes: Buffer
  etag: string
  /** Extra headers of each answer. */
  headers: Record<string, string>
  /** What it does with the n-th request, from 0. */
  behave: (n: number, request: IncomingMessage) => Behaviour
  /** Bytes of bodies that were sent, and each range that was asked for. */
  sent: number
  onSent: (sent: number) => void
  requests: { range: string | undefined; authorization: string | undefined; path: string }[]
  /** Sends the requests of this path to another address. */
  redirects: Map<string, string>
}

/** Pseudo-random bytes of a seed: SHA-256 in counter mode. */
export function seededBytes(seed: string, length: number): Buffer {
  const parts: Buffer[] = []
  for (let i = 0; i * 32 < length; i++) parts.push(createHash('sha256').update(`${seed}/${i}`).digest())
  return Buffer.concat(parts).subarray(0, length)
}

export async function startBadServer(
  bytes: Buffer,
  options: { etag?: string; host?: string } = {},
): Promise<BadServer> {
  const http = createServer((request, response) => void serve(request, response).catch(() => response.destroy()))
  http.listen(0, options.host ?? '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  const server: BadServer = {
    url: `http://${options.host ?? '127.0.0.1'}:${port}/file.bin`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes,
    etag: options.etag ?? '"one"',
    headers: {},
    behave: () => 'well',
    sent: 0,
    onSent: () => {},
    requests: [],
    redirects: new Map(),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
  async function serve(request: IncomingMessage, response: ServerResponse) {
    const n = server.requests.length
    const { range, authorization } = request.headers
    server.requests.push({ range, authorization, path: request.url ?? '' })
    const to = server.redirects.get(request.url ?? '')
    if (to !== undefined) return void response.writeHead(302, { location: to, ...server.headers }).end()
    await answer(server, server.behave(n, request), request, response)
  }
  return server
}

const STATUS: Partial<Record<Behaviour, number>> = { busy: 503, 'too-many': 429, gone: 404, forbidden: 403 }

async function answer(server: BadServer, behaviour: Behaviour, request: IncomingMessage, response: ServerResponse) {
  const { bytes, etag, headers } = server
  const status = STATUS[behaviour]
  if (status) return void response.writeHead(status, { 'retry-after': '0', ...headers }).end('no')
  if (behaviour === 'html')
    return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><p>Sign in</p>')
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  const ranged = match !== null && isSame && behaviour !== 'ignore-range' && behaviour !== 'no-length'
  const shift = behaviour === 'shift' ? 7 : 0
  const from = ranged ? Number(match[1]) + shift : 0
  const to = ranged ? Math.min(Number(match[2]) + 1, bytes.length) : bytes.length
  const body = Buffer.from(bytes.subarray(from, to))
  if (behaviour === 'flip') body[body.length >> 1] ^= 1
  const total = bytes.length + (behaviour === 'lie-total' ? 11 : 0)
  response.writeHead(ranged ? 206 : 200, {
    etag,
    'content-type': 'application/octet-stream',
    ...(behaviour !== 'no-length' && { 'content-length': body.length + (behaviour === 'lie' ? 5 : 0) }),
    ...(ranged && { 'content-range': `bytes ${from}-${to - 1}/${total}` }),
    ...(behaviour === 'gzip' && { 'content-encoding': 'gzip' }),
    ...headers,
  })
  const cut = behaviour === 'drop' || behaviour === 'stall' ? Math.floor(body.length * 0.4) : body.length
  for (let at = 0; at < cut && !response.destroyed; at += 65_536) {
    const piece = body.subarray(at, Math.min(cut, at + 65_536))
    server.sent += piece.length
    server.onSent(server.sent)
    if (!response.write(piece)) await drained(response)
  }
  if (behaviour === 'drop') return void response.destroy()
  if (behaviour !== 'stall') response.end()
}

/** When more can be written, or the connection is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      response.off('drain', end).off('close', end)
      resolve()
    }
    response.on('drain', end).on('close', end)
    if (response.destroyed) end()
  })
}
