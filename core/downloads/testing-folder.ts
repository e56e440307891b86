/** A server of a folder's files with ranges, and a manifest of them; also with the hub's headers. Tests only. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { DownloadManifest } from './manifest.ts'

export interface FolderServer extends AsyncDisposable {
  url: string
  /** Answers /OWNER/NAME/resolve/REVISION/PATH as huggingface.co does. */
  isHub: boolean
  /** Bytes a second of each connection; null: as fast as it goes. */
  rate: number | null
  manifest(id: string, kind: DownloadManifest['kind']): Promise<DownloadManifest>
}

export async function startFolderServer(
  root: string,
  wanted: (path: string) => boolean = isPart,
): Promise<FolderServer> {
  const http = createServer((request, response) => void serve(request, response).catch(() => response.destroy()))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const server: FolderServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    isHub: false,
    rate: null,
    async manifest(id, kind) {
      const entries = await readdir(root, { recursive: true, withFileTypes: true })
      const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
      const paths = files.map(file => file.slice(root.length + 1).replaceAll('\\', '/')).filter(wanted)
      const described = paths.map(async path => {
        const bytes = await readFile(join(root, path))
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        return { path, url: `${server.url}/${path}`, size: bytes.length, sha256 }
      })
      const about = { id, name: `${id} of a test`, kind, licence: [], purpose: '', revision: 'main' }
      return { ...about, files: await Promise.all(described) }
    },
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
  async function serve(request: IncomingMessage, response: ServerResponse) {
    const path = decodeURIComponent(request.url!).replace(/^\/([^/]+\/[^/]+\/resolve\/[^/]+\/)?/, '')
    const file = join(root, path)
    const { size } = await stat(file)
    const [, from = 0, last = size - 1] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')?.map(Number) ?? []
    const end = Math.min(last, size - 1)
    response.writeHead(206, {
      'content-length': end - from + 1,
      'content-range': `bytes ${from}-${end}/${size}`,
      etag: `"${size}"`,
      ...(server.isHub && (await hubHeaders(file))),
    })
    if (server.rate === null) return void createReadStream(file, { start: from, end }).pipe(response)
    const bytes = (await readFile(file)).subarray(from, end + 1)
    let at = 0
    const timer = setInterval(() => {
      response.write(bytes.subarray(at, (at += Math.ceil(server.rate! / 20))))
      if (at < bytes.length) return
      clearInterval(timer)
      response.end()
    }, 50)
    response.once('close', () => clearInterval(timer))
  }
  return server
}

/** What belongs to a model folder. */
const isPart = (path: string): boolean => !/^(runs|controls)/.test(path) && /\.(safetensors|json|txt)$/.test(path)

/** Large files are named by their SHA-256, small ones by Git's hash. */
async function hubHeaders(file: string): Promise<Record<string, string>> {
  const bytes = await readFile(file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  const commit = { 'x-repo-commit': 'c0ffee' }
  return file.endsWith('.safetensors')
    ? { ...commit, 'x-linked-etag': `"${sha256}"` }
    : { ...commit, etag: `"${blob}"` }
}
