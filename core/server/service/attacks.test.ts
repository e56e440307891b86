/** What an attacker may send, and how little comes of it. No picture is painted here: the queue is paused. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestService } from './testing-service.ts'

const TOKEN = 'a-token-of-the-operator'
let open: TestService
let locked: TestService
let opened = ''

beforeAll(async () => {
  const slowest = { headersMs: 300, requestMs: 600 }
  open = await TestService.open({
    service: { limits: { body: 2 ** 20 } },
    slowest,
    allowedHosts: ['studio.example', 'localhost:9000'],
  })
  locked = await TestService.open({ token: TOKEN })
  opened = open.folder
  open.host.queue.setPaused(true)
  locked.host.queue.setPaused(true)
  await writeFile(join(opened, 'secret.png'), 'secret')
})
afterAll(async () => {
  await open[Symbol.asyncDispose]()
  await locked[Symbol.asyncDispose]()
})

const ROUTES = [
  '/api/writing/status',
  '/health',
  '/v1/models',
  '/sdapi/v1/options',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/status',
]

describe('who is let in', () => {
  it.each(ROUTES)('%s answers a program of this machine', async path => {
    expect((await open.get(path)).status).toBe(200)
  })

  it.each(ROUTES)('%s refuses a foreign host, a foreign page, and two hosts', async path => {
    expect((await open.get(path, { host: 'evil.example' })).status).toBe(403)
    expect((await open.get(path, { host: `evil.example:${open.served.port}` })).status).toBe(403)
    expect((await open.get(path, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await open.get(path, { origin: 'null' })).status).toBe(403)
    expect((await open.get(path, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await open.get(path, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
    const text = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${open.served.port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`
    expect(await answerTo(text)).toMatch(/^HTTP\/1.1 400 /)
  })

  it.each(ROUTES)('%s demands the token where there is one', async path => {
    expect((await locked.get(path)).status).toBe(401)
    for (const authorization of ['Bearer wrong', `Bearer ${TOKEN}x`, TOKEN, 'Bearer ', `Basic ${btoa('user:wrong')}`]) {
      const { status, headers } = await locked.get(path, { authorization })
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer'])
    }
    expect((await locked.get(path, { authorization: `Bearer ${TOKEN}` })).status).toBe(200)
    expect((await locked.get(path, { authorization: `Basic ${btoa(`user:${TOKEN}`)}` })).status).toBe(200)
  })

  it('each family says no in its own shape', async () => {
    const { error } = (await locked.get('/v1/models')).json()
    expect(error).toMatchObject({ type: 'authentication_error', message: expect.stringContaining('token') })
    const { detail } = (await locked.get('/sdapi/v1/options')).json()
    expect(detail).toContain('token')
    expect((await locked.get('/health')).json()).toMatchObject({ status: 401, key: 'tokenNeeded' })
  })

  it('the same page that was let in may read and send, without the token', async () => {
    const { pathname, search } = new URL(locked.served.invite())
    const { headers } = await locked.get(pathname + search)
    const cookie = headers['set-cookie']![0].split(';')[0]
    const key = String(headers['x-zihua-key'])
    const { origin } = locked.served
    expect((await locked.get('/status', { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await locked.post('/api/jobs', { word: '学' }, { cookie, origin })).status).toBe(401)
    expect((await locked.post('/api/jobs', { word: '学' }, { cookie })).status).toBe(401)
    expect((await locked.post('/api/jobs', { word: '学' }, { cookie, origin, 'x-zihua-key': key })).status).toBe(202)
    expect((await locked.post('/api/jobs', { word: '学' }, { cookie, origin: 'http://localhost:1' })).status).toBe(403)
  })

  it('a page of ours that was opened without an invitation may read, and send nothing', async () => {
    const own = { 'sec-fetch-site': 'same-origin' }
    for (const path of ['/docs/start.js', '/openapi.json', '/api/writing/status', '/health/detailed'])
      expect([path, (await open.get(path, own)).status]).toEqual([path, 200])
    expect((await locked.get('/openapi.json', own)).status).toBe(401)
    const origin = open.served.origin
    expect((await open.post('/api/jobs', { word: '学' }, { ...own, origin })).status).toBe(401)
    expect((await open.get('/', own)).status).toBe(401)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', ''])('a form cannot post (%s)', async type => {
    expect((await open.post('/api/jobs', { word: '学' }, { 'content-type': type })).status).toBe(415)
  })

  it('names of proxies and mapped ports are let in where the operator says so', async () => {
    expect((await open.get('/health', { host: 'studio.example' })).status).toBe(200)
    expect((await open.get('/health', { host: 'localhost:9000' })).status).toBe(200)
    expect((await open.get('/health', { host: 'localhost:9001' })).status).toBe(403)
    expect((await open.get('/health', { host: 'sub.studio.example' })).status).toBe(403)
    const { detail, hint } = (await open.get('/health', { host: 'localhost:9001' })).json()
    expect(`${detail} ${hint}`).toContain('--allow-host')
  })

  it('another address is not served to programs without a token', async () => {
    await expect(TestService.open({ address: '0.0.0.0' })).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('the studio’s own procedures stay closed to programs', async () => {
    expect((await open.post('/rpc/studio/info', {})).status).toBe(403)
    expect((await locked.post('/rpc/studio/info', {}, { authorization: `Bearer ${TOKEN}` })).status).toBe(403)
    expect((await open.get('/')).status).toBe(401)
  })
})

const MIDDLE = { transform: { x: 0.5, y: 0.5, scale: [0.5, 0.5], rotation: 0 } }
/** Every field of a request that is read as a path. */
const PATHS: [string, (path: string) => object][] = [
  ['model', path => ({ model: path })],
  ['controlnet', path => ({ controlnet: path })],
  ['vae', path => ({ vae: path })],
  ['loras', path => ({ loras: [{ path, weight: 1 }] })],
  ['latents', path => ({ latents: `${path}#x` })],
  ['noise', path => ({ noise: `${path}#x` })],
  ['initImage', path => ({ initImage: path })],
  ['layout.font', path => ({ layout: { font: path } })],
  ['controls.canny.image', path => ({ controls: { canny: { image: path } } })],
  ['controlImages.0.image', path => ({ controlImages: [{ type: 'canny', image: path }] })],
  ['repaint.mask', path => ({ repaint: { mask: path } })],
  [
    'composition.blocks.0.source.writing.font',
    path => ({
      composition: { blocks: [{ kind: 'word', source: { text: '学', writing: { font: path } }, ...MIDDLE }] },
    }),
  ],
]
const CLIMBS = [
  '/etc/passwd',
  '../secret.png',
  '../../../../etc/passwd',
  '/etc/passwd\0.png',
  'file:///etc/passwd',
  '\\\\evil\\share\\x.ttf',
  'C:\\x.ttf',
]

describe('paths', () => {
  it.each(PATHS)('no file is named by "%s"', async (field, requestOf) => {
    for (const path of CLIMBS) {
      for (const route of ['/api/writing/generate-writing-image', '/api/jobs']) {
        const { status, json } = await open.post(route, { word: '学', ...requestOf(path) })
        expect([status, json().key, json().field]).toEqual([400, 'pathClosed', field])
      }
      const request = requestOf(path)
      for (const set of [
        { words: ['学'], request },
        { words: ['学'], variants: [{ name: 'x', request }] },
      ])
        expect((await open.post('/api/sets', set)).json()).toMatchObject({ key: 'pathClosed' })
    }
  })

  it.each([
    ...['model', 'controlnet', 'vae', 'latents', 'controls.canny.image', 'layout.font', 'initImage', 'repaint.mask'],
    ...['repaint', 'composition', 'composition.blocks.0.source', 'composition.blocks.0.source.writing.font'],
  ])('nor by a matrix over "%s"', async field => {
    const matrix = { x: { field, values: ['/etc/passwd'] } }
    expect((await open.post('/api/sets', { words: ['学'], matrix })).json()).toMatchObject({ key: 'pathClosed', field })
  })

  it('nor by the adapters', async () => {
    const lora = { prompt: '学 <lora:/etc/passwd:1>', width: 128, height: 128 }
    // A tag's name is looked for in one folder and not found: the picture would be painted without it, but for the pause.
    expect((await open.post('/sdapi/v1/txt2img', lora)).json().detail).toContain('paused')
    const override = { prompt: '学', override_settings: { sd_model_checkpoint: '/etc/passwd' } }
    expect((await open.post('/sdapi/v1/txt2img', override)).status).toBe(400)
    expect((await open.post('/v1/images/generations', { prompt: '学', model: '/etc/passwd' })).status).toBe(404)
    const image = { prompt: 'x', init_images: ['/etc/passwd'] }
    expect((await open.post('/sdapi/v1/img2img', image)).status).toBe(400)
  })

  it('open with --files, and no further', async () => {
    const files = await TestService.open({ service: { files: join(opened, 'data') } })
    files.host.queue.setPaused(true)
    const create = { width: 64, height: 64, channels: 3, background: '#fff' } as const
    await sharp({ create })
      .png()
      .toFile(join(opened, 'data', 'own.png'))
    const send = async (initImage: string) => (await files.post('/api/jobs', { prompt: 'x', initImage })).json()
    expect(await send('own.png')).toMatchObject({ state: 'waiting' })
    for (const path of ['../secret.png', join(opened, 'secret.png'), '/etc/passwd', '.'])
      expect(await send(path)).toMatchObject({ key: 'pathClosed' })
    await files[Symbol.asyncDispose]()
  })

  it.each([
    '/api/pictures/..%2f..%2fsecret/file',
    '/docs/../secret.png',
    '/status/%2e%2e',
    '/v1/../etc',
    '/api/sets/..%2f/zip',
  ])('nothing lies at %s', async path => {
    expect((await open.get(path)).status).toBe(404)
  })
})

describe('bodies', () => {
  it('of a gigabyte are refused before they are read, and where they do not tell, by counting', async () => {
    const length = { 'content-length': String(2 ** 30) }
    const head = `POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1:${open.served.port}\r\nContent-Type: application/json\r\n`
    expect(await answerTo(`${head}Content-Length: ${length['content-length']}\r\n\r\n{`)).toMatch(/^HTTP\/1.1 413 /)
    const large = JSON.stringify({ word: 'x'.repeat(2 ** 20) })
    for (const path of ['/api/jobs', '/v1/images/generations', '/sdapi/v1/txt2img']) {
      const counted = await open.post(path, large, { 'transfer-encoding': 'chunked' }).catch((error: Error) => error)
      // The connection may be closed while the rest is still being sent.
      if (!(counted instanceof Error)) expect(counted.status).toBe(413)
    }
    expect((await open.get('/health')).status).toBe(200)
  })

  it('and headers that trickle in are cut off', async () => {
    const head = `POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1:${open.served.port}\r\nContent-Type: application/json\r\n`
    expect(await answerTo(`${head}Content-Length: 100\r\n\r\n{`)).toMatch(/^HTTP\/1.1 408 /)
    expect(await answerTo(head)).toMatch(/^HTTP\/1.1 408 /)
  })

  it.each(['{"word":', '[', 'null', '"x"', '1e999', `${'['.repeat(50_000)}`])(
    'that are no request are refused (%#)',
    async body => {
      for (const path of [
        '/api/jobs',
        '/api/writing/generate-writing-image',
        '/api/maps',
        '/v1/images/generations',
        '/sdapi/v1/txt2img',
      ]) {
        const { status } = await open.post(path, body)
        expect([path, status >= 400 && status < 500]).toEqual([path, true])
      }
    },
  )

  it('of broken UTF-8 break nothing', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"word":"'),
      Buffer.from([0xc3, 0x28, 0xff, 0xfe]),
      Buffer.from('","style":"none"}'),
    ])
    const headers = { 'content-type': 'application/json' }
    for (const path of ['/api/jobs', '/v1/images/generations'])
      expect((await open.raw(path, { method: 'POST', body: bytes, headers })).status).toBe(400)
  })

  it('cannot say two lengths', async () => {
    const head = `POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1:${open.served.port}\r\nContent-Type: application/json\r\n`
    for (const smuggled of [
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
    ])
      expect(await answerTo(head + smuggled)).toMatch(/^HTTP\/1.1 400 /)
  })

  it('cannot reach a prototype', async () => {
    const bodies = [
      '{"word":"学","prompt":"学","__proto__":{"model":"/etc/passwd"}}',
      '{"word":"学","prompt":"学","constructor":{"prototype":{"polluted":1}}}',
      '{"word":"学","prompt":"学","controls":{"__proto__":{"polluted":1}}}',
    ]
    for (const body of bodies)
      for (const path of ['/api/jobs', '/v1/images/generations', '/sdapi/v1/txt2img', '/sdapi/v1/options'])
        expect((await open.post(path, body)).status).not.toBe(500)
    await open.get('/api/pictures?__proto__[polluted]=1&constructor[prototype][polluted]=1')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.hasOwn(Object.prototype, 'model')).toBe(false)
  })
})

describe('pictures', () => {
  it('that would unpack to gigapixels are refused, wherever they may be sent', async () => {
    const create = { width: 16_000, height: 16_000, channels: 3, background: '#fff' } as const
    const bomb = (await sharp({ create, limitInputPixels: false }).png({ compressionLevel: 9 }).toBuffer()).toString(
      'base64',
    )
    const url = `data:image/png;base64,${bomb}`
    for (const body of [
      { controlImages: [{ type: 'canny', image: url }] },
      { initImage: url },
      { controls: { depth: { image: url } } },
    ])
      expect((await open.post('/api/jobs', { word: '学', ...body })).json()).toMatchObject({
        code: 'bad-image',
        status: 400,
      })
    expect((await open.post('/sdapi/v1/img2img', { prompt: 'x', init_images: [bomb] })).status).toBe(400)
  })

  it('that are masks are refused too: gigapixels, halves, and what is none', async () => {
    const create = { width: 12_000, height: 12_000, channels: 4, background: '#0000' } as const
    const bomb = await sharp({ create, limitInputPixels: false }).png({ compressionLevel: 9 }).toBuffer()
    const image = await sharp({ create: { ...create, width: 64, height: 64 } })
      .png()
      .toBuffer()
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    for (const mask of [bomb, image.subarray(0, 60), svg, Buffer.alloc(0)]) {
      const form = new FormData()
      form.set('prompt', 'x')
      form.set('image', new Blob([new Uint8Array(image)], { type: 'image/png' }), 'x.png')
      form.set('mask', new Blob([new Uint8Array(mask)], { type: 'image/png' }), 'm.png')
      const answer = await fetch(`${open.served.origin}/v1/images/edits`, { method: 'POST', body: form })
      const { error } = (await answer.json()) as { error: { type: string } }
      expect([answer.status, error.type]).toEqual([400, 'invalid_request_error'])
    }
  })

  it.each(['', 'AAAA', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')])(
    'that are none are refused (%#)',
    async text => {
      const initImage = `data:image/png;base64,${text}`
      expect((await open.post('/api/jobs', { prompt: 'x', initImage })).json()).toMatchObject({ code: 'bad-image' })
    },
  )
})

it('a token or a cookie is never logged', async () => {
  await locked.get('/api/writing/status', { authorization: `Bearer ${TOKEN}`, cookie: 'secret=cookie' })
  const { folder, host, served } = locked
  expect((await locked.get('/health')).status).toBe(401)
  await host.log.flush()
  const names = await readdir(join(folder, 'data', 'logs'))
  const text = (await Promise.all(names.map(name => readFile(join(folder, 'data', 'logs', name), 'utf8')))).join('')
  expect(text).toContain('/api/writing/status')
  for (const secret of [TOKEN, 'secret=cookie', new URL(served.invite()).search.slice(7)])
    expect(text).not.toContain(secret)
})

/** The raw answer to raw bytes on a connection of its own. */
function answerTo(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(open.served.port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', part => {
      answer += part
      if (answer.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
