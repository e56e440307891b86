/** For tests: a studio with the Writing Service, on a port and in a data folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HostOptions, StudioHost } from '../../host/studio-host.ts'
import { type Served, type ServeOptions, serve } from '../serve.ts'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  json: () => any
}

export interface RawOptions {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

export class TestService implements AsyncDisposable {
  readonly folder: string
  readonly host: StudioHost
  readonly served: Served

  private constructor(folder: string, host: StudioHost, served: Served) {
    this.folder = folder
    this.host = host
    this.served = served
  }

  static async open(options: Partial<ServeOptions> = {}, host: Partial<HostOptions> = {}): Promise<TestService> {
    const folder = await mkdtemp(join(tmpdir(), 'zihua-service-'))
    const opened = await StudioHost.open({ dataFolder: join(folder, 'data'), firstPicture: false, ...host })
    const served = await serve({ port: 0, service: {}, ...options, host: opened })
    return new TestService(folder, opened, served)
  }

  /** As it is: no library may correct the path or the headers. */
  raw(path: string, { method = 'GET', headers = {}, body }: RawOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port: this.served.port, path, method, headers }, response => {
        const parts: Buffer[] = []
        response.on('data', part => parts.push(part))
        response.on('end', () => {
          const whole = Buffer.concat(parts)
          const { statusCode = 0, headers } = response
          resolve({ status: statusCode, headers, body: whole, json: () => JSON.parse(whole.toString()) })
        })
        response.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.raw(path, { headers })
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return this.raw(path, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.served.close()
    await this.host[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true })
  }
}
