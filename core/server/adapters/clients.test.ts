/** Programs that people already have, unmodified: what they call is answered, and the picture can be read. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateImage } from 'ai'
import OpenAI, { toFile } from 'openai'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { METHODS } from '../../contract/vocabulary.ts'
import { TestService } from '../service/testing-service.ts'
import { readPrompt } from './word-in-prompt.ts'

let service: TestService
let openai: OpenAI
beforeAll(async () => {
  service = await TestService.open()
  openai = new OpenAI({ baseURL: `${service.served.origin}/v1`, apiKey: 'k', maxRetries: 0 })
})
afterAll(() => service[Symbol.asyncDispose]())

const metadata = (base64: string) => sharp(Buffer.from(base64, 'base64')).metadata()
const newest = () => service.host.library.list().pictures[0]

/** As a reader would: the draft model's own size and steps, which its legibility was measured at. */
const LEGIBLE = 0.5
/** Two pictures of that size, on a machine that has other work. */
const SLOW = { timeout: 600_000 }

describe('openai', () => {
  it('gets a word that can be read', SLOW, async () => {
    const prompt = 'a poster that says "学习", watercolour'
    const { data } = await openai.images.generate({ model: 'draft/watercolor', prompt, size: '512x512', n: 1 })
    expect(await metadata(data![0].b64_json!)).toMatchObject({ format: 'png', width: 512, height: 512 })
    expect(newest()).toMatchObject({ word: '学习', style: 'watercolor', model: 'draft' })
    expect(newest().legibility).toBeGreaterThan(LEGIBLE)
  })

  it('sends our fields beside its own, and gets another format', async () => {
    const body = {
      model: 'draft',
      prompt: '',
      word: 'love',
      style: 'comic',
      steps: 2,
      seed: 3,
      size: '128x128',
      output_format: 'webp',
      composition: {
        blocks: [
          {
            ...{ kind: 'word', source: { text: null } },
            transform: { x: 0.5, y: 0.5, scale: [0.5, 0.5], rotation: 9 },
          },
        ],
      },
    }
    const { data } = await openai.images.generate(body as unknown as OpenAI.ImageGenerateParamsNonStreaming)
    expect(await metadata(data![0].b64_json!)).toMatchObject({ format: 'webp', width: 128 })
    expect(newest()).toMatchObject({ word: 'love', style: 'comic', steps: 2, seed: 3 })
    expect(service.host.library.get(newest().id).request.composition?.blocks).toHaveLength(1)
  })

  it('gets addresses where it asks for them', async () => {
    const body = { prompt: '学', size: '128x128', response_format: 'url', steps: 1 }
    const { data } = await openai.images.generate(body as unknown as OpenAI.ImageGenerateParamsNonStreaming)
    const picture = await fetch(data![0].url!)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
  })

  it('edits a picture', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    const create = { width: 128, height: 128, channels: 3, background: '#248', noise } as const
    const image = await toFile(await sharp({ create }).png().toBuffer(), 'x.png', { type: 'image/png' })
    const body = { image, prompt: 'a blue wall', size: '128x128', steps: 2, strength: 0.8 }
    await openai.images.edit(body as unknown as OpenAI.ImageEditParamsNonStreaming)
    expect(service.host.library.get(newest().id).request).toMatchObject({
      strength: 0.8,
      initImage: expect.any(String),
    })
    const opaque = { ...body, image, mask: image } as unknown as OpenAI.ImageEditParamsNonStreaming
    await expect(openai.images.edit(opaque)).rejects.toMatchObject({ status: 400, param: 'mask' })
  })

  it('edits what a mask leaves open, and nothing else', async () => {
    const [side, hole] = [128, { left: 32, top: 32, width: 64, height: 64 }]
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    const png = await sharp({ create: { width: side, height: side, channels: 3, background: '#248', noise } })
      .png()
      .toBuffer()
    const open = await sharp({ create: { ...hole, channels: 4, background: '#000' } })
      .png()
      .toBuffer()
    const mask = await sharp({ create: { width: side, height: side, channels: 4, background: '#fff' } })
      .composite([{ input: open, left: hole.left, top: hole.top, blend: 'dest-out' }])
      .png()
      .toBuffer()
    const file = (bytes: Buffer, name: string) => toFile(bytes, name, { type: 'image/png' })
    const body = { image: await file(png, 'x.png'), mask: await file(mask, 'm.png'), prompt: 'a moon', size: '128x128' }
    const { data } = await openai.images.edit({ ...body, steps: 2 } as unknown as OpenAI.ImageEditParamsNonStreaming)
    const pixels = (bytes: Buffer) => sharp(bytes).removeAlpha().raw().toBuffer()
    const [before, after] = [await pixels(png), await pixels(Buffer.from(data![0].b64_json!, 'base64'))]
    const changed = { inside: 0, outside: 0 }
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const inside = x >= 32 && x < 96 && y >= 32 && y < 96
        const at = (y * side + x) * 3
        if (before[at] !== after[at] || before[at + 1] !== after[at + 1]) changed[inside ? 'inside' : 'outside']++
      }
    expect(changed.outside).toBe(0)
    expect(changed.inside).toBeGreaterThan(64 * 64 * 0.9)
    const kept = service.host.library.get(newest().id).request
    expect(kept.repaint).toMatchObject({ mask: expect.any(String), grow: 0 })
    const asUrl = { ...body, image: await file(png, 'x.png'), mask: await file(mask, 'm.png'), steps: 2 }
    const urls = await openai.images.edit({
      ...asUrl,
      response_format: 'url',
    } as unknown as OpenAI.ImageEditParamsNonStreaming)
    expect((await fetch(urls.data![0].url!)).status).toBe(200)
    const text = { ...body, mask: await file(Buffer.from('no picture'), 'm.png') }
    await expect(openai.images.edit(text as unknown as OpenAI.ImageEditParamsNonStreaming)).rejects.toMatchObject({
      status: 400,
      code: 'bad-image',
    })
  })

  it('lists models, and understands our errors', async () => {
    const ids = (await openai.models.list()).data.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['draft', 'draft/comic', 'draft/watercolor']))
    expect(await openai.models.retrieve('draft')).toMatchObject({ id: 'draft', object: 'model' })
    await expect(openai.images.generate({ model: 'dall-e-9', prompt: 'x' })).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    })
    const odd = { prompt: '学', size: '130x131' } as unknown as OpenAI.ImageGenerateParamsNonStreaming
    await expect(openai.images.generate(odd)).rejects.toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      param: 'size',
    })
  })

  it('is told its own fields, not ours', async () => {
    const told = async (body: object) => (await service.post('/v1/images/generations', body)).json().error
    expect(await told({ prompt: '学', n: 100 })).toMatchObject({
      param: 'n',
      message: expect.stringContaining('"n" is 100'),
    })
    expect(await told({ prompt: '学', size: '4096x4096' })).toMatchObject({ param: 'size' })
    expect(await told({ prompt: '学', steps: 1000 })).toMatchObject({ param: 'steps' })
    expect((await told({ prompt: 5 })).message).not.toContain('README')
  })
})

it('the AI SDK gets a word that can be read', SLOW, async () => {
  const zihua = createOpenAICompatible({ name: 'zihua', baseURL: `${service.served.origin}/v1`, apiKey: 'k' })
  const { image } = await generateImage({ model: zihua.imageModel('draft/comic'), prompt: '学习', size: '512x512' })
  expect(await sharp(image.uint8Array).metadata()).toMatchObject({ format: 'png', width: 512 })
  expect(newest()).toMatchObject({ word: '学习' })
  expect(newest().legibility).toBeGreaterThan(LEGIBLE)
})

describe('A1111', () => {
  const get = async (path: string) => (await service.get(path)).json()
  const post = async (path: string, body: unknown) => (await service.post(path, body)).json()
  const small = { width: 128, height: 128, steps: 2, seed: 5 }

  it('lists what its clients ask for first', async () => {
    const names = (await get('/sdapi/v1/samplers')).map(({ name }: { name: string }) => name)
    expect(names).toEqual(expect.arrayContaining(['Euler a', 'DPM++ 2M Karras', 'UniPC']))
    for (const list of [
      'schedulers',
      'sd-models',
      'sd-vae',
      'sd-modules',
      'loras',
      'upscalers',
      'latent-upscale-modes',
    ])
      expect(await get(`/sdapi/v1/${list}`)).toBeInstanceOf(Array)
    expect(await get('/sdapi/v1/scripts')).toMatchObject({ txt2img: expect.any(Array) })
    expect(await get('/sdapi/v1/options')).toMatchObject({ sd_model_checkpoint: 'draft' })
    expect(await post('/sdapi/v1/options', { sd_model_checkpoint: 'draft' })).toBeNull()
    expect((await service.post('/sdapi/v1/options', { sd_model_checkpoint: 'none' })).status).toBe(400)
    expect((await get('/controlnet/module_list')).module_list).toEqual(
      expect.arrayContaining(Object.values(METHODS).flat()),
    )
    expect((await service.get('/sdapi/v1/none')).status).toBe(404)
  })

  it('paints, tells how in "info", and paints over a picture', async () => {
    const body = {
      prompt: '「学」 on a wall',
      negative_prompt: 'blurry',
      ...small,
      sampler_name: 'DPM++ 2M',
      scheduler: 'Karras',
      batch_size: 2,
    }
    const made = await post('/sdapi/v1/txt2img', body)
    expect(made.images).toHaveLength(2)
    const info = JSON.parse(made.info)
    expect(info).toMatchObject({
      seed: 5,
      all_seeds: [5, 6],
      steps: 2,
      sampler_name: 'DPM++ 2M Karras',
      sd_model_name: 'draft',
    })
    expect(info.infotexts[0]).toContain('Negative prompt: blurry')
    const { inference } = service.host.studio
    expect(inference.pids).not.toEqual([])
    expect(await post('/sdapi/v1/unload-checkpoint', {})).toEqual({})
    expect(inference.pids).toEqual([])
    const over = await post('/sdapi/v1/img2img', {
      prompt: 'a wall',
      ...small,
      seed: -1,
      init_images: [made.images[0]],
      denoising_strength: 0.7,
    })
    expect(await metadata(over.images[0])).toMatchObject({ width: 128 })
    expect(service.host.library.get(newest().id).request).toMatchObject({ strength: 0.7, word: null })
  })

  it('takes control pictures, finished or to be made by one of our methods', async () => {
    const create = { width: 128, height: 128, channels: 3, background: '#fff' } as const
    const ink = await sharp({ create: { ...create, width: 60, height: 60, background: '#000' } })
      .png()
      .toBuffer()
    const picture = (
      await sharp({ create })
        .composite([{ input: ink }])
        .png()
        .toBuffer()
    ).toString('base64')
    const detect = {
      controlnet_module: 'opencv_canny',
      controlnet_input_images: [picture],
      controlnet_processor_res: 128,
    }
    const { images } = await post('/controlnet/detect', detect)
    const { channels } = await sharp(Buffer.from(images[0], 'base64')).stats()
    expect([channels[0].min, channels[0].max]).toEqual([0, 255])
    const args = [
      { module: 'none', model: 'control_v11p_sd15_canny', image: images[0], weight: 0.5, guidance_end: 0.8 },
      { module: 'distance_transform_depth', input_image: picture },
      { enabled: false, image: picture, module: 'none' },
    ]
    await post('/sdapi/v1/txt2img', { prompt: 'a square', ...small, alwayson_scripts: { controlnet: { args } } })
    expect(service.host.library.get(newest().id).request.controlImages).toMatchObject([
      { type: 'canny', weight: 0.5, start: 0, end: 0.8 },
      { type: 'depth', weight: 1 },
    ])
  })

  it('is interrupted, and says how far it is', async () => {
    const running = Promise.withResolvers<void>()
    const unsubscribe = service.host.queue.subscribe(event => {
      if (event.kind === 'progress' && event.of === 'picture' && event.progress.kind === 'step') running.resolve()
    })
    const painting = service.post('/sdapi/v1/txt2img', { prompt: '永', ...small, steps: 150 })
    await running.promise
    unsubscribe()
    const { progress, state } = await get('/sdapi/v1/progress')
    expect(progress).toBeGreaterThan(0)
    expect(state).toMatchObject({ sampling_steps: 150, interrupted: false })
    await post('/sdapi/v1/interrupt', {})
    const { status, json } = await painting
    expect([status, json().images, JSON.parse(json().info).interrupted]).toEqual([200, [], true])
    expect((await get('/sdapi/v1/progress')).progress).toBe(0)
  })

  it('reads numbers that are written as texts, an empty model, and a resolution that is no wish, as the web UI does', async () => {
    const written = { width: '128', height: '128', steps: '1', seed: '7', cfg_scale: '2.5' }
    const override_settings = { sd_model_checkpoint: '' }
    await post('/sdapi/v1/txt2img', { prompt: '学', ...written, override_settings })
    expect(service.host.library.get(newest().id).request).toMatchObject({
      ...{ width: 128, height: 128, steps: 1, seed: 7, guidanceScale: 2.5, model: 'draft' },
    })
    for (const steps of ['many', '', '1.5'])
      expect((await service.post('/sdapi/v1/txt2img', { prompt: '学', steps })).status).toBe(400)
    const ink = await sharp({ create: { width: 60, height: 60, channels: 3, background: '#000' } })
      .extend({ top: 60, bottom: 60, left: 60, right: 60, background: '#fff' })
      .png()
      .toBuffer()
    const { images } = await post('/controlnet/detect', {
      ...{ controlnet_module: 'opencv_canny', controlnet_processor_res: -1 },
      controlnet_input_images: [ink.toString('base64')],
    })
    expect(await metadata(images[0])).toMatchObject({ width: 512, height: 512 })
  })

  it('answers errors in its own shape', async () => {
    const { status, json } = await service.post('/sdapi/v1/txt2img', { prompt: '学', sampler_name: 'none' })
    expect([status, json()]).toMatchObject([400, { error: 'bad-request', detail: expect.stringContaining('none') }])
    const many = await service.post('/sdapi/v1/txt2img', { prompt: '学', batch_size: 10, n_iter: 10 })
    expect([many.status, many.json().errors]).toMatchObject([
      400,
      expect.stringContaining('"batch_size × n_iter" is 100'),
    ])
    for (const picture of ['AAAA', Buffer.from('no picture').toString('base64')]) {
      const over = await service.post('/sdapi/v1/img2img', { prompt: 'x', init_images: [picture] })
      expect([over.status, over.json().errors]).toMatchObject([400, expect.stringContaining('init_images')])
      expect(over.body.toString()).not.toContain('initImage')
    }
    expect((await service.post('/sdapi/v1/txt2img', { prompt: 5 })).body.toString()).not.toContain('README')
  })
})

describe('a word in a prompt', () => {
  it.each([
    ['学习', '学习', null],
    ['"学习"', '学习', null],
    ['a sign "love", at night', 'love', 'a sign, at night'],
    ['неон «Привет» в тумане', 'Привет', 'неон в тумане'],
    ['海报「永」水彩', '永', '海报 水彩'],
    ['“first” and "second"', 'first', 'and "second"'],
    ["it's a dog's life", null, "it's a dog's life"],
    ['', null, ''],
    ['""', null, ''],
    ['"a" "b"', 'a', '"b"'],
  ])('%s', (text, word, prompt) => {
    expect(readPrompt(text)).toEqual({ word, prompt, loras: [] })
  })

  it('may name LoRA', () => {
    expect(readPrompt('学 <lora:ink:0.6> <lora:x>')).toEqual({
      ...{ word: '学', prompt: null },
      loras: [
        { name: 'ink', weight: 0.6 },
        { name: 'x', weight: 1 },
      ],
    })
  })
})
