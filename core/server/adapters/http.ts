/** Reading bodies and answering JSON for the adapters, which speak other programs' shapes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fault } from '../../faults/fault.ts'

/** The whole body. @throws StudioError 'bad-request' as soon as it is larger than `limit` bytes */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > limit) throw fault('bodyTooLarge', { megabytes: limit / 2 ** 20 })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** The body as JSON; an empty one is an empty object. @throws StudioError 'bad-request' */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const body = await readBody(request, limit)
  if (body.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw fault('bodyUnreadable', {}, { cause })
  }
}

/** The fields and files of a form. @throws StudioError 'bad-request' */
export async function readForm(request: IncomingMessage, limit: number): Promise<FormData> {
  const body = await readBody(request, limit)
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
