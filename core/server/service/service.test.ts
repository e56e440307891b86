/** The Writing Service over real HTTP with the draft model: what every route answers, and how it refuses. */
import { Validator } from '@seriousme/openapi-schema-validator'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { METHODS } from '../../contract/vocabulary.ts'
import { PROBLEM_TYPE, problemSchema } from './problem.ts'
import { type Answer, TestService } from './testing-service.ts'

let service: TestService
beforeAll(async () => {
  service = await TestService.open({ service: { limits: { queue: 3, count: 2 } } })
})
afterAll(() => service[Symbol.asyncDispose]())

const small = { width: 128, height: 128, steps: 2, seed: 1 }

function expectProblem({ status, headers, json }: Answer, wanted: number, about: object = {}): void {
  expect([status, headers['content-type']]).toEqual([wanted, PROBLEM_TYPE])
  expect(problemSchema.parse(json())).toMatchObject({ status: wanted, ...about })
}

const pngOf = (base64: string) => sharp(Buffer.from(base64, 'base64')).metadata()

describe('a picture', () => {
  it('is answered with its maps and how it was made', async () => {
    const body = { word: '学习', translation: 'study', ...small }
    const answer = await service.post('/api/writing/generate-writing-image', body, { 'x-request-id': 'call-1' })
    expect([answer.status, answer.headers['x-request-id']]).toEqual([200, 'call-1'])
    const made = answer.json()
    expect(await pngOf(made.generated_image_base64)).toMatchObject({ format: 'png', width: 128, height: 128 })
    expect(Object.keys(made.conditioning_images_base64).sort()).toEqual(['canny', 'depth', 'scribble', 'segmentation'])
    for (const methods of Object.values<Record<string, string>>(made.conditioning_images_base64))
      for (const png of Object.values(methods)) expect(await pngOf(png)).toMatchObject({ format: 'png', width: 128 })
    expect(made).toMatchObject({
      success: true,
      prompt_used: expect.stringContaining('study'),
      generation_metadata: {
        ...{ model_used: 'draft', seed: 1, steps: 2, provider: 'cpu', request_id: 'call-1' },
        timings: { decode: expect.any(Number) },
      },
    })
    expect(made.generation_metadata.generation_time_ms).toBeGreaterThan(0)
    const [id] = made.generation_metadata.pictures
    const file = await service.get(`/api/pictures/${id}/file`)
    expect([file.status, file.headers['content-type']]).toEqual([200, 'image/png'])
    expect(file.body.toString('base64')).toBe(made.generated_image_base64)
    const found = (await service.get('/api/pictures?text=study&limit=5')).json()
    expect(found).toMatchObject({ total: 1, pictures: [{ id, word: '学习', request: { seed: 1 } }] })
  })

  it('counts in status, health and metrics', async () => {
    const status = (await service.get('/api/writing/status')).json()
    expect(status).toMatchObject({
      queue: { waiting: 0, running: 0, limit: 3 },
      statistics: { generations: 1, failures: 0, durations: [{ model: 'draft', size: '128x128', count: 1 }] },
      recent: [{ word: '学习', timings: { decode: expect.any(Number) } }],
    })
    expect(status.models[0]).toMatchObject({ id: 'draft', in_memory: true, default: true })
    const { gpu_status, service_status } = (await service.get('/health/detailed')).json()
    expect(gpu_status).toMatchObject({ provider: 'cpu', available: false })
    expect(service_status.ai_status).toMatchObject({ generations: 1, failures: 0, ready: true })
    expect(service_status.ai_status.mean_time_ms).toBeGreaterThan(0)
    const metrics = (await service.get('/metrics')).body.toString()
    expect(metrics).toContain('zihua_picture_seconds_count{model="draft",provider="cpu"} 1')
    expect(metrics).toContain('zihua_stage_seconds_count{stage="decode",model="draft",provider="cpu"} 1')
  })

  it('takes a picture of the client’s own, and leaves nothing of its name', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    const create = { width: 64, height: 64, channels: 3, background: '#a00', noise } as const
    const png = (await sharp({ create }).png().toBuffer()).toString('base64')
    const body = {
      prompt: 'a red wall',
      initImage: `data:image/png;base64,${png}`,
      strength: 0.9,
      controls: null,
      ...small,
    }
    const { status, json } = await service.post('/api/writing/generate-writing-image', body)
    expect([status, json().detail]).toEqual([200, undefined])
  })

  it.each([
    ['a field that is unknown', { word: '学', exec: 'rm' }, 400, { key: 'inputWrong' }],
    ['a side that fits nothing', { word: '学', width: 513 }, 400, { field: 'width' }],
    ['nothing to write', {}, 400, { key: 'noWordNorPrompt' }],
    ['too many at once', { word: '学', count: 3 }, 400, { field: 'count' }],
    ['too many pixels', { word: '学', width: 4096, height: 4096 }, 400, { key: 'overLimit' }],
    ['a seed that is a text', { word: '学', seed: '1' }, 400, { field: 'seed' }],
    ['a style that there is not', { word: '学', style: 'none' }, 400, { code: 'bad-style' }],
    ['a list', [1], 400, {}],
    ['no JSON', '{"word":', 400, { key: 'bodyUnreadable' }],
  ])('is refused with %s', async (_, body, status, about) => {
    expectProblem(await service.post('/api/writing/generate-writing-image', body), status, about)
  })

  it('is cancelled when its client goes away', async () => {
    const gone = new AbortController()
    const running = Promise.withResolvers<void>()
    service.host.queue.subscribe(event => {
      if (event.kind === 'progress' && event.of === 'picture' && event.progress.kind === 'step') running.resolve()
    })
    const cancelled = new Promise<void>(resolve => {
      service.host.queue.subscribe(event => {
        if (event.kind === 'changed' && event.job.state === 'cancelled') resolve()
      })
    })
    const sent = fetch(`${service.served.origin}/api/writing/generate-writing-image`, {
      method: 'POST',
      signal: gone.signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ word: '永', ...small, steps: 150 }),
    })
    await running.promise
    gone.abort()
    await expect(sent).rejects.toThrow()
    await cancelled
  })
})

describe('a picture of the library', () => {
  it('is painted again larger as a job, and a size beyond the limit is refused', async () => {
    const { json } = await service.post('/api/jobs', { word: '学', ...small })
    await service.host.finished(json().id)
    const [parent] = (await service.get(`/api/jobs/${json().id}`)).json().pictures
    const answer = await service.post(`/api/pictures/${parent}/upscale`, { side: 256 })
    expect(answer.status).toBe(202)
    await service.host.finished(answer.json().id)
    const [id] = (await service.get(`/api/jobs/${answer.json().id}`)).json().pictures
    const file = await service.get(`/api/pictures/${id}/file`)
    expect(await sharp(file.body).metadata()).toMatchObject({ width: 256, height: 256 })
    expect((await service.get(`/api/pictures/${id}`)).json().request).toMatchObject({
      parent,
      upscale: { method: 'tiled', tile: 512 },
    })
    const refused = async (body: object, about: object) =>
      expectProblem(await service.post(`/api/pictures/${parent}/upscale`, body), 400, about)
    await refused({ side: 4096 }, { code: 'bad-request' })
    await refused({ side: 256, scale: 2 }, { key: 'inputWrong' })
    for (const side of [64, 128]) await refused({ side }, { key: 'sideNotLarger', field: 'side' })
    const { paths } = (await service.get('/openapi.json')).json()
    const { content } = paths['/api/pictures/{id}/upscale'].post.requestBody
    expect(content['application/json'].schema).toMatchObject({ additionalProperties: false })
  })
})

describe('jobs', () => {
  it('run behind, are followed with previews, and give their result', async () => {
    const created = await service.post('/api/jobs', { word: 'love', ...small, steps: 4, count: 2 })
    expect(created.status).toBe(202)
    const { id } = created.json()
    const stream = (await service.get(`/api/jobs/${id}/events`)).body.toString()
    const events = Array.from(stream.matchAll(/^event: message\ndata: (.+)$/gm), ([, data]) => JSON.parse(data))
    expect(events[0]).toMatchObject({ kind: 'job', job: { id } })
    expect(events.at(-1)).toMatchObject({ kind: 'job', job: { id, state: 'done' } })
    const preview = events.find(({ kind }) => kind === 'preview')
    expect(await pngOf(preview.image_base64)).toMatchObject({ format: 'png' })
    const result = (await service.get(`/api/jobs/${id}/result`)).json()
    expect(result.generated_images_base64).toHaveLength(2)
    expect((await service.get('/api/jobs')).json()[0]).toMatchObject({ id, state: 'done', title: 'love' })
  })

  it('are refused with 429 and Retry-After where the queue is full, and can be cancelled', async () => {
    service.host.queue.setPaused(true)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => service.post('/api/jobs', { word: '学', ...small })),
    )
    const accepted = answers.filter(({ status }) => status === 202)
    expect(accepted).toHaveLength(3)
    for (const refused of answers.filter(({ status }) => status !== 202)) {
      expectProblem(refused, 429, { key: 'queueFull', code: 'busy' })
      expect(refused.headers['retry-after']).toBe('10')
    }
    const ready = await service.get('/health/ready')
    expectProblem(ready, 503, { key: 'queuePaused' })
    expect(ready.headers['retry-after']).toBe('10')
    for (const { json } of accepted) {
      const { id } = json()
      expectProblem(await service.get(`/api/jobs/${id}/result`), 409, { key: 'jobNotDone' })
      expect((await service.post(`/api/jobs/${id}/cancel`, {})).json()).toMatchObject({ id, state: 'cancelled' })
    }
    service.host.queue.setPaused(false)
    expect((await service.get('/health/ready')).json()).toEqual({ ready: true, model: 'draft' })
  })

  it.each(['', '/events', '/result'])('that are unknown are not found (%s)', async rest => {
    expectProblem(await service.get(`/api/jobs/none${rest}`), 404, { key: 'noSuchJob' })
  })
})

describe('what pictures are made of', () => {
  it('maps come without a picture, by any method', async () => {
    const body = {
      word: '学',
      width: 128,
      height: 128,
      methods: { canny: [...METHODS.canny], depth: ['distance_transform_depth'] },
    }
    const { conditioning_images_base64: maps } = (await service.post('/api/maps', body)).json()
    expect(Object.keys(maps.canny).sort()).toEqual([...METHODS.canny].sort())
    expect(await pngOf(maps.depth.distance_transform_depth)).toMatchObject({ width: 128 })
    expectProblem(await service.post('/api/maps', { word: '学', methods: { canny: ['guess'] } }), 400)
  })

  it('blocks on the canvas stand in for the word, in maps and in pictures', async () => {
    const transform = { x: 0.5, y: 0.5, scale: [0.7, 0.7], rotation: 0 }
    const star = { kind: 'motif', source: { emoji: '⭐' }, transform }
    const composition = { blocks: [star, { kind: 'word', source: { text: null }, transform }] }
    const size = { width: 128, height: 128 }
    const maps = async (body: object) =>
      (await service.post('/api/maps', { ...size, methods: { canny: ['opencv_canny'] }, ...body })).json()
        .conditioning_images_base64.canny.opencv_canny
    const alone = await maps({ composition: { blocks: [star] } })
    const [both, word] = [await maps({ word: '学', composition }), await maps({ word: '学' })]
    expect(new Set([alone, both, word]).size).toBe(3)
    expectProblem(await service.post('/api/maps', size), 400, { key: 'inputWrong', field: 'word' })
    const bad = { blocks: [{ ...star, transform: { ...transform, x: 'left' } }] }
    expectProblem(await service.post('/api/maps', { ...size, composition: bad }), 400, {
      field: 'composition.blocks.0.transform.x',
    })
    const { generation_metadata, conditioning_images_base64 } = (
      await service.post('/api/writing/generate-writing-image', { word: '学', composition, ...small })
    ).json()
    expect(conditioning_images_base64.canny).toBeDefined()
    const [id] = generation_metadata.pictures
    const { request } = (await service.get(`/api/pictures/${id}`)).json()
    expect(request.composition.blocks).toMatchObject([{ kind: 'motif' }, { kind: 'word', source: { text: null } }])
    const document = (await service.get('/openapi.json')).json()
    for (const path of ['/api/writing/generate-writing-image', '/api/maps', '/api/jobs', '/api/sets']) {
      const text = JSON.stringify(document.paths[path].post.requestBody)
      for (const field of ['composition', 'blocks', 'emoji', 'strokes'])
        expect([path, text]).toEqual([path, expect.stringContaining(`"${field}"`)])
    }
  })

  it('styles, fonts, models and the dictionary are listed without paths', async () => {
    expect((await service.get('/api/styles')).json()).toContainEqual({ id: 'comic', name: 'Comic', origin: 'built-in' })
    expect((await service.get('/api/fonts')).json()[0]).toMatchObject({ id: 'noto-sans', source: 'bundled' })
    expect((await service.get('/api/models')).json()).toEqual([
      { id: 'draft', name: 'Draft', builtIn: true, present: true },
    ])
    const word = encodeURIComponent('学习')
    expect((await service.get(`/api/dictionary/${word}`)).json()).toMatchObject({ pinyin: 'xué xí' })
  })

  it('a warm-up loads the model, and it can be given back', async () => {
    expect((await service.post('/health/warmup', '')).json()).toMatchObject({ success: true, model: 'draft' })
    expect(service.host.studio.inference.pids).toHaveLength(1)
    expect((await service.post('/health/unload', '')).json()).toEqual({ success: true })
    expect(service.host.studio.inference.pids).toEqual([])
  })
})

it('an image set is made, shown, and fetched by file and as ZIP', async () => {
  const started = await service.post('/api/sets', {
    name: 'lesson',
    words: ['一', '二'],
    request: small,
    sheet: false,
    zip: true,
  })
  expect(started.status).toBe(202)
  const { id } = started.json()
  await service.host.finished(id)
  const set = (await service.get(`/api/sets/${id}`)).json()
  expect(set).toMatchObject({ state: 'done', name: 'lesson', total: 2, made: 2, failed: 0 })
  const file = encodeURIComponent(set.pictures[0].file)
  const png = await service.get(`/api/sets/${id}/files/${file}`)
  expect([png.status, png.headers['content-type']]).toEqual([200, 'image/png'])
  const zip = await service.get(`/api/sets/${id}/zip`)
  expect([zip.status, zip.body.subarray(0, 2).toString()]).toEqual([200, 'PK'])
  expect((await service.get('/api/sets')).json()).toMatchObject([{ id, kind: 'set' }])
  for (const name of ['..%2F..%2Fqueue.db', '.zihua%2Fplan.json', 'none.png'])
    expectProblem(await service.get(`/api/sets/${id}/files/${name}`), 404)
})

describe('what a program reads of the service', () => {
  it('is an OpenAPI document that an independent validator accepts', async () => {
    const document = (await service.get('/openapi.json')).json()
    expect(document.openapi).toMatch(/^3\.1/)
    const { valid, errors } = await new Validator().validate(document)
    expect({ valid, errors }).toMatchObject({ valid: true })
    expect(Object.keys(document.paths)).toContain('/api/writing/generate-writing-image')
  })

  it('has pages that need nothing from elsewhere', async () => {
    for (const path of ['/docs', '/status']) {
      const { status, headers, body } = await service.get(path)
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(headers['content-security-policy']).toContain("script-src 'self'")
      expect(body.toString()).not.toMatch(/https?:\/\//)
    }
    const viewer = await fetch(`${service.served.origin}/docs/viewer.js`)
    expect(viewer.headers.get('content-type')).toContain('text/javascript')
    expect(await viewer.text()).toContain('createApiReference')
  })

  it.each([
    ['/status', 'ru,en;q=0.5', 'ru'],
    ['/status', 'fr, en;q=0.3, zh-Hant-TW;q=0.8', 'zh'],
    ['/status', 'ru;q=0, fr', 'en'],
    ['/status', undefined, 'en'],
    ['/status?lang=zh', 'ru', 'zh'],
    ['/status?lang=xx', 'ru', 'ru'],
  ])('%s is in the language of its reader (%s)', async (path, accepted, language) => {
    const { status, headers, body } = await service.get(
      path,
      accepted === undefined ? {} : { 'accept-language': accepted },
    )
    expect([status, headers['vary']]).toEqual([200, 'accept-language'])
    expect(body.toString()).toContain(`<html lang="${language}">`)
  })

  it('says why it is not ready also for other languages', async () => {
    service.host.queue.setPaused(true)
    try {
      const { ai_status } = (await service.get('/health/detailed')).json().service_status
      expect(ai_status).toMatchObject({ ready: false, problem: { key: 'queuePaused', message: ai_status.reason } })
    } finally {
      service.host.queue.setPaused(false)
    }
    expect((await service.get('/health/detailed')).json().service_status.ai_status.problem).toBeNull()
  })

  it('says what there is not, and what is not taken', async () => {
    expectProblem(await service.get('/api/nothing'), 404, { key: 'nothingThere' })
    expectProblem(await service.post('/docs', {}), 405, { key: 'methodNotAllowed' })
    expectProblem(await service.get('/api/pictures/none'), 404, { key: 'noSuchPicture' })
    expectProblem(await service.get('/api/pictures?limit=9999'), 400, { field: 'limit' })
  })
})
