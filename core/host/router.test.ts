/** Every procedure as a renderer calls it, over a real studio in a temporary data folder. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT, type RequestInput } from '../contract/request.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { encodePng } from '../image/png.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { blank } from '../raster/raster.ts'
import { fixture } from '../testing/fixtures.ts'
import type { MapsPreview } from './api/maps.ts'
import type { StudioEvent } from './api/studio.ts'
import type { StudioClient } from './api.ts'
import { createRouter } from './router.ts'
import { StudioHost } from './studio-host.ts'

let root = ''
let host: StudioHost
let api: StudioClient

async function open(): Promise<void> {
  host = await StudioHost.open({ dataFolder: root, firstPicture: false })
  api = createRouterClient(createRouter(host))
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-router-'))
  await open()
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

/** What the renderer gets instead of a result. */
const refused = (call: Promise<unknown>): Promise<ErrorReport> =>
  call.then(
    () => expect.unreachable('it was accepted'),
    (error: { data: ErrorReport }) => error.data,
  )

const preview = (word: string): Promise<MapsPreview> =>
  api.maps.preview({
    word,
    layout: {},
    width: 1024,
    height: 768,
    style: 'comic',
    seed: 1,
    choices: [
      { map: 'canny', method: 'opencv_canny' },
      { map: 'segmentation', method: 'radical_segmentation' },
    ],
  })

const nameOf = (url: string) => /^\/blobs\/([0-9a-f]{64})\.png$/.exec(url)![1]
const tinyPng = async () =>
  new Blob([
    await sharp({ create: { width: 9, height: 7, channels: 3, background: '#fff' } })
      .composite([{ input: Buffer.alloc(3), raw: { width: 1, height: 1, channels: 3 } }])
      .png()
      .toBuffer(),
  ])

describe('what is there', () => {
  it('tells of itself', async () => {
    const info = await api.studio.info()
    expect(info).toMatchObject({ dataFolder: root, platform: 'browser', provider: 'cpu', defaultModel: 'draft' })
    expect(info.models.map(({ id }) => id)).toEqual(['draft'])
  })

  it('lists styles, fonts and models', async () => {
    expect((await api.styles.list()).styles.length).toBeGreaterThan(15)
    expect((await api.fonts.list()).some(({ source }) => source === 'bundled')).toBe(true)
    expect(await api.models.list()).toHaveLength(1)
  })

  it('looks a word up', async () => {
    expect(await api.dictionary.lookUp({ word: '学习' })).toMatchObject({ basis: 'dictionary', pinyin: 'xué xí' })
  })

  it('builds prompts and counts their tokens', async () => {
    const input = { word: '学习', translation: 'study', style: 'comic', prompt: null, negativePrompt: null }
    const built = await api.prompts.build({ ...input, additions: { prompt: 'at night' } })
    expect(built.prompt).toContain('study')
    expect(built.prompt).toMatch(/at night$/)
    expect(built.parts.prompt.map(({ text }) => text).join('')).toBe(built.prompt)
    expect(built.tokens.prompt).toBeGreaterThan(5)
  })
})

describe('styles', () => {
  it('keeps, exports, imports and removes a style of one’s own', async () => {
    const style = { ...builtInStyle('comic')!, id: 'my-comic' }
    expect(await api.styles.save({ style })).toEqual(style)
    const { text } = await api.styles.exportText({ id: 'my-comic' })
    expect(await api.styles.importText({ text })).toMatchObject({ alreadyThere: true })
    await api.styles.remove({ id: 'my-comic' })
    expect((await api.styles.list()).styles.some(entry => entry.style.id === 'my-comic')).toBe(false)
  })

  it('leaves the studio’s own alone', async () => {
    expect(await refused(api.styles.remove({ id: 'comic' }))).toMatchObject({ code: 'bad-style' })
  })
})

describe('parts of a picture', () => {
  it('are the strokes of its word, and the blocks of its composition', async () => {
    const at = (x: number) => ({ x, y: 0.5, scale: [0.4, 0.4] as [number, number], rotation: 0 })
    const plain = { warp: null, control: 1, prompt: null }
    const composition = {
      blocks: [
        { kind: 'word' as const, source: { text: null, writing: {} }, transform: at(0.3), ...plain },
        {
          kind: 'motif' as const,
          source: { emoji: '🐱', form: 'line' as const, weight: 400 },
          transform: at(0.8),
          ...plain,
        },
      ],
      gap: 0.012,
    }
    const { strokes, basis, blocks } = await api.maps.parts({
      ...{ word: '学', layout: {}, width: 256, height: 256, composition },
    })
    expect(basis).toBe('strokes')
    expect(strokes.map(({ place }) => place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(blocks.map(({ kind }) => kind)).toEqual(['word', 'motif'])
  })
})

describe('a picture of one’s own in place of a map', () => {
  it('is shown inverted, cleaned and laid out, and kept once it is used', async () => {
    const ink = await sharp({ create: { width: 30, height: 90, channels: 3, background: '#222' } })
      .png()
      .toBuffer()
    const sheet = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#eee' } })
      .composite([{ input: ink, left: 20, top: 5 }])
      .png()
      .toBuffer()
    const { path } = await api.maps.upload({ name: 'mine.png', data: new Blob([new Uint8Array(sheet)]) })
    const options = { path, map: 'scribble', width: 128, height: 128, invert: null, clean: false } as const
    const shown = await api.maps.own({ ...options, fit: 'fit', keep: false })
    expect(shown).toMatchObject({ inverted: true, path: null, url: expect.stringMatching(/^\/blobs\//) })
    const whole = await api.maps.own({ ...options, clean: true, fit: 'fit', keep: true })
    const { data, info } = await sharp(whole.path!).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([128, 128])
    expect([Math.min(...data), Math.max(...data)]).toEqual([0, 255])
    // Cropped to the middle, the stroke at the left is gone.
    const cropped = api.maps.own({ ...options, clean: true, fit: 'crop', keep: true })
    expect(await refused(cropped)).toMatchObject({ code: 'bad-image', key: 'pictureBlank' })
  })
})

describe('maps', () => {
  it('come inside their URLs, with the outline in pixels of the canvas', async () => {
    const { maps, glyph, outline } = await preview('口')
    expect(maps.map(({ map, method }) => `${map}.${method}`)).toEqual([
      'canny.opencv_canny',
      'segmentation.radical_segmentation',
    ])
    expect(maps[1].legend.length).toBeGreaterThan(0)
    for (const { url } of [...maps, glyph]) {
      const [kind, base64] = url.split(',')
      expect(kind).toBe('data:image/png;base64')
      const info = await sharp(Buffer.from(base64, 'base64')).metadata()
      expect([info.width, info.height]).toEqual([glyph.width, glyph.height])
    }
    expect(glyph.width / glyph.height).toBeCloseTo(1024 / 768, 2)
    // 口 fills the canvas' height but for the margin.
    const ys = [...outline.matchAll(/-?\d+(?:\.\d+)?/g)].map(Number).filter((_, i) => i % 2)
    expect(Math.max(...ys)).toBeCloseTo(768 * (1 - DEFAULT_LAYOUT.margin), -1)
  })

  it('gives way to a newer call', async () => {
    const older = refused(preview('鬱鬱鬱'))
    const newer = await preview('一')
    expect(newer.maps).toHaveLength(2)
    expect(await older).toMatchObject({ code: 'cancelled' })
  })

  it('says what is wrong with a word', async () => {
    expect(await refused(preview(''))).toMatchObject({ code: 'bad-word' })
  })

  it('refuses a method of another map', async () => {
    const choices = [{ map: 'canny', method: 'radical_segmentation' }] as unknown as []
    const input = { word: '一', layout: {}, width: 64, height: 64, choices, style: 'comic', seed: 1 }
    const report = await refused(api.maps.preview(input))
    expect(report.code).toBe('bad-request')
    expect(report.message).toContain('choices.0.method')
  })

  it('keeps a picture of one’s own by its content', async () => {
    const { path, url } = await api.maps.upload({ name: 'a.png', data: await tinyPng() })
    expect(path.startsWith(join(root, 'assets'))).toBe(true)
    expect(path).toContain(nameOf(url))
    expect(await sharp(await readFile(path)).metadata()).toMatchObject({ width: 9, height: 7 })
    expect(await api.maps.upload({ name: 'b.png', data: await tinyPng() })).toEqual({ path, url })
  })

  it('keeps white lettering on transparency on black, and nothing that is blank', async () => {
    const line = await sharp({ create: { width: 5, height: 1, channels: 4, background: '#fff' } })
      .png()
      .toBuffer()
    const clear = { create: { width: 9, height: 7, channels: 4 as const, background: '#0000' } }
    const lettering = await sharp(clear)
      .composite([{ input: line, left: 0, top: 0 }])
      .png()
      .toBuffer()
    const { path } = await api.maps.upload({ name: 'a.png', data: new Blob([new Uint8Array(lettering)]) })
    const kept = await sharp(await readFile(path))
      .raw()
      .toBuffer()
    expect([kept[0], kept.at(-1)]).toEqual([255, 0])
    const blank = new Blob([new Uint8Array(await sharp(clear).png().toBuffer())])
    expect(await api.maps.upload({ name: 'ground.png', data: blank, use: 'picture' })).toHaveProperty('path')
    expect(await refused(api.maps.upload({ name: 'b.png', data: blank }))).toMatchObject({
      code: 'bad-image',
      message: expect.stringContaining('blank'),
    })
  })

  it('refuses what is no picture', async () => {
    const data = new Blob(['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'])
    expect(await refused(api.maps.upload({ name: 'a.svg', data }))).toMatchObject({ code: 'bad-image' })
  })
})

describe('settings', () => {
  it('survive a restart', async () => {
    expect(await api.settings.get()).toMatchObject({ language: 'en', theme: 'system', controlnet: null })
    await Promise.all([api.settings.set({ language: 'zh' }), api.settings.set({ favourites: ['neon'] })])
    await host[Symbol.asyncDispose]()
    await open()
    expect(await api.settings.get()).toMatchObject({ language: 'zh', favourites: ['neon'], theme: 'system' })
  })

  it('refuse what they do not know', async () => {
    const input = { language: 'xx' } as unknown as { language: 'en' }
    expect(await refused(api.settings.set(input))).toMatchObject({ code: 'bad-request' })
  })

  it('are the defaults where the file is damaged, which is put aside', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zihua-settings-'))
    await writeFile(join(folder, 'settings.json'), '{"language": "ru"')
    await using other = await StudioHost.open({ dataFolder: folder, firstPicture: false })
    expect(other.settings.get().language).toBe('en')
    expect(
      await readFile(
        join(folder, (await readdir(folder)).find(name => name.startsWith('settings.json.damaged-'))!),
        'utf8',
      ),
    ).toContain('ru')
    await rm(folder, { recursive: true, force: true })
  })
})

describe('a dropped picture', () => {
  const written = (parameters: string) => new Blob([parameters])

  it('of another program gives its settings as far as they map', async () => {
    const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .png()
      .toBuffer()
    const { plainestChunk } = await import('../image/png-chunks.ts')
    const text =
      'a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x512, Clever: yes'
    const png = Buffer.concat([plain.subarray(0, 33), plainestChunk('parameters', text), plain.subarray(33)])
    const { request, unmapped } = await api.library.importFile({ name: 'x.png', data: new Blob([png]) })
    expect(request).toMatchObject({ prompt: 'a cat', negativePrompt: 'dog', steps: 20, seed: 42, sampler: 'euler_a' })
    expect(unmapped).toContainEqual({ message: 'Clever: yes' })
  })

  it('of ours gives the request as it was written', async () => {
    const { request } = await api.request.complete({ request: { word: '学习', seed: 7, model: modelOrSkip } })
    const info = { request, prompt: 'built', negativePrompt: 'none', version: '0.1.0' }
    const png = await encodePng(blank(8, 8, 3), info)
    const found = await api.library.importFile({ name: 'y.png', data: new Blob([new Uint8Array(png)]) })
    expect(found.request).toEqual(request)
    expect(found.unmapped).toEqual([])
  })

  it('that says nothing is refused', async () => {
    expect(await refused(api.library.importFile({ name: 'z.png', data: await tinyPng() }))).toMatchObject({
      code: 'bad-image',
    })
    expect(await refused(api.library.importFile({ name: 'z.png', data: written('no picture') }))).toMatchObject({
      code: 'bad-image',
    })
  })
})

describe('a set before it is made', () => {
  it('reads a word list line by line', async () => {
    // A font of Chinese handwriting has no Cyrillic: refused, or drawn with another one where that is asked for.
    const brand = { text: 'Привет', font: 'ma-shan-zheng' }
    expect((await api.sets.words(brand)).problems).toHaveLength(1)
    expect((await api.sets.words({ ...brand, fallback: true })).words).toMatchObject([{ word: 'Привет' }])
    const { words, problems } = await api.sets.words({ text: '学习, study\n\u{10FFFD}\nlove\tлюбовь', font: null })
    expect(words).toEqual([
      { word: '学习', translation: 'study' },
      { word: 'love', translation: 'любовь' },
    ])
    expect(problems).toMatchObject([{ line: 2, message: expect.stringContaining('U+10FFFD') }])
    const table = await api.sets.words({
      text: 'word,translation,style,seed\n山,hill,neon,3\n水,,nothing,4',
      font: null,
    })
    expect(table.words).toEqual([{ word: '山', translation: 'hill', style: 'neon', seed: 3 }])
    expect(table.problems).toMatchObject([{ line: 3, message: 'there is no style "nothing"' }])
  })

  it('is opened from a SET.json, a finished set and a CSV', async () => {
    const set = { name: 'one', words: ['学', { word: 'a', seed: 2 }], maps: ['canny'], formats: ['webp'] }
    const { definition, words } = await api.sets.open({ name: 'SET.json', text: JSON.stringify(set) })
    expect(definition).toMatchObject({ name: 'one', maps: ['canny'], formats: ['webp'], sheet: true })
    expect(words).toBe('word,seed\n学,\na,2')
    const manifest = JSON.stringify({ zihuaSet: 1, definition })
    expect((await api.sets.open({ name: 'set.json', text: manifest })).definition).toEqual(definition)
    const csv = await api.sets.open({ name: 'lesson 1.csv', text: 'word,translation\n学习,study' })
    expect([csv.definition!.name, csv.words]).toEqual(['lesson 1', '学习, study'])
    expect(await refused(api.sets.open({ name: 'x.json', text: '{"words": []}' }))).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('words'),
    })
    expect(await refused(api.sets.open({ name: 'x.json', text: 'x' }))).toMatchObject({ code: 'bad-request' })
  })

  it('is estimated, and an invalid template or size is reported', async () => {
    const definition = { name: 'Lesson / 1', words: ['学', '习'], request: { model: modelOrSkip } }
    const estimate = await api.sets.estimate({ definition })
    expect(estimate).toMatchObject({ pictures: 2, found: 'nothing', folder: join(root, 'sets', 'Lesson _ 1') })
    const wrong = { ...definition, files: '{nothing}' }
    expect(await refused(api.sets.estimate({ definition: wrong }))).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('{nothing} is not known'),
    })
    const uneven = { ...definition, sizes: ['100x100'] }
    expect((await api.sets.estimate({ definition: uneven })).problems).toMatchObject([
      { pictures: 2, message: expect.stringMatching(modelOrSkip === '/' ? /./ : /"width" is 100/) },
    ])
    // Where one of its sizes can be painted, the set can be started; where none can, nothing is queued.
    expect(await refused(api.sets.start({ definition: uneven }))).toMatchObject({ code: expect.any(String) })
    expect((await api.queue.list()).filter(({ kind }) => kind === 'set')).toEqual([])
    expect(await refused(api.sets.estimate({ definition, folder: 'here' }))).toMatchObject({ code: 'bad-request' })
  })

  it('gets a folder that holds no other set, also one that waits', async () => {
    await api.queue.pause()
    const definition = { name: 'twice', words: ['学'], request: { model: modelOrSkip } }
    const first = await api.sets.start({ definition })
    expect(await api.sets.estimate({ definition })).toMatchObject({
      folder: join(root, 'sets', 'twice'),
      found: 'same',
    })
    const other = { ...definition, words: ['习'] }
    const second = await api.sets.start({ definition: other })
    const jobs = await api.queue.list()
    expect(jobs.find(({ id }) => id === second.id)?.set).toEqual({
      folder: join(root, 'sets', 'twice (2)'),
      done: 0,
      failed: 0,
      onFarm: false,
    })
    expect(await api.sets.view({ id: first.id })).toMatchObject({ total: 0, made: 0, pictures: [], failures: [] })
    expect(await refused(api.sets.view({ id: 'nothing' }))).toMatchObject({ code: 'bad-request' })
    await api.sets.resume({ id: first.id, only: 'all' })
    for (const { id } of [first, second]) await api.queue.remove({ id })
    await api.queue.resume()
  })
})

const model = fixture('sdxl/pipeline')
const modelOrSkip = model ?? '/'
const small: RequestInput = { word: '学', model: modelOrSkip, width: 128, height: 128, steps: 2 }

describe.skipIf(!model)('the queue (needs ZIHUA_FIXTURES)', () => {
  const ids = async () => (await api.queue.list()).map(({ id }) => id)

  it('keeps its order, over a restart too', async () => {
    await api.queue.pause()
    const [a, b, c] = [
      (await api.queue.add({ request: small, note: 'a' })).id,
      (await api.queue.add({ request: { ...small, count: 2 } })).id,
      (await api.queue.add({ request: small })).id,
    ]
    expect(await ids()).toEqual([a, b, c])
    await api.queue.move({ id: c, before: a })
    expect(await ids()).toEqual([c, a, b])
    await host[Symbol.asyncDispose]()
    await open()
    expect(await api.queue.state()).toEqual({ paused: true })
    const list = await api.queue.list()
    expect(list.map(({ id }) => id)).toEqual([c, a, b])
    expect(list.map(({ title, progress }) => [title, progress.total])).toEqual([
      ['学', 2],
      ['a', 2],
      ['学', 4],
    ])
    await api.queue.cancel({ id: a })
    expect((await api.queue.list()).find(({ id }) => id === a)?.state).toBe('cancelled')
    for (const id of [a, b, c]) await api.queue.remove({ id })
    expect(await ids()).toEqual([])
    await api.queue.resume()
  })

  it('refuses a request before it waits', async () => {
    expect(await refused(api.queue.add({ request: { ...small, model: 'nothing' } }))).toMatchObject({
      code: 'missing-model',
    })
    expect(await refused(api.queue.add({ request: { ...small, width: 100 } }))).toMatchObject({ code: 'bad-request' })
  })

  it('makes a picture, and tells of each step', async () => {
    const stop = new AbortController()
    const events: StudioEvent[] = []
    const listening = (async () => {
      for await (const event of await api.studio.events(undefined, { signal: stop.signal })) {
        events.push(event)
        if (event.kind === 'job' && event.job.state === 'done') return
      }
    })()
    const { id } = await api.queue.add({ request: { ...small, steps: 3 } })
    await listening
    stop.abort()
    const job = (await api.queue.list()).find(found => found.id === id)!
    expect(job).toMatchObject({ state: 'done', error: null, progress: { done: 3, total: 3, secondsLeft: 0 } })
    const told = events.flatMap(event => (event.kind === 'job' ? [event.job.progress.done] : []))
    expect(told.toSorted((x, y) => x - y)).toEqual(told)
    const looks = events.filter(event => event.kind === 'preview')
    expect(looks.length).toBeGreaterThan(0)
    expect(await sharp((await host.blobs.get(nameOf(looks[0].url)))!).metadata()).toMatchObject({
      width: 64,
      height: 64,
    })
    const picture = await api.library.get({ id: job.pictures[0] })
    expect(picture).toMatchObject({ word: '学', width: 128, style: 'comic', url: `/pictures/${picture.id}.png` })
    expect(picture.legibility).not.toBeNull()
    expect(picture.prompt).toContain('comic')
    expect(events.some(event => event.kind === 'picture' && event.picture.id === picture.id)).toBe(true)
  })

  it('estimates and makes a set', async () => {
    const definition = { name: 'lesson', words: ['一', '二'], request: small, sheet: false }
    const ended = new Promise(done =>
      host.queue.subscribe(event => event.kind === 'changed' && event.job.state === 'done' && done(null)),
    )
    const { id } = await api.sets.start({ definition })
    await ended
    expect((await api.queue.list()).find(job => job.id === id)).toMatchObject({
      kind: 'set',
      state: 'done',
      title: 'lesson',
      progress: { done: 2, total: 2 },
    })
    expect(JSON.parse(await readFile(join(root, 'sets/lesson/set.json'), 'utf8')).pictures).toHaveLength(2)
    // Its pictures are in the gallery too, as an album, and are found and rated like any other.
    const [album] = await api.library.albums()
    expect(album).toMatchObject({ kind: 'set', name: 'lesson', pictures: 2 })
    const found = await api.library.search({ sort: 'date', offset: 0, limit: 10, set: album.id })
    expect(found.pictures.map(({ word }) => word).toSorted()).toEqual(['一', '二'])
    await api.library.note({ ids: [found.pictures[0].id], rating: 5 })
    expect((await api.library.get({ id: found.pictures[0].id })).rating).toBe(5)
    const job = (await api.queue.list()).find(each => each.id === id)
    expect(job).toMatchObject({ count: 2, styles: ['comic'], thumbnailUrl: `/thumbnails/${album.cover}.webp` })
  })

  it('refuses a set at a relative place', async () => {
    const definition = { words: ['一'], request: small }
    expect(await refused(api.sets.start({ definition, folder: 'here' }))).toMatchObject({ code: 'bad-request' })
  })

  it('finds, notes, trashes and restores what was made, over a restart too', async () => {
    const all = { sort: 'date', offset: 0, limit: 10 } as const
    const [{ id }] = (await api.library.search({ ...all, text: '学' })).pictures
    await api.library.note({ ids: [id], rating: 4, tags: ['good'] })
    expect((await api.library.search({ ...all, minRating: 4, tag: 'good', from: '2020-01-01' })).total).toBe(1)
    expect((await api.library.search({ ...all, to: '2020-01-01' })).total).toBe(0)
    await host[Symbol.asyncDispose]()
    await open()
    expect(await api.library.get({ id })).toMatchObject({ rating: 4, tags: ['good'], trashed: false })
    await api.library.trash({ ids: [id] })
    expect((await api.library.search({ ...all, trashed: true })).pictures.map(picture => picture.id)).toEqual([id])
    await api.library.restore({ ids: [id] })
    const byHand = { ...all, inSets: false }
    expect((await api.library.search({ ...byHand, style: 'comic' })).total).toBe(1)
    await api.library.purge({ ids: [id] })
    expect((await api.library.search(byHand)).total).toBe(1)
    const over = await api.queue.list()
    expect(await api.queue.clear()).toEqual({ removed: over.length })
    expect(await api.queue.list()).toEqual([])
    expect((await api.library.search(byHand)).total).toBe(1)
  })
})
