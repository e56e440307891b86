/**
 * Requests of downloads: redirects followed by hand, so that a token never reaches another host; the system's proxies; a
 * mirror in place of huggingface.co.
 */
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { fault, reasonOf } from '../faults/fault.ts'
import { VERSION } from '../files/version.ts'

export const HUB = 'https://huggingface.co'
const MAX_REDIRECTS = 6
const CONNECT_MS = 20_000

export interface HttpOptions {
  /** Stands for huggingface.co in every address; default HF_ENDPOINT. */
  mirror?: string | null
  /** Sent to the hub or its mirror alone. */
  token?: string | null
  /** A connection that brings nothing for so long is given up, milliseconds. */
  stallMs?: number
}

export interface Answer {
  status: number
  /** Of the last answer. Names are lower-case; the first of several values. */
  headers: ReadonlyMap<string, string>
  /** Of all answers on the way, redirects included; the first one wins: the hub's own come with its redirect. */
  hub: ReadonlyMap<string, string>
  body: Dispatcher.ResponseData['body']
  /** Where it came from in the end. */
  url: string
}

/** A redirect that is not followed; the request may be tried again. */
export class RedirectError extends Error {
  override name = 'RedirectError' as const
}

export class Http implements AsyncDisposable {
  readonly #agent: Dispatcher
  readonly #mirror: string | null
  readonly #token: string | null

  /** @throws StudioError 'bad-request' for a proxy or mirror that is no address */
  constructor({ mirror, token, stallMs = 30_000 }: HttpOptions = {}) {
    this.#mirror = mirrorOf(mirror ?? process.env['HF_ENDPOINT'] ?? null)
    this.#token = token ?? null
    try {
      this.#agent = new EnvHttpProxyAgent({
        headersTimeout: stallMs,
        bodyTimeout: stallMs,
        connect: { timeout: Math.min(CONNECT_MS, stallMs) },
        pipelining: 1,
      })
    } catch (cause) {
      throw fault('proxyWrong', { reason: reasonOf(cause) }, { cause })
    }
  }

  /** The address that is asked: the mirror's where one is set. */
  resolve(url: string): string {
    return this.#mirror !== null && url.startsWith(`${HUB}/`) ? this.#mirror + url.slice(HUB.length) : url
  }

  /** @throws the network's error; RedirectError */
  async get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const hub = new Map<string, string>()
    let target = new URL(this.resolve(url))
    for (let hops = 0; ; hops++) {
      const answer = await request(target, {
        dispatcher: this.#agent,
        headers: {
          'user-agent': `zihua-studio/${VERSION}`,
          'accept-encoding': 'identity',
          ...headers,
          ...(this.#mayKnowToken(target) && { authorization: `Bearer ${this.#token}` }),
        },
        signal,
      })
      const own = new Map(
        Object.entries(answer.headers).map(([name, value]) => [name, String(Array.isArray(value) ? value[0] : value)]),
      )
      for (const [name, value] of own) if (!hub.has(name)) hub.set(name, value)
      const location = own.get('location')
      if (answer.statusCode < 300 || answer.statusCode > 399 || location === undefined)
        return { status: answer.statusCode, headers: own, hub, body: answer.body, url: target.href }
      await answer.body.dump().catch(() => {})
      if (hops === MAX_REDIRECTS) throw new RedirectError('it redirects without end')
      const next = new URL(location, target)
      const secure = target.protocol === 'https:'
      if (next.protocol !== 'https:' && (secure || next.protocol !== 'http:'))
        throw new RedirectError(`it redirects to ${next.protocol}//${next.host}, which is not safe`)
      target = next
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }

  /** The token is for the hub, over an encrypted connection or on this machine. */
  #mayKnowToken({ origin, protocol, hostname }: URL): boolean {
    const isHub = origin === HUB || (this.#mirror !== null && origin === new URL(this.#mirror).origin)
    return this.#token !== null && isHub && (protocol === 'https:' || /^(127\.|localhost$|\[::1\])/.test(hostname))
  }
}

function mirrorOf(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const url = URL.parse(text.trim())
  if (!url || !/^https?:$/.test(url.protocol)) throw fault('mirrorWrong', { mirror: text })
  let { href } = url
  while (href.endsWith('/')) href = href.slice(0, -1)
  return href
}
