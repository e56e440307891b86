/** What a stranger with curl is told: the right status, and a sentence that says what to do. No picture is painted: the queue is paused. */
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestService } from './testing-service.ts'

let service: TestService
beforeAll(async () => {
  service = await TestService.open()
  service.host.queue.setPaused(true)
})
afterAll(() => service[Symbol.asyncDispose]())

const GENERATE = '/api/writing/generate-writing-image'
const EVERY_FAMILY = [GENERATE, '/api/jobs', '/v1/images/generations', '/sdapi/v1/txt2img']

describe('methods', () => {
  it.each([
    '/health',
    '/health/detailed',
    '/api/writing/status',
    '/v1/models',
    '/sdapi/v1/options',
    '/status',
    '/metrics',
  ])('HEAD %s is GET without its body', async path => {
    const [head, get] = [await service.raw(path, { method: 'HEAD' }), await service.get(path)]
    expect([head.status, head.body.length, head.headers['content-type']]).toEqual([200, 0, get.headers['content-type']])
  })

  it.each([
    [GENERATE, 'GET', 'POST, OPTIONS'],
    [GENERATE, 'DELETE', 'POST, OPTIONS'],
    ['/health', 'POST', 'GET, HEAD, OPTIONS'],
    ['/api/jobs', 'PUT', 'POST, GET, HEAD, OPTIONS'],
    ['/api/jobs/x/cancel', 'GET', 'POST, OPTIONS'],
    ['/api/jobs/x/events', 'HEAD', 'GET, HEAD, OPTIONS'],
    ['/v1/images/generations', 'GET', 'POST, OPTIONS'],
    ['/sdapi/v1/txt2img', 'GET', 'POST, OPTIONS'],
    ['/sdapi/v1/options', 'PUT', 'GET, POST, HEAD, OPTIONS'],
    ['/docs', 'POST', 'GET, HEAD, OPTIONS'],
  ])('%s takes no %s', async (path, method, allow) => {
    const answer = await service.raw(path, { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.allow?.split(', ').toSorted()).toEqual(allow.split(', ').toSorted())
    const options = await service.raw(path, { method: 'OPTIONS' })
    expect([options.status, options.headers.allow]).toEqual([204, answer.headers.allow])
    // No page of another site is let in by it.
    expect(options.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('what there is not, is not there by any method', async () => {
    for (const path of ['/api/nope', '/api', '/v1/chat/completions', '/sdapi/v1/nope', '/health/nope'])
      for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS'])
        expect([path, method, (await service.raw(path, { method })).status]).toEqual([path, method, 404])
  })

  it('a slash too many is forgiven', async () => {
    expect((await service.get('//health')).status).toBe(200)
    expect((await service.post(`//api//writing/generate-writing-image/`, [])).json()).toMatchObject({
      key: 'bodyNoObject',
    })
  })
})

describe('bodies', () => {
  it.each(EVERY_FAMILY)('%s says that it unpacks none', async path => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const { status, body } = await service.raw(path, { method: 'POST', headers, body: gzipSync('{"word":"学"}') })
    expect(status).toBe(415)
    expect(body.toString()).toContain('compressed (gzip)')
  })

  it.each(['', '[]', '"学"', 'null', '5'])('%j is no object', async body => {
    const { status, json } = await service.post(GENERATE, body)
    expect([status, json().key, json().hint]).toEqual([400, 'bodyNoObject', expect.stringContaining('{"word"')])
  })

  it.each([...EVERY_FAMILY, '/api/maps', '/api/sets', '/sdapi/v1/options'])(
    '%s takes no other encoding than UTF-8',
    async path => {
      // 你好 in GBK, as a Chinese console sends it. (学习 there happens to be UTF-8 too, of other letters.)
      const word = Buffer.from([0xc4, 0xe3, 0xba, 0xc3])
      const body = Buffer.concat([Buffer.from('{"word":"'), word, Buffer.from('","prompt":"x"}')])
      const headers = { 'content-type': 'application/json' }
      const { status, body: said } = await service.raw(path, { method: 'POST', headers, body })
      expect([status, said.toString()]).toEqual([400, expect.stringContaining('JSON in UTF-8')])
      expect(service.host.queue.list()).toEqual([])
    },
  )

  it('may begin with a byte order mark', async () => {
    const { json } = await service.post('/api/jobs', '\ufeff{"word":"学"}')
    expect(json()).toMatchObject({ title: '学', state: 'waiting' })
    service.host.queue.cancel(json().id)
  })

  it.each([
    ['/api/jobs', { prompt: '' }],
    ['/api/jobs', { prompt: ' \n' }],
    [GENERATE, { prompt: '' }],
    ['/v1/images/generations', { prompt: '' }],
    ['/v1/images/generations', { prompt: '""' }],
    ['/v1/images/generations', { prompt: '「 」' }],
    ['/sdapi/v1/txt2img', {}],
    ['/sdapi/v1/txt2img', { prompt: ' ' }],
  ])('%s paints nothing of %j', async (path, body) => {
    service.host.queue.setPaused(false)
    const { status, body: said } = await service.post(path, body)
    service.host.queue.setPaused(true)
    expect([status, said.toString()]).toEqual([400, expect.stringContaining('neither a word nor a prompt')])
  })

  it('an empty prompt beside a picture is still a request', async () => {
    const create = { width: 64, height: 64, channels: 3, background: '#a00' } as const
    const image = `data:image/png;base64,${(await sharp({ create }).png().toBuffer()).toString('base64')}`
    const composition = {
      blocks: [
        {
          ...{ kind: 'motif', source: { emoji: '⭐' } },
          transform: { x: 0.5, y: 0.5, scale: [0.5, 0.5], rotation: 0 },
        },
      ],
    }
    for (const beside of [{ initImage: image }, { controlImages: [{ type: 'depth', image }] }, { composition }]) {
      const { status, json } = await service.post('/api/jobs', { prompt: '', ...beside })
      expect([Object.keys(beside), status]).toEqual([Object.keys(beside), 202])
      service.host.queue.cancel(json().id)
    }
  })

  it('a name that no model has is told from a path that is closed', async () => {
    expect((await service.post('/api/jobs', { word: '学', model: 'sd-xl turbo' })).json()).toMatchObject({
      ...{ status: 400, key: 'modelUnknown' },
      detail: expect.stringContaining('sd-xl turbo'),
    })
    expect((await service.post('/api/jobs', { word: '学', model: './x' })).json()).toMatchObject({ key: 'pathClosed' })
  })

  it('a hint is one that a program can follow', async () => {
    const model = (await service.post('/api/jobs', { word: '学', model: 'none' })).json()
    expect(model.hint).toContain('GET /api/models')
    expect((await service.post('/api/jobs', { word: '学', model: './x' })).json().hint).not.toContain('--files')
  })

  it('a form for an address of JSON, and JSON for one of a form, are told what is wanted', async () => {
    const form = new FormData()
    form.set('word', '学')
    for (const path of [...EVERY_FAMILY, '/api/maps']) {
      const answer = await fetch(`${service.served.origin}${path}`, { method: 'POST', body: form })
      expect([path, answer.status, await answer.text()]).toEqual([path, 415, expect.stringContaining('is not JSON')])
    }
    const { status, body } = await service.post('/v1/images/edits', { prompt: '学' })
    expect([status, body.toString()]).toEqual([400, expect.stringContaining('multipart/form-data')])
  })

  it('a sentence begins as one', async () => {
    const { detail } = (await service.post('/api/jobs', { wrod: '学' })).json()
    expect(detail).toBe('There is no such field: "wrod".')
  })

  it('a client that takes us for its proxy is answered, and one that wants another host is not', async () => {
    const { origin } = service.served
    expect((await service.get(`${origin}/health`)).json()).toMatchObject({ status: 'healthy' })
    expect((await service.get(`${origin.toUpperCase().replace('HTTP', 'http')}//v1/models`)).status).toBe(200)
    expect((await service.get('http://other.example/health')).status).toBe(401)
  })

  it('a slash at the end is nothing, and the root of a family is of its family', async () => {
    for (const path of ['/v1/models/', '/sdapi/v1/samplers/', '/docs/', '/openapi.json/', '/metrics/', '/api/fonts/'])
      expect([path, (await service.get(path)).status]).toEqual([path, 200])
    for (const path of ['/v1', '/v1/', '/sdapi/v1', '/controlnet', '/api/']) {
      const { status, body } = await service.get(path)
      expect([path, status, body.toString()]).toEqual([path, 404, expect.stringContaining('There is nothing at')])
    }
  })

  it('no hint is for another reader', async () => {
    for (const path of [...EVERY_FAMILY, '/v1/images/edits', '/api/maps', '/api/sets', '/controlnet/detect'])
      for (const body of ['', '{', '[]', '{}', '{"word":5,"prompt":5}']) {
        const { status, body: said } = await service.post(path, body)
        // 503: the queue is paused.
        expect([path, body, (status >= 400 && status < 500) || status === 503]).toEqual([path, body, true])
        expect(said.toString()).not.toMatch(
          /[Rr]eload|is reloaded|Open the |README|command line|zihua | --[a-z]|undefined\.undefined|\[object|\n|at .*\.ts:\d/,
        )
      }
  })
})
