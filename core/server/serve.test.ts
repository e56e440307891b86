/** The browser host over real HTTP: whom it refuses, and a picture from the request to the file. */

import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestInput } from '../contract/request.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import type { StudioEvent } from '../host/api/studio.ts'
import type { StudioClient } from '../host/api.ts'
import { StudioHost } from '../host/studio-host.ts'
import { WordPainter } from '../library/testing.ts'
import { makeSet } from '../sets/make-set.ts'
import { fixture } from '../testing/fixtures.ts'
import { type Served, serve } from './serve.ts'

let root = ''
let host: StudioHost
let served: Served
/** Of the browser that was let in. */
let cookie = ''
let key = ''
let api: StudioClient

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** As it is: no library may correct the path or the headers. */
function raw(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { method = 'GET', headers = {}, body } = options
  return new Promise<Answer>((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port: served.port, path, method, headers }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const get = (path: string, headers: Record<string, string> = {}) => raw(path, { headers: { cookie, ...headers } })
const post = (path: string, body: string, headers: Record<string, string> = {}) => {
  const own = { cookie, origin: served.origin, 'x-zihua-key': key, 'content-type': 'application/json' }
  return raw(path, { method: 'POST', body, headers: { ...own, ...headers } })
}
const reportOf = ({ body }: Answer) => (JSON.parse(body.toString()) as { json: { data: ErrorReport } }).json.data

const tokenOf = (url: string) => new URL(url).searchParams.get('token')!

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-serve-'))
  const renderer = join(root, 'renderer')
  await mkdir(join(renderer, 'assets'), { recursive: true })
  await writeFile(join(renderer, 'index.html'), '<!doctype html><title>studio</title>')
  await writeFile(join(renderer, 'assets', 'index-1.js'), 'export {}')
  await writeFile(join(renderer, '.secret'), 'no')
  await writeFile(join(root, 'outside.txt'), 'no')
  host = await StudioHost.open({ dataFolder: join(root, 'data'), firstPicture: false })
  served = await serve({ host, port: 0, renderer })
  const { headers } = await raw(`/?token=${tokenOf(served.invite())}`)
  cookie = headers['set-cookie']![0].split(';')[0]
  key = String(headers['x-zihua-key'])
  const headersOfLink = () => ({ cookie, origin: served.origin, 'x-zihua-key': key })
  api = createORPCClient(new RPCLink({ url: `${served.origin}/rpc`, headers: headersOfLink }))
})
afterAll(async () => {
  await served.close()
  await host[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

describe('who is let in', () => {
  it('exchanges a token once for a cookie that no script can read', async () => {
    const token = tokenOf(served.invite())
    const first = await raw(`/?token=${token}`)
    expect(first.status).toBe(200)
    expect(first.headers['set-cookie']![0]).toMatch(/^zihua-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(first.body.toString()).not.toContain(token)
    const second = await raw(`/?token=${token}`)
    expect([second.status, second.headers['set-cookie']]).toEqual([403, undefined])
  })

  it('tells the page its key once, behind the "#"; the cookie without it calls nothing', async () => {
    const token = tokenOf(served.invite())
    expect((await raw(`/?token=${token}`)).body.toString()).toContain(`url=/#key=${key}`)
    // Who has the cookie gets at no page that holds the key.
    for (const path of ['/', `/?token=${token}`, '/assets/index-1.js']) {
      const { body, headers } = await get(path)
      expect(body.toString() + JSON.stringify(headers)).not.toContain(key)
    }
    for (const wrong of ['', `${key}x`, cookie])
      expect((await post('/rpc/studio/info', '{}', { 'x-zihua-key': wrong })).status).toBe(401)
    expect((await post('/rpc/studio/info', '{}')).status).toBe(200)
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('runs no procedure for %s', async method => {
    const headers = { cookie, origin: served.origin, 'x-zihua-key': key }
    for (const path of ['/rpc/queue/pause', '/rpc/studio/info'])
      expect((await raw(path, { method, headers })).status).toBe(405)
    expect(host.queue.paused).toBe(false)
  })

  it('closes a socket that says nothing', async () => {
    const quiet = await serve({ host, port: 0, slowest: { headersMs: 300, requestMs: 300 } })
    const socket = connect(quiet.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.resume()
    await once(socket, 'close')
    await quiet.close()
  }, 5000)

  it('lets a known browser use its old address again', async () => {
    expect((await get('/?token=used')).status).toBe(200)
  })

  it('refuses a wrong token', async () => {
    expect((await raw('/?token=wrong')).status).toBe(403)
  })

  it.each(['/', '/assets/index-1.js', '/pictures/a.png', '/blobs/a.png'])(
    'refuses %s without the cookie',
    async path => {
      const answer = await raw(path)
      expect(answer.status).toBe(401)
      expect(reportOf(answer)).toMatchObject({ code: 'bad-request' })
    },
  )

  it('refuses a procedure without the cookie, and with a wrong one', async () => {
    expect((await post('/rpc/studio/info', '{}', { cookie: '' })).status).toBe(401)
    expect((await post('/rpc/studio/info', '{}', { cookie: `${cookie}x` })).status).toBe(401)
  })

  it.each(['evil.example', 'evil.example:8600', '127.0.0.1:1', '[::1'])('refuses the host "%s"', async name => {
    expect((await get('/', { host: name })).status).toBe(403)
  })

  it('knows itself as localhost too', async () => {
    expect((await get('/', { host: `localhost:${served.port}` })).status).toBe(200)
  })

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])('refuses the origin %s', async origin => {
    expect((await post('/rpc/studio/info', '{}', { origin })).status).toBe(403)
    expect((await get('/', { origin })).status).toBe(403)
  })

  it('refuses a procedure that says no origin', async () => {
    const headers = { cookie, 'content-type': 'application/json' }
    expect((await raw('/rpc/studio/info', { method: 'POST', body: '{}', headers })).status).toBe(403)
  })

  it.each(['cross-site', 'same-site'])('refuses a picture for a page that is %s', async site => {
    expect((await get('/pictures/a.png', { 'sec-fetch-site': site })).status).toBe(403)
  })

  it('lets two studios on one machine be', async () => {
    const other = await serve({ host, port: 0 })
    expect((await fetch(other.origin, { headers: { cookie } })).status).toBe(401)
    await other.close()
  })

  it('says when a port is taken', async () => {
    await expect(serve({ host, port: served.port })).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('files', () => {
  it('serves the renderer under a strict policy', async () => {
    const { status, headers, body } = await get('/')
    expect([status, body.toString()]).toEqual([200, '<!doctype html><title>studio</title>'])
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self';")
    expect(policy).not.toContain('unsafe-eval')
    expect(policy.match(/script-src[^;]*/)![0]).not.toContain('unsafe-inline')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    })
  })

  it('keeps what is named by its content', async () => {
    const { headers } = await get('/assets/index-1.js')
    expect(headers['content-type']).toContain('javascript')
    expect(headers['cache-control']).toContain('immutable')
  })

  it.each([
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/../../outside.txt',
    '/..%5coutside.txt',
    '/%00',
    '/%zz',
    '/.secret',
    '/assets',
    '/pictures/..%2f..%2foutside.png',
    '/thumbnails/..%2foutside.webp',
    '/blobs/..%2foutside.png',
    '/sets/..%2f..%2foutside.webp',
    `/sets/${'0'.repeat(36)}/..%2f..%2foutside.webp`,
    `/sets/${'0'.repeat(36)}/${'0'.repeat(64)}.webp`,
    `/sets/${'0'.repeat(36)}/${'0'.repeat(64)}/../../outside.webp`,
    '/nothing.html',
  ])('has nothing at %s', async path => {
    expect((await get(path)).status).toBe(404)
  })

  it('takes no other methods', async () => {
    expect((await post('/', '')).status).toBe(405)
    expect((await raw('/', { method: 'DELETE', headers: { cookie, origin: served.origin } })).status).toBe(405)
  })
})

describe('procedures', () => {
  it('answers', async () => {
    expect(await api.studio.info()).toMatchObject({ platform: 'browser', dataFolder: join(root, 'data') })
  })

  it('refuses one that there is not', async () => {
    for (const path of ['/rpc/studio/explode', '/rpc/__proto__/info', '/rpc/studio', '/rpc/constructor']) {
      const answer = await post(path, '{}')
      expect(answer.status).toBe(404)
      expect(reportOf(answer)).toMatchObject({ code: 'bad-request' })
    }
  })

  it('is not to be had by GET', async () => {
    expect((await get('/rpc/studio/info')).status).toBeGreaterThanOrEqual(400)
  })

  it('names the field that is invalid', async () => {
    const answer = await post('/rpc/library/search', JSON.stringify({ json: { sort: 'date', offset: -1, limit: 10 } }))
    expect(answer.status).toBe(400)
    expect(reportOf(answer)).toMatchObject({
      ...{ code: 'bad-request', message: expect.stringContaining('"offset"') },
      ...{ key: 'inputWrong', values: { field: 'offset', issue: { key: 'tooSmall' } } },
    })
  })

  it('refuses a field that it does not know', async () => {
    const answer = await post('/rpc/queue/add', JSON.stringify({ json: { request: { word: '学', exec: 'rm' } } }))
    expect(reportOf(answer)).toMatchObject({ code: 'bad-request', message: expect.stringContaining('exec') })
  })

  it('refuses what is no JSON', async () => {
    const answer = await post('/rpc/queue/add', '{"json":')
    expect([answer.status, reportOf(answer).code]).toEqual([400, 'bad-request'])
  })

  it('refuses a body that is too large, by its length and by counting', async () => {
    const large = JSON.stringify({ json: { text: 'x'.repeat(5 * 2 ** 20) } })
    const told = await post('/rpc/styles/importText', large)
    expect([told.status, reportOf(told).code]).toEqual([413, 'bad-request'])
    const counted = await post('/rpc/styles/importText', large, { 'transfer-encoding': 'chunked' })
    expect([counted.status, reportOf(counted).code]).toEqual([413, 'bad-request'])
  })

  it('takes a picture that is larger than other requests', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    const create = { width: 1400, height: 1400, channels: 3, background: '#000', noise } as const
    const png = await sharp({ create }).png().toBuffer()
    expect(png.length).toBeGreaterThan(4 * 2 ** 20)
    const { url } = await api.maps.upload({ name: 'noise.png', data: new Blob([new Uint8Array(png)]) })
    const { status, headers, body } = await get(url)
    expect([status, headers['content-type']]).toEqual([200, 'image/png'])
    expect(await sharp(body).metadata()).toMatchObject({ width: 1400 })
  })

  it('serves the maps that it names', async () => {
    const choices = [{ map: 'depth', method: 'distance_transform_depth' }] as const
    const canvas = { word: '一', layout: {}, width: 256, height: 256, style: 'comic', seed: 1 }
    const { maps, glyph } = await api.maps.ofPicture({ ...canvas, choices: [...choices] })
    for (const { url } of [...maps, glyph]) expect((await get(url)).headers['content-type']).toBe('image/png')
  })
})

it('small pictures of a set come by job and content, without a path', async () => {
  await writeFile(join(root, 'model.safetensors'), 'weights')
  const set = { words: ['学'], request: { width: 64, height: 64 }, sheet: false }
  const folder = join(root, 'a set')
  await makeSet(set, folder, { maker: new WordPainter(join(root, 'model.safetensors')), base: root })
  host.queue.setPaused(true)
  const { id } = host.queue.add({ kind: 'set', title: 'set', payload: { set, base: root, folder } })
  const [{ thumbnailUrl }] = (await api.sets.view({ id })).pictures
  expect(thumbnailUrl).toMatch(/^\/sets\/[0-9a-f-]{36}\/[0-9a-f]{64}\.webp$/)
  const { status, headers, body } = await get(thumbnailUrl)
  expect([status, headers['content-type']]).toEqual([200, 'image/webp'])
  expect(headers['cache-control']).toContain('immutable')
  expect(await sharp(body).metadata()).toMatchObject({ format: 'webp', width: 64 })
  expect((await raw(thumbnailUrl)).status).toBe(401)
  host.jobs.remove(id)
  expect((await get(thumbnailUrl)).status).toBe(404)
  host.queue.setPaused(false)
})

const model = fixture('sdxl/pipeline')
const request: RequestInput = { word: '学', model: model ?? '', width: 128, height: 128, steps: 2 }

describe.skipIf(!model)('a picture over HTTP (needs ZIHUA_FIXTURES)', () => {
  /** Every event until one fits. */
  async function until(fits: (event: StudioEvent) => boolean, begin: () => Promise<unknown>): Promise<StudioEvent[]> {
    const stop = new AbortController()
    const stream = await api.studio.events(undefined, { signal: stop.signal })
    const events: StudioEvent[] = []
    await begin()
    for await (const event of stream) {
      events.push(event)
      if (fits(event)) break
    }
    stop.abort()
    return events
  }
  const over = (event: StudioEvent) => event.kind === 'job' && !['waiting', 'running'].includes(event.job.state)

  it('is made, shown while it is made, and lies in the library', async () => {
    const events = await until(over, () => api.queue.add({ request }))
    const last = events.at(-1)!
    const job = last.kind === 'job' ? last.job : expect.unreachable()
    expect(job).toMatchObject({ state: 'done', error: null })
    const look = events.find(event => event.kind === 'preview')!
    expect((await get(look.url)).headers['content-type']).toBe('image/png')
    const { pictures, total } = await api.library.search({ sort: 'date', offset: 0, limit: 10 })
    expect([total, pictures[0].id]).toEqual([1, job.pictures[0]])
    const whole = await get(pictures[0].url)
    expect(await sharp(whole.body).metadata()).toMatchObject({ format: 'png', width: 128, height: 128 })
    const small = await get(pictures[0].thumbnailUrl)
    expect(await sharp(small.body).metadata()).toMatchObject({ format: 'webp' })
    // Its settings come back from the file alone.
    const dropped = await api.library.importFile({ name: 'x.png', data: new Blob([new Uint8Array(whole.body)]) })
    expect(dropped).toMatchObject({ request: { word: '学', model, steps: 2, prompt: null }, unmapped: [] })
  })

  it('is cancelled mid-way', async () => {
    let id = ''
    const stepped = (event: StudioEvent) => event.kind === 'job' && event.job.progress.done > 0
    const begin = async () => (id = (await api.queue.add({ request: { ...request, steps: 500 } })).id)
    await until(stepped, begin)
    const events = await until(over, () => api.queue.cancel({ id }))
    expect(events.at(-1)).toMatchObject({ kind: 'job', job: { id, state: 'cancelled', pictures: [] } })
    await api.queue.remove({ id })
    expect((await api.queue.list()).some(job => job.id === id)).toBe(false)
  })

  it('fails alone when its process dies, and can be tried again', async () => {
    let id = ''
    const stepped = (event: StudioEvent) => event.kind === 'job' && event.job.id === id && event.job.progress.done > 0
    await until(stepped, async () => (id = (await api.queue.add({ request: { ...request, steps: 500 } })).id))
    const events = await until(over, async () => process.kill(host.studio.inference.pids[0], 'SIGKILL'))
    expect(events.at(-1)).toMatchObject({ job: { id, state: 'failed', error: { code: 'inference-crashed' } } })
    await until(stepped, () => api.queue.retry({ id }))
    const removed = (event: StudioEvent) => event.kind === 'job-removed' && event.id === id
    await until(removed, () => api.queue.remove({ id }))
    expect(await api.queue.list()).toHaveLength(1)
  })
})
