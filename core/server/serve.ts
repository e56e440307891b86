/**
 * The browser host: the studio over HTTP on this machine. Static files of the renderer, procedures under /rpc, pictures
 * under /pictures, /thumbnails, /blobs and /sets, added fonts under /own-fonts; where it is switched on, the Writing Service for programs (service/).
 * gate.ts decides who may come in.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ORPCError } from '@orpc/server'
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node'
import { fault } from '../faults/fault.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { ownFontFolder } from '../glyph/system-fonts.ts'
import { createRouter } from '../host/router.ts'
import type { StudioHost } from '../host/studio-host.ts'
import { readUpload } from '../host/uploads.ts'
import { pathInside, sendFile, sendPicture } from './files.ts'
import { Gate, isLoopback, KEY_HEADER } from './gate.ts'
import { securityHeaders } from './headers.ts'
import { pageFont } from './page-fonts.ts'
import { RENDERER_FOLDER } from './renderer-folder.ts'
import type { ServiceOptions } from './service/options.ts'
import { isServicePath, Service } from './service/service.ts'

/** Browsers ask for the icon of every origin by this name. */
const PAGE_FILES: Readonly<Record<string, string>> = { '/': '/index.html', '/favicon.ico': '/seal.svg' }

export const DEFAULT_PORT = 8600

/** A list of 20,000 words is the largest request; files are pictures. */
const BODY_LIMIT = 4 * 2 ** 20
const FILE_LIMIT = 128 * 2 ** 20
const TAKES_FILES = new Set(['/rpc/maps/upload', '/rpc/library/importFile', '/rpc/fonts/add'])

/** Neither headers nor a body may trickle in for longer. */
const SLOWEST = { headersMs: 20_000, requestMs: 300_000 }
const MOST_CONNECTIONS = 512

export interface ServeOptions {
  host: StudioHost
  /** 0: any that is free. */
  port?: number
  address?: string
  /** Folder of the built renderer. */
  renderer?: string
  /** In place of the folder, for hot reload; next() is never called for a request that it answers. */
  middleware?: (request: IncomingMessage, response: ServerResponse, next: () => void) => void
  /** Content security policy, default the strict one. */
  policy?: string
  /** Listens already or not yet; default: a new one. */
  server?: Server
  /** Programs may call the Writing Service. Default: only the studio's own pages may call anything. */
  service?: ServiceOptions | null
  /** What programs have to show. @throws where the address is not a loopback one, programs may call, and there is none */
  token?: string | null
  /** Other names of this host: GateOptions.allowedHosts. */
  allowedHosts?: readonly string[]
  /** How long a client may take to send, milliseconds. */
  slowest?: { headersMs: number; requestMs: number }
  connections?: number
}

export interface Served {
  port: number
  /** "http://127.0.0.1:8600" */
  origin: string
  /** An address with a token of its own, which lets one browser in, once. */
  invite(): string
  /** Keeps one such address ready: tells it, and the next one as soon as it has been used. */
  keepReady(tell: (url: string) => void): void
  close(): Promise<void>
}

/** @throws StudioError 'bad-request': the port is taken, or the address is not this machine's */
export async function serve(options: ServeOptions): Promise<Served> {
  const { port = DEFAULT_PORT, address = '127.0.0.1', slowest = SLOWEST, connections = MOST_CONNECTIONS } = options
  const { token = null, allowedHosts = [], server = createServer(limitsOf(slowest)) } = options
  if (options.service && token === null && !isLoopback(address)) throw fault('openToAll', { address })
  server.maxConnections = connections
  await listen(server, port, address)
  const actual = (server.address() as AddressInfo).port
  const gate = new Gate(address, actual, { token, allowedHosts })
  const { answer, service } = answers(options, gate)
  server.on('request', (request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  const name = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address
  const origin = `http://${name.includes(':') ? `[${name}]` : name}:${actual}`
  const invitation = (token: string) => `${origin}/?token=${token}`
  return {
    port: actual,
    origin,
    invite: () => invitation(gate.invite()),
    keepReady: tell => gate.keepReady(token => tell(invitation(token))),
    close: () =>
      new Promise(done => {
        service?.close()
        server.close(() => done())
        // Streams of events never end by themselves.
        server.closeAllConnections()
      }),
  }
}

const limitsOf = ({ headersMs, requestMs }: NonNullable<ServeOptions['slowest']>) => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: Math.min(5000, headersMs),
})

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((done, failed) => {
    const refused = (cause: NodeJS.ErrnoException) => {
      failed(
        cause.code === 'EADDRINUSE'
          ? fault('portTaken', { port }, { cause })
          : fault('cannotListen', { address: `${address}:${port}`, reason: cause.message }, { cause }),
      )
    }
    server.once('error', refused)
    server.listen(port, address, () => {
      server.off('error', refused)
      done()
    })
  })
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

function answers(
  { host, renderer = RENDERER_FOLDER, middleware, policy, service: served = null }: ServeOptions,
  gate: Gate,
): { answer: Answer; service: Service | null } {
  const headers = securityHeaders(policy)
  const service = served && new Service({ ...served, host, renderer, headers })
  const router = createRouter(host)
  const handler = (maxBodySize: number) =>
    new RPCHandler(router, {
      plugins: [new BodyLimitPlugin({ maxBodySize })],
      interceptors: [({ next }) => next().catch((error: unknown) => Promise.reject(unreadable(error, maxBodySize)))],
    })
  const [small, large] = [handler(BODY_LIMIT), handler(FILE_LIMIT)]

  const refuse = (response: ServerResponse, status: number, report: ErrorReport) => {
    if (response.headersSent) return
    // In the shape of the procedures' own errors, so that the renderer reads it like them.
    const json = { defined: false, code: report.code, status, message: report.message, data: report }
    response.writeHead(status, { ...headers, 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify({ json, meta: [] }))
  }

  const rpc = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    const limit = TAKES_FILES.has(path) ? FILE_LIMIT : BODY_LIMIT
    // Refused before a byte is read where the length is told; the plugin counts where it is not.
    if (Number(request.headers['content-length'] ?? 0) > limit) return refuse(response, 413, tooLarge(limit))
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.setHeader('cache-control', 'no-store')
    const { matched } = await (limit === FILE_LIMIT ? large : small).handle(request, response, { prefix: '/rpc' })
    if (!matched) refuse(response, 404, notFound(path))
  }

  const picture = async (response: ServerResponse, kind: string, name: string): Promise<boolean> => {
    if (kind === 'blobs') {
      if (!/^[0-9a-f]{64}$/.test(name)) return false
      const bytes = (await host.blobs.get(name)) ?? (await readUpload(host.library, name))
      if (bytes) sendPicture(response, 'image/png', bytes, headers)
      return bytes !== null
    }
    const path = kind === 'pictures' ? host.library.pathOf(name) : await host.library.thumbnail(name)
    return sendFile(response, path, { headers, immutable: true })
  }

  const ofSet = async (response: ServerResponse, job: string, sha256: string): Promise<boolean> => {
    const bytes = await host.sets.thumbnail(job, sha256)
    if (bytes) sendPicture(response, 'image/webp', bytes, headers)
    return bytes !== null
  }

  const page = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    if (middleware) {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      return middleware(request, response, () => refuse(response, 404, notFound(path)))
    }
    const file = (await pageFont(renderer, path)) ?? pathInside(renderer, PAGE_FILES[path] ?? path)
    const sent = file && (await sendFile(response, file, { headers, immutable: path.startsWith('/assets/') }))
    if (!sent) refuse(response, 404, path === '/' ? notBuilt : notFound(path))
  }

  const answer: Answer = async (request, response) => {
    request.url = withoutOrigin(request.url ?? '/', request.headers.host ?? '')
    const [written, search = ''] = request.url.split('?', 2)
    // Programs join a base that ends in a slash with a path that begins with one.
    const path = written.replace(/\/{2,}/g, '/')
    if (path !== written) request.url = request.url.replace(written, path)
    const called = service && isServicePath(path) ? service : null
    const refused = gate.refuseHost(request)
    if (refused && called) return called.refuse(response, refused.error.report(), path, refused.status)
    if (refused) return refuse(response, refused.status, refused.error.report())
    if (called) {
      const stranger = gate.refuseProgram(request)
      if (stranger) return called.refuse(response, stranger.error.report(), path, stranger.status)
      return called.answer(request, response, path)
    }
    const token = path === '/' && request.method === 'GET' ? new URLSearchParams(search).get('token') : null
    if (token !== null) return letIn(response, gate, request, token, headers)
    const refusal = gate.refuseOrigin(request) ?? gate.refuseStranger(request)
    if (refusal) return refuse(response, refusal.status, refusal.error.report())
    if (path.startsWith('/rpc/')) {
      // Procedures are called by POST alone: a link, a picture's address or a HEAD request runs none.
      if (request.method !== 'POST') return refuse(response, 405, notFound(path))
      const keyless = gate.refuseWithoutKey(request)
      if (keyless) return refuse(response, keyless.status, keyless.error.report())
      return rpc(request, response, path)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, notFound(path))
    const made = /^\/sets\/([0-9a-f-]{36})\/([0-9a-f]{64})\.webp$/.exec(path)
    if (made && (await ofSet(response, made[1], made[2]))) return
    const exported = /^\/exports\/([0-9a-f]{32})\/[^/]+$/.exec(path)
    if (exported) {
      const file = await host.exports.file(exported[1])
      const sent = file !== null && (await sendFile(response, file, { headers, immutable: false }))
      return sent ? undefined : refuse(response, 404, fault('exportGone').report())
    }
    const font = /^\/own-fonts\/([^/]+\.tt[fc])$/.exec(path)
    if (font) {
      const file = pathInside(ownFontFolder(), font[1])
      const sent = file !== null && (await sendFile(response, file, { headers, immutable: true }))
      return sent ? undefined : refuse(response, 404, notFound(path))
    }
    const match = /^\/(?:(pictures|blobs)\/([^/]+)\.png|(thumbnails)\/([^/]+)\.webp)$/.exec(path)
    if (!match) return page(request, response, path)
    const sent = await picture(response, match[1] ?? match[3], match[2] ?? match[4]).catch(() => false)
    if (!sent) refuse(response, 404, notFound(path))
  }
  return { answer, service }
}

/**
 * A client that takes us for its proxy writes the whole address (RFC 9112, 3.2.2). One of another host than the header names stays
 * as it is, and leads nowhere.
 */
function withoutOrigin(url: string, host: string): string {
  const origin = `http://${host}`.toLowerCase()
  return url.toLowerCase().startsWith(`${origin}/`) ? url.slice(origin.length) : url
}

/**
 * Exchanges the token for the cookie. The page goes on by itself instead of by a redirect: one that began on another
 * site (a link in a chat) would not carry a SameSite=Strict cookie. It also takes the token out of the address bar. The key
 * is told with the cookie, and never again.
 */
function letIn(
  response: ServerResponse,
  gate: Gate,
  request: IncomingMessage,
  token: string,
  headers: Readonly<Record<string, string>>,
): void {
  const cookie = gate.redeem(token)
  const known = cookie !== null || gate.knows(request)
  // Behind "#", which a browser sends to nobody; the page takes it out of the address at once (renderer/api.ts).
  const part = cookie === null ? '' : `#key=${gate.key}`
  const text = known
    ? `<meta http-equiv="refresh" content="0;url=/${part}"><title>Zihua Studio</title><a href="/${part}">Zihua Studio</a>`
    : '<title>Zihua Studio</title><p>This address has been used or is not of this start of the studio. Start the studio again, or use the tab that is open.'
  response.writeHead(known ? 200 : 403, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...(cookie !== null && { 'set-cookie': cookie, [KEY_HEADER]: gate.key }),
  })
  response.end(`<!doctype html><meta charset="utf-8">${text}`)
}

/** The router's own errors pass; what failed before it was a body that is too large or does not parse. */
function unreadable(error: unknown, limit: number): unknown {
  if (error instanceof ORPCError && error.data !== undefined) return error
  const large = error instanceof ORPCError && error.status === 413
  const data = large ? tooLarge(limit) : fault('bodyUnreadable').report()
  return new ORPCError(data.code, { status: large ? 413 : 400, message: data.message, data, cause: error })
}

const notFound = (path: string): ErrorReport => fault('nothingThere', { path: path.slice(0, 200) }).report()

const notBuilt: ErrorReport = {
  code: 'internal',
  message: 'The renderer has not been built.',
  hint: 'Start the studio with npm start, which builds it.',
}

const tooLarge = (limit: number): ErrorReport => fault('bodyTooLarge', { megabytes: limit / 2 ** 20 }).report()
