/**
 * Who may talk to the browser host. It listens on this machine, but every web page that a user has open, and every
 * program, can reach it there: so each request must come from our own page (Host, Origin, Sec-Fetch-Site) in a browser
 * that was let in (a one-time token in the URL, exchanged for a cookie that scripts cannot read). A browser sends the cookie of
 * 127.0.0.1 to every port of it, other users' programs included: so the cookie lets nobody call anything. A key, which only
 * the page itself holds, travels with each call in a header of its own. Programs that are no
 * browsers come in by refuseProgram, to the routes of the Writing Service alone.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { fault } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'

/** Why a request is refused. */
export interface Refusal {
  status: 400 | 401 | 403 | 415
  error: StudioError
}

export interface GateOptions {
  /** What programs have to show; null: none, which is offered on a loopback address only. */
  token?: string | null
  /** Names besides this machine's own by which the studio is reached: "studio.example", or "localhost:9000" for one port. */
  allowedHosts?: readonly string[]
}

/** Addresses that only programs of this machine reach. */
export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)

/** The header in which the page sends its key. */
export const KEY_HEADER = 'x-zihua-key'

export class Gate {
  readonly #port: number
  readonly #addresses: ReadonlySet<string>
  /** Listening on all addresses: any address may be in the URL, but no name except localhost. */
  readonly #anyAddress: boolean
  readonly #session = randomBytes(32).toString('base64url')
  /** For the page's memory; it never is in a cookie, in an address that is sent, or in a file. */
  readonly key = randomBytes(32).toString('base64url')
  /** Not yet exchanged. */
  readonly #tokens = new Set<string>()
  /** The token that always stands ready, and who is told of the next one. */
  #standing: { token: string; tell: (token: string) => void } | null = null
  readonly #programToken: string | null
  readonly #allowedHosts: ReadonlySet<string>

  /** @param address what the server listens on */
  constructor(address: string, port: number, { token = null, allowedHosts = [] }: GateOptions = {}) {
    this.#port = port
    this.#programToken = token
    this.#allowedHosts = new Set(allowedHosts.map(host => host.toLowerCase()))
    this.#anyAddress = address === '0.0.0.0' || address === '::'
    this.#addresses = new Set(['localhost', '127.0.0.1', address])
  }

  /** A token that lets one browser in. */
  invite(): string {
    const token = randomBytes(32).toString('base64url')
    this.#tokens.add(token)
    return token
  }

  /** Keeps one token ready: tells it, and the next one as soon as it has been used. */
  keepReady(tell: (token: string) => void): void {
    const token = this.invite()
    this.#standing = { token, tell }
    tell(token)
  }

  /** The cookie for a token that has not been used; null for any other. */
  redeem(token: string): string | null {
    const found = [...this.#tokens].find(known => equal(known, token))
    if (found === undefined) return null
    this.#tokens.delete(found)
    if (this.#standing?.token === found) this.keepReady(this.#standing.tell)
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** The browser has been let in. */
  knows({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map(cookie => cookie.trim().split('='))
    return cookies.some(([name, value = '']) => name === this.#cookieName && equal(value, this.#session))
  }

  /** A name that leads here but is not ours is another site's trick (DNS rebinding). */
  refuseHost({ headers, rawHeaders }: IncomingMessage): Refusal | null {
    const hosts = rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === 'host')
    // Two of them mean one thing to a proxy and another to us.
    if (hosts.length > 1) return { status: 400, error: fault('headerTwice', { name: 'Host' }) }
    const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(headers.host ?? '')
    const name = match?.[1].replace(/^\[|\]$/g, '').toLowerCase() ?? ''
    const ours = this.#addresses.has(name) || (this.#anyAddress && isIP(name) !== 0)
    if (ours && Number(match?.[2] ?? 80) === this.#port) return null
    if (match && (this.#allowedHosts.has(name) || this.#allowedHosts.has(match[0].toLowerCase()))) return null
    return { status: 403, error: fault('otherHost') }
  }

  /** Another site's page, or another program's on this machine. */
  refuseOrigin({ headers, method }: IncomingMessage): Refusal | null {
    const { origin, host } = headers
    const site = headers['sec-fetch-site']
    const reads = method === 'GET' || method === 'HEAD'
    const foreign =
      (origin !== undefined && !this.#isOwnOrigin(origin, host)) ||
      (origin === undefined && !reads) ||
      (site !== undefined && site !== 'same-origin' && !(site === 'none' && reads))
    return foreign ? { status: 403, error: fault('otherSite') } : null
  }

  /** By the address that the browser itself used; a proxy in front of an allowed name may speak HTTPS. */
  #isOwnOrigin(origin: string, host = ''): boolean {
    if (origin === `http://${host}`) return true
    const name = host.replace(/:\d+$/, '').toLowerCase()
    const allowed = this.#allowedHosts.has(host.toLowerCase()) || this.#allowedHosts.has(name)
    return allowed && origin === `https://${host}`
  }

  /**
   * For the routes of the Writing Service: a program with the token, or without one where none is needed; never a web
   * page. A page's request always names its Origin when it sends something, and Sec-Fetch-Site when it reads; a form can
   * send no JSON. A browser that was let in may read and send as in the studio.
   */
  refuseProgram(request: IncomingMessage): Refusal | null {
    const { headers, method } = request
    const site = headers['sec-fetch-site']
    const fromPage = headers.origin !== undefined || (site !== undefined && site !== 'none')
    const reads = method === 'GET' || method === 'HEAD'
    const asBrowser = () => (reads ? this.refuseStranger(request) : this.refuseWithoutKey(request))
    // Where every program may read, so may our own /docs and /status, which a browser opens without having been let in.
    if (fromPage) return this.refuseOrigin(request) ?? (reads && this.#programToken === null ? null : asBrowser())
    if (asBrowser() !== null && this.#programToken !== null && !carries(headers.authorization, this.#programToken))
      return { status: 401, error: fault('tokenNeeded') }
    const sends = method !== 'GET' && method !== 'HEAD' && hasBody(request)
    const type = (headers['content-type'] ?? '').split(';')[0].trim().toLowerCase()
    if (sends && type !== 'application/json' && type !== 'multipart/form-data')
      return { status: 415, error: fault('notJson') }
    return null
  }

  refuseStranger(request: IncomingMessage): Refusal | null {
    if (this.knows(request)) return null
    return { status: 401, error: fault('notLetIn') }
  }

  /** The request is the page's own, and not of somebody who has got hold of its cookie. */
  holdsKey({ headers }: IncomingMessage): boolean {
    const given = headers[KEY_HEADER]
    return typeof given === 'string' && sameSecret(given, this.key)
  }

  /** For what changes anything, or tells what is not a picture. */
  refuseWithoutKey(request: IncomingMessage): Refusal | null {
    return this.refuseStranger(request) ?? (this.holdsKey(request) ? null : { status: 401, error: fault('notLetIn') })
  }

  /** Cookies do not tell ports apart, names do: two studios on one machine do not log each other out. */
  get #cookieName(): string {
    return `zihua-${this.#port}`
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** "Bearer TOKEN", or Basic with the token as password, which is all that A1111's clients can send. */
function carries(authorization: string | undefined, token: string): boolean {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(authorization ?? '') ?? []
  if (scheme.toLowerCase() === 'bearer') return sameSecret(value, token)
  if (scheme.toLowerCase() !== 'basic') return false
  const text = Buffer.from(value, 'base64').toString('utf8')
  return sameSecret(text.slice(text.indexOf(':') + 1), token)
}

/** Compares hashes, so that the time tells neither the secret's text nor its length. */
function sameSecret(given: string, secret: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(secret))
}

function equal(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}
