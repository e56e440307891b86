/** Files as answers: the built renderer's, and pictures. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { basename, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.ttc': 'font/collection',
  '.txt': 'text/plain; charset=utf-8',
}

/** What a URL's path names inside a folder; null for one that climbs out, hides something, or cannot be read. */
export function pathInside(folder: string, urlPath: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  const parts = path.split('/').filter(Boolean)
  const bad = parts.some(part => part.startsWith('.') || /[\\\0:]/.test(part))
  return bad ? null : join(folder, ...parts)
}

export interface SendOptions {
  /** Its name says its content: kept for ever. Otherwise asked for again each time. */
  immutable: boolean
  headers: Readonly<Record<string, string>>
}

/** @returns false where there is no such file, and nothing was sent */
export async function sendFile(response: ServerResponse, path: string, options: SendOptions): Promise<boolean> {
  const info = await stat(path).catch(() => null)
  if (!info?.isFile()) return false
  // A script that lies compressed (the viewer of /docs) is sent as it is.
  const plain = path.endsWith('.js.gz') ? path.slice(0, -'.gz'.length) : path
  response.writeHead(200, {
    ...options.headers,
    'content-type': TYPES[extname(plain).toLowerCase()] ?? 'application/octet-stream',
    ...(plain !== path && { 'content-encoding': 'gzip' }),
    'content-length': info.size,
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(basename(plain))}`,
    'cache-control': options.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
  })
  // A browser that has left is no fault.
  await pipeline(createReadStream(path), response).catch(() => response.destroy())
  return true
}

/** Bytes of a picture whose name says its content. */
export function sendPicture(
  response: ServerResponse,
  type: 'image/png' | 'image/webp',
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): void {
  const cache = 'private, max-age=31536000, immutable'
  response.writeHead(200, {
    ...headers,
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': cache,
  })
  response.end(bytes)
}
