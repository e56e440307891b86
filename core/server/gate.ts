/**
 * Who may talk to the browser host. It listens on this machine, but every web page that a user has open, and every
 * program, can reach it there: so each request must come from our own page (Host, Origin, Sec-Fetch-Site) in a browser
 * that was let in (a one-time token in the URL, exchanged for a cookie that scripts cannot read).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { fault } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'

/** Why a request is refused. */
export interface Refusal {
  status: 400 | 401 | 403
  error: StudioError
}

export class Gate {
  readonly #port: number
  readonly #addresses: ReadonlySet<string>
  /** Listening on all addresses: any address may be in the URL, but no name except localhost. */
  readonly #anyAddress: boolean
  readonly #session = randomBytes(32).toString('base64url')
  /** Not yet exchanged. */
  readonly #tokens = new Set<string>()

  /** @param address what the server listens on */
  constructor(address: string, port: number) {
    this.#port = port
    this.#anyAddress = address === '0.0.0.0' || address === '::'
    this.#addresses = new Set(['localhost', '127.0.0.1', address])
  }

  /** A token that lets one browser in. */
  invite(): string {
    const token = randomBytes(32).toString('base64url')
    this.#tokens.add(token)
    return token
  }

  /** The cookie for a token that has not been used; null for any other. */
  redeem(token: string): string | null {
    const found = [...this.#tokens].find(known => equal(known, token))
    if (found === undefined) return null
    this.#tokens.delete(found)
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** The browser has been let in. */
  knows({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map(cookie => cookie.trim().split('='))
    return cookies.some(([name, value = '']) => name === this.#cookieName && equal(value, this.#session))
  }

  /** A name that leads here but is not ours is another site's trick (DNS rebinding). */
  refuseHost({ headers }: IncomingMessage): Refusal | null {
    const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(headers.host ?? '')
    const name = match?.[1].replace(/^\[|\]$/g, '').toLowerCase() ?? ''
    const ours = this.#addresses.has(name) || (this.#anyAddress && isIP(name) !== 0)
    if (ours && Number(match?.[2] ?? 80) === this.#port) return null
    return { status: 403, error: fault('otherHost') }
  }

  /** Another site's page, or another program's on this machine. */
  refuseOrigin({ headers, method }: IncomingMessage): Refusal | null {
    const { origin, host } = headers
    const site = headers['sec-fetch-site']
    const reads = method === 'GET' || method === 'HEAD'
    const foreign =
      (origin !== undefined && origin !== `http://${host}`) ||
      (origin === undefined && !reads) ||
      (site !== undefined && site !== 'same-origin' && !(site === 'none' && reads))
    return foreign ? { status: 403, error: fault('otherSite') } : null
  }

  refuseStranger(request: IncomingMessage): Refusal | null {
    if (this.knows(request)) return null
    return { status: 401, error: fault('notLetIn') }
  }

  /** Cookies do not tell ports apart, names do: two studios on one machine do not log each other out. */
  get #cookieName(): string {
    return `zihua-${this.#port}`
  }
}

function equal(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}
