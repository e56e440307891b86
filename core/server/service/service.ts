/** Everything that programs can call on the server: the Writing Service, its pages, and the families of other programs' clients. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import type { ORPCError } from '@orpc/server'
import { fault, reportOf } from '../../faults/fault.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'
import type { StudioHost } from '../../host/studio-host.ts'
import { A1111, a1111Error, isA1111Path } from '../adapters/a1111.ts'
import { readJson } from '../adapters/http.ts'
import { isOpenAiPath, OpenAi, openAiError } from '../adapters/openai.ts'
import { sendFile } from '../files.ts'
import { DOCS_PAGE, DOCS_START, viewerFile } from './docs.ts'
import type { CallContext, ServiceParts } from './generate.ts'
import { Health } from './health.ts'
import { allowOf, isStream, methodsAt } from './methods.ts'
import { createMetrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import type { ServiceOptions } from './options.ts'
import { OwnRequests } from './own-request.ts'
import { headersOf, PROBLEM_TYPE, problemOf, refusalOfInput, statusOf } from './problem.ts'
import { createServiceRouter } from './router.ts'
import { languageOf, statusPage, statusScript } from './status-page.ts'

export interface ServicePlace extends ServiceOptions {
  host: StudioHost
  /** Folder of the built renderer, which carries the viewer of /docs. */
  renderer: string
  /** Headers of every answer. */
  headers: Readonly<Record<string, string>>
}

const OWN_PATH = /^\/(api(\/|$)|health(\/|$)|metrics\/?$|openapi\.json\/?$|docs(\/|$)|status(\/|$))/

/** Whether programs may call this path. */
export const isServicePath = (path: string): boolean => OWN_PATH.test(path) || isOpenAiPath(path) || isA1111Path(path)

export class Service {
  readonly #place: ServicePlace
  readonly #parts: ServiceParts
  readonly #handler: OpenAPIHandler<CallContext>
  readonly #pages: Readonly<
    Record<string, (request: IncomingMessage) => Promise<readonly [type: string, text: string]>>
  >
  /** Scripts of pages, from the built renderer. */
  readonly #scripts: Readonly<Record<string, (renderer: string) => string | null>> = {
    '/docs/viewer.js': viewerFile,
    '/status/page.js': statusScript,
  }
  readonly #openAi: OpenAi
  readonly #a1111: A1111
  /** The studio is closing: clients are cut off, and what they wait for stays in the queue. */
  #closing = false

  constructor(place: ServicePlace) {
    const { host } = place
    this.#place = place
    this.#parts = { host, own: new OwnRequests(host, place) }
    const health = new Health(this.#parts)
    const metrics = createMetrics(host)
    this.#openAi = new OpenAi(this.#parts)
    this.#a1111 = new A1111(this.#parts)
    this.#handler = new OpenAPIHandler(createServiceRouter(this.#parts, health), {
      interceptors: [({ next }) => next().catch((error: unknown) => Promise.reject(this.#refusal(error)))],
      customErrorResponseBodyEncoder: error => problemOf(error.data as ErrorReport, error.status),
      rootInterceptors: [
        async ({ next }) => {
          const result = await next()
          if (!result.matched || result.response.status < 400) return result
          const { status, body } = result.response
          // As bytes, so that the handler leaves the type as it is.
          const stream = new Blob([JSON.stringify(body)]).stream()
          const headers = { ...result.response.headers, ...headersOf(status), 'content-type': PROBLEM_TYPE }
          return { matched: true, response: { status, headers, body: stream as never } }
        },
      ],
    })
    let document: Promise<string> | null = null
    this.#pages = {
      '/docs': async () => ['text/html', DOCS_PAGE],
      '/docs/start.js': async () => ['text/javascript', DOCS_START],
      '/status': async ({ url = '', headers }) => {
        const asked = new URLSearchParams(url.split('?')[1]).get('lang')
        return ['text/html', statusPage(languageOf(asked, headers['accept-language']))]
      },
      '/metrics': async () => ['text/plain; version=0.0.4', await metrics.metrics()],
      '/openapi.json': async () => [
        'application/json',
        await (document ??= openApiDocument().then(made => JSON.stringify(made))),
      ],
    }
  }

  /** From now on a client that goes away does not cancel its picture. */
  close(): void {
    this.#closing = true
  }

  /** Answers a request that the gate has let through. */
  async answer(request: IncomingMessage, response: ServerResponse, written: string): Promise<void> {
    // A slash at the end is nothing: other programs' servers lead their clients past it.
    const path = written.endsWith('/') ? written.slice(0, -1) : written
    const given = request.headers['x-request-id']
    const requestId = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
    response.setHeader('x-request-id', requestId)
    this.#log(request, response, path, requestId)
    for (const [name, value] of Object.entries(this.#place.headers)) response.setHeader(name, value)
    response.setHeader('cache-control', 'no-store')
    const gone = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished && !this.#closing) gone.abort()
    })
    const context: CallContext = { requestId, signal: gone.signal }
    const { body } = this.#parts.own.limits
    // Refused before a byte is read where the length is told; whoever reads the body counts where it is not.
    if (Number(request.headers['content-length'] ?? 0) > body)
      return this.refuse(response, fault('bodyTooLarge', { megabytes: body / 2 ** 20 }).report(), path)
    const coding = request.headers['content-encoding'] ?? 'identity'
    if (coding !== 'identity') return this.refuse(response, fault('bodyCompressed', { coding }).report(), path)
    const methods = Object.hasOwn(this.#pages, path) || Object.hasOwn(this.#scripts, path) ? ['GET'] : methodsAt(path)
    const { method = '' } = request
    if (methods.length > 0 && method === 'OPTIONS')
      return void response.writeHead(204, { allow: allowOf(methods) }).end()
    // Node sends no body of an answer to HEAD.
    if (method === 'HEAD' && methods.includes('GET') && !isStream(path)) request.method = 'GET'
    else if (methods.length > 0 && !methods.includes(method)) {
      response.setHeader('allow', allowOf(methods))
      return this.refuse(response, fault('methodNotAllowed', { method, path }).report(), path)
    }
    if (isOpenAiPath(path)) return this.#openAi.answer(request, response, path, context)
    if (isA1111Path(path)) return this.#a1111.answer(request, response, path, context)
    if (Object.hasOwn(this.#scripts, path) || Object.hasOwn(this.#pages, path))
      return this.#page(request, response, path)
    if (method === 'POST' && methods.length > 0) {
      try {
        // Read here, as the library would decode leniently what is not UTF-8; it takes a body that is there.
        Object.assign(request, { body: Promise.resolve(await readJson(request, body)) })
      } catch (error) {
        return this.refuse(response, reportOf(error), path)
      }
    }
    const { matched } = await this.#handler.handle(request, response, { context })
    if (!matched) this.refuse(response, fault('nothingThere', { path: path.slice(0, 200) }).report(), path)
  }

  /** In the shape that the clients of the path's family read. */
  refuse(response: ServerResponse, report: ErrorReport, path: string, status = statusOf(report)): void {
    if (response.headersSent) return
    const [type, body] = isOpenAiPath(path)
      ? ['application/json', openAiError(report, status)]
      : isA1111Path(path)
        ? ['application/json', a1111Error(report)]
        : [PROBLEM_TYPE, problemOf(report, status)]
    response.writeHead(status, {
      ...this.#place.headers,
      ...headersOf(status),
      'content-type': type,
      connection: 'close',
    })
    response.end(JSON.stringify(body))
  }

  async #page(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (Object.hasOwn(this.#scripts, path)) {
      const { headers, renderer } = this.#place
      const file = this.#scripts[path](renderer)
      if (file && (await sendFile(response, file, { immutable: false, headers }))) return
      return this.refuse(response, fault('nothingThere', { path }).report(), path)
    }
    const [type, text] = await this.#pages[path](request)
    response.setHeader('vary', 'accept-language')
    response.setHeader('content-type', `${type}; charset=utf-8`)
    response.end(text)
  }

  #refusal(error: unknown): ORPCError<string, ErrorReport> {
    const refusal = refusalOfInput(error)
    if (refusal.data.code === 'internal') this.#place.host.log.root.error({ err: refusal.cause }, 'a call has failed')
    return refusal
  }

  #log({ method }: IncomingMessage, response: ServerResponse, path: string, requestId: string): void {
    const start = performance.now()
    const log = this.#place.host.log.subsystem('http')
    response.once('close', () => {
      const about = { requestId, method, path, status: response.statusCode, ms: Math.round(performance.now() - start) }
      // Programs ask for health all the time.
      if (path.startsWith('/health') || path === '/metrics') log.debug(about, 'answered')
      else log.info(about, response.writableFinished ? 'answered' : 'the client has gone')
    })
  }
}
