/** Reading bodies, and answering JSON for the adapters, which speak other programs' shapes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fault, phrase } from '../../faults/fault.ts'
import { StudioError } from '../../faults/studio-error.ts'

/** The whole body. @throws StudioError 'bad-request' as soon as it is larger than `limit` bytes, or where it breaks off */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    // A stream that is left before its end stays open, so that the refusal can still be sent.
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += part.length
      if (bytes > limit) throw fault('bodyTooLarge', { megabytes: limit / 2 ** 20 })
      parts.push(part)
    }
  } catch (cause) {
    throw cause instanceof StudioError ? cause : fault('bodyUnreadable', {}, { cause })
  }
  return Buffer.concat(parts)
}

/**
 * The body as JSON; undefined for an empty one. Bytes that are not UTF-8 are refused: replaced by U+FFFD they would be painted as
 * such.
 * @throws StudioError 'bad-request'
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const body = await readBody(request, limit)
  if (body.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    // The gate lets forms in, which some addresses take; this one wants JSON.
    throw fault(isForm(request) ? 'notJson' : 'bodyUnreadable', {}, { cause })
  }
}

/** The same; an empty body is an empty object. @throws StudioError 'bad-request' */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const body = await readJson(request, limit)
  return body === undefined ? {} : body
}

const isForm = ({ headers }: IncomingMessage): boolean =>
  (headers['content-type'] ?? '').trimStart().toLowerCase().startsWith('multipart/form-data')

/**
 * The fields and files of a form.
 * @param file the field that its file stands in: what is said to be missing of a body that is no form
 * @throws StudioError 'bad-request'
 */
export async function readForm(request: IncomingMessage, limit: number, file: string): Promise<FormData> {
  const body = await readBody(request, limit)
  if (!isForm(request))
    throw fault('fieldWrong', {
      ...{ what: phrase('theRequest'), field: file },
      issue: 'a file is expected, in a form (Content-Type: multipart/form-data)',
    })
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  return new Response(body, { headers }).formData().catch((cause: unknown) => {
    throw fault('bodyUnreadable', {}, { cause })
  })
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) return
  // What is left of a body that was refused must not be read as the next request.
  const close = status >= 400 ? { connection: 'close' } : {}
  response.writeHead(status, { 'content-type': 'application/json', ...close, ...headers })
  response.end(JSON.stringify(body))
}
