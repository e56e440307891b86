/** What a server's answer to a request for a range means, and what is wrong with it. */
import { fault } from '../faults/fault.ts'
import type { Answer } from './http.ts'

/** An answer that may be better next time. */
export class BadAnswer extends Error {
  override name = 'BadAnswer' as const
  /** When the server wants to be asked again, milliseconds from now; null where it does not say. */
  readonly retryAfterMs: number | null
  constructor(message: string, retryAfterMs: number | null = null) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** The file is not the one that the download began with. */
export class Changed extends Error {
  override name = 'Changed' as const
}

export interface Part {
  /** First byte of the body, and the one after its last. */
  from: number
  to: number
  size: number
  /** The whole file, as from a server that knows no ranges. */
  whole: boolean
  /** For If-Range; null where there is no strong ETag and no date. */
  validator: string | null
  /** X-Linked-ETag: the hub's name of the content. */
  identity: string | null
  commit: string | null
  /** SHA-256 as the hub publishes it, or null. */
  sha256: string | null
  /** Git's hash of a small file that the hub keeps in the repository itself, or null. */
  gitBlob: string | null
}

export interface Wanted {
  file: string
  from: number
  /** As published, or as the first answer said; null as long as nobody knows. */
  size: number | null
}

/**
 * Reads status and headers.
 * @throws StudioError where asking again is useless, BadAnswer where it may help
 */
export function readAnswer({ status, headers, hub, url }: Answer, { file, from, size }: Wanted): Part {
  const { host } = new URL(url)
  if (status === 401 || status === 403) throw fault('downloadNotAllowed', { file, host })
  if (status === 404 || status === 410) throw fault('downloadAbsent', { file, host })
  if (status === 416) throw new Changed('it has become shorter')
  if (status === 429 || status === 408 || status >= 500)
    throw new BadAnswer(`${host} answered ${status}`, retryAfter(headers.get('retry-after')))
  if (status !== 200 && status !== 206) throw fault('downloadRefused', { file, host, status })
  const type = headers.get('content-type') ?? ''
  if (/^text\/html\b/i.test(type) && !/\.html?$/i.test(file)) throw fault('downloadPage', { file, host })
  if (!/^(identity)?$/i.test(headers.get('content-encoding') ?? ''))
    throw new BadAnswer(`${host} packed the bytes although it was asked not to`)
  const length = /^\d+$/.test(headers.get('content-length') ?? '') ? Number(headers.get('content-length')) : null
  const span = status === 206 ? rangeOf(host, headers.get('content-range'), from, length) : { from: 0, size: length }
  const total = span.size ?? size
  if (total === null || total === 0) throw fault('downloadSizeUnknown', { file, host })
  if (size !== null && total !== size) throw fault('downloadSizeDiffers', { file, host, bytes: total, wanted: size })
  const to = status === 206 ? from + (length ?? total - from) : total
  return { from: span.from, to, size: total, whole: status === 200, ...identityOf(headers, hub) }
}

function rangeOf(host: string, text: string | undefined, from: number, length: number | null) {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(text?.trim() ?? '')
  if (!match) throw new BadAnswer(`${host} sent a part without saying which`)
  const [first, last] = [Number(match[1]), Number(match[2])]
  if (first !== from) throw new BadAnswer(`${host} sent another part than was asked for`)
  if (length !== null && length !== last - first + 1) throw new BadAnswer(`${host} contradicts itself about a length`)
  return { from: first, size: match[3] === '*' ? null : Number(match[3]) }
}

function identityOf(headers: Answer['headers'], hub: Answer['hub']) {
  const etag = headers.get('etag')
  // A weak ETag does not promise equal bytes, and is not allowed in If-Range (RFC 9110, 13.1.5).
  const validator = etag && !etag.startsWith('W/') ? etag : (headers.get('last-modified') ?? null)
  const linked = unquote(hub.get('x-linked-etag'))
  const commit = hub.get('x-repo-commit') ?? null
  const plain = unquote(hub.get('etag'))
  return {
    validator,
    commit,
    identity: linked ?? (commit ? plain : null),
    sha256: linked && /^[0-9a-f]{64}$/.test(linked) ? linked : null,
    gitBlob: commit && !linked && plain && /^[0-9a-f]{40}$/.test(plain) ? plain : null,
  }
}

const unquote = (etag: string | undefined): string | null => etag?.replace(/^W\//, '').replaceAll('"', '') ?? null

/** Seconds, or a date. */
export function retryAfter(text: string | undefined, now = Date.now()): number | null {
  if (text === undefined) return null
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
