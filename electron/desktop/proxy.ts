/**
 * Forwards zihua://studio/… to the browser host on a random local port. A custom protocol over HTTP rather than a
 * message
 * port, because one host then serves browser and desktop with the same checks and tests, streams, uploads and pictures
 * included; and because the page never learns the port or the cookie, which only this process has.
 */
import { SCHEME } from './window.ts'

/** Request headers that are passed on; cookie and origin are set here. */
const PASSED_ON = ['accept', 'content-type', 'last-event-id', 'range']
/** Response headers that are dropped: they describe the connection to the host, not the content. */
const NOT_PASSED_BACK = [
  'set-cookie',
  'x-zihua-key',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
]

export interface Upstream {
  /** "http://127.0.0.1:40321" */
  origin: string
  cookie: string
  /** What the page would hold in a browser; here it stays in this process. */
  key: string
}

/** Opens the host's one-time address, which answers with the session cookie. @throws Error where it is refused */
export async function enter(url: string, get: typeof fetch = fetch): Promise<Upstream> {
  const response = await get(url, { redirect: 'error' })
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0]
  const key = response.headers.get('x-zihua-key')
  if (!response.ok || !cookie || !key) throw new Error('The host did not accept its own token.')
  return { origin: new URL(url).origin, cookie, key }
}

/** Forwards one request of the page. */
export async function proxy(request: Request, upstream: Upstream, get: typeof fetch = fetch): Promise<Response> {
  const { protocol, host, pathname, search } = new URL(request.url)
  const origin = request.headers.get('origin')
  const foreign = protocol !== `${SCHEME}:` || host !== 'studio' || (origin !== null && origin !== `${SCHEME}://studio`)
  if (foreign) return new Response(null, { status: 403 })
  const headers = new Headers({ cookie: upstream.cookie, origin: upstream.origin, 'x-zihua-key': upstream.key })
  for (const name of PASSED_ON) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  const { method, body, signal } = request
  const init = { method, headers, signal, redirect: 'error' as const, ...(body && { body, duplex: 'half' as const }) }
  const response = await get(upstream.origin + pathname + search, init)
  const answered = new Headers(response.headers)
  for (const name of NOT_PASSED_BACK) answered.delete(name)
  return new Response(response.body, { status: response.status, headers: answered })
}

/** Calls a procedure of core/host/api.ts from this process. @throws Error with the host's own sentence */
export async function ask<Output>(
  { origin, cookie, key }: Upstream,
  procedure: string,
  input: object,
  get: typeof fetch = fetch,
): Promise<Output> {
  const headers = { cookie, origin, 'x-zihua-key': key, 'content-type': 'application/json' }
  const body = JSON.stringify({ json: input })
  const response = await get(`${origin}/rpc/${procedure}`, { method: 'POST', headers, body, redirect: 'error' })
  const { json } = (await response.json()) as { json: Output & { message?: string } }
  if (!response.ok) throw new Error(json.message ?? `The host answered ${response.status}.`)
  return json
}
