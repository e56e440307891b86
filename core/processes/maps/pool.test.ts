import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { ALL_CHOICES, DEFAULT_CHOICES, makeMaps } from '../../conditioning/make-map.ts'
import { DEFAULT_LAYOUT } from '../../contract/request.ts'
import { StudioError } from '../../faults/studio-error.ts'
import { drawWord } from '../../glyph/draw.ts'
import type { Glyph } from '../../glyph/types.ts'
import type { MapJob } from './job.ts'
import { MapPool } from './pool.ts'
import { MapPreview, previewSize } from './preview.ts'

const pool = new MapPool()
afterAll(() => pool.close())

const job = (word: string, maps: MapJob['maps'] = DEFAULT_CHOICES, side = 128): MapJob => ({
  source: { kind: 'word', word, layout: DEFAULT_LAYOUT, width: side, height: side },
  maps,
})
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof StudioError ? error : new Error(`not a StudioError: ${error}`)),
  )
const canny = [{ map: 'canny', method: 'opencv_canny' }] as const

describe('MapPool', () => {
  it('draws the word and makes the maps as makeMaps does', async () => {
    const choices = ALL_CHOICES.filter(({ method }) => !method.startsWith('ai_'))
    const { glyph, maps } = await pool.run(job('永', choices))
    const drawn = await drawWord('永', DEFAULT_LAYOUT, 128, 128)
    expect(Buffer.compare(glyph.coverage.data, drawn.coverage.data)).toBe(0)
    const wanted = await makeMaps(drawn, choices)
    expect(
      maps.map(({ map, method, basis, legend, parameters }) => ({ map, method, basis, legend, parameters })),
    ).toEqual(wanted.map(({ map, method, basis, legend, parameters }) => ({ map, method, basis, legend, parameters })))
    for (const [k, { image }] of maps.entries()) expect(Buffer.compare(image.data, wanted[k].image.data)).toBe(0)
  })

  it('takes a glyph and leaves it whole', async () => {
    const glyph = await drawWord('口', DEFAULT_LAYOUT, 256, 256)
    const before = Uint8Array.from(glyph.coverage.data)
    await pool.run({ source: { kind: 'glyph', glyph }, maps: canny })
    expect(glyph.coverage.data).toEqual(before)
  })

  it('takes the bytes of a picture', async () => {
    const { width, height, data } = (await drawWord('口', DEFAULT_LAYOUT, 64, 64)).coverage
    const ink = data.map(value => 255 - value)
    const picture = new Uint8Array(
      await sharp(ink, { raw: { width, height, channels: 1 } })
        .png()
        .toBuffer(),
    )
    const source = { kind: 'picture', picture, asIs: true, width: 1, height: 1 } as const
    const { glyph } = await pool.run({ source, maps: [] })
    expect(Buffer.compare(glyph.coverage.data, data)).toBe(0)
  })

  it('tells of each map as it is made', async () => {
    const heard: string[] = []
    const { maps } = await pool.run(job('一'), { onMap: ({ method }) => heard.push(method) })
    expect(heard).toEqual(maps.map(({ method }) => method))
  })

  it('hands on errors as StudioError', async () => {
    const error = await errorOf(pool.run(job('')))
    expect(error).toMatchObject({ code: 'bad-word', key: 'wordIsEmpty' })
  })

  it('cancels what runs, and works on', async () => {
    const controller = new AbortController()
    const many = Array.from({ length: 50 }, () => canny[0])
    const running = pool.run(job('龍', many), { signal: controller.signal, onMap: () => controller.abort() })
    expect(await errorOf(running)).toMatchObject({ code: 'cancelled' })
    expect((await pool.run(job('一', canny))).maps).toHaveLength(1)
  })

  it('cancels what waits', async () => {
    const single = new MapPool({ workers: 1 })
    const controller = new AbortController()
    const first = single.run(job('一', canny))
    const waiting = errorOf(single.run(job('二', canny), { signal: controller.signal }))
    controller.abort()
    expect(await waiting).toMatchObject({ code: 'cancelled' })
    expect((await first).maps).toHaveLength(1)
    await single.close()
  })

  it('lets an urgent job pass those that wait', async () => {
    const single = new MapPool({ workers: 1 })
    const order: string[] = []
    const run = (word: string, urgent: boolean) =>
      single.run(job(word, canny), { urgent }).then(({ glyph }) => order.push(glyph.word))
    await Promise.all([run('一', false), run('二', false), run('三', true)])
    expect(order).toEqual(['一', '三', '二'])
    await single.close()
  })

  it('closing cancels what runs', async () => {
    const closing = new MapPool({ workers: 1 })
    const running = errorOf(closing.run(job('龍')))
    await closing.close()
    expect(await running).toMatchObject({ code: 'cancelled' })
  })

  it('a fault inside a worker is reported, and the worker lives', async () => {
    const broken = { word: '', width: 4, height: 4, coverage: null, characters: [] } as unknown as Glyph
    const error = await errorOf(pool.run({ source: { kind: 'glyph', glyph: broken }, maps: canny }))
    expect(error).toMatchObject({ code: 'internal' })
    expect((await pool.run(job('一', canny))).maps).toHaveLength(1)
  })

  it('a worker that dies takes its own job with it, and is replaced', async () => {
    const small = new MapPool({ workers: 1, heapMb: 6 })
    const jobs = [job('一', canny), job('二', canny)].map(each => errorOf(small.run(each)))
    for (const error of await Promise.all(jobs)) expect(error).toMatchObject({ code: 'out-of-memory' })
    await small.close()
  })
})

describe('MapPreview', () => {
  it('shows the four defaults at the area of 512²', async () => {
    const { glyph, maps } = await new MapPreview(pool).show({ word: '一', width: 1344, height: 768 })
    expect([glyph.width, glyph.height]).toEqual([677, 387])
    expect(maps.map(({ method }) => method)).toEqual(DEFAULT_CHOICES.map(({ method }) => method))
    expect(previewSize(1024, 1024)).toEqual({ width: 512, height: 512 })
    expect(previewSize(300, 200)).toEqual({ width: 300, height: 200 })
  })

  it('warms up without a trace', async () => {
    const preview = new MapPreview(pool, { cacheBytes: 0 })
    await preview.warm()
    expect((await preview.show({ word: '一', width: 64, height: 64 })).maps).toHaveLength(4)
  })

  it('the newest request wins', async () => {
    const preview = new MapPreview(pool)
    const shown = ['一', '一二', '一二三'].map(word => preview.show({ word, width: 128, height: 128 }))
    const [first, second] = await Promise.all(shown.slice(0, 2).map(errorOf))
    expect(first).toMatchObject({ code: 'cancelled' })
    expect(second).toMatchObject({ code: 'cancelled' })
    expect((await shown[2]).glyph.word).toBe('一二三')
  })

  it('two screens of one studio do not cancel each other', async () => {
    const preview = new MapPreview(pool)
    const [first, second, newer] = [
      preview.show({ word: '一', width: 128, height: 128 }, { screen: 'a' }),
      preview.show({ word: '一二', width: 128, height: 128 }, { screen: 'b' }),
      preview.show({ word: '一二三', width: 128, height: 128 }, { screen: 'a' }),
    ]
    expect(await errorOf(first)).toMatchObject({ code: 'cancelled' })
    expect((await second).glyph.word).toBe('一二')
    expect((await newer).glyph.word).toBe('一二三')
  })

  it('keeps what it showed by content, the least used goes first', async () => {
    const bytes = 64 * 64 * 7
    const preview = new MapPreview(pool, { cacheBytes: 2 * bytes })
    const show = (word: string) => preview.show({ word, width: 64, height: 64 })
    const one = await show('一')
    const two = await show('二')
    expect(await show('一')).toBe(one)
    await show('三')
    expect(await show('一')).toBe(one)
    expect(await show('二')).not.toBe(two)
  })

  it('can be cancelled', async () => {
    const controller = new AbortController()
    const shown = errorOf(
      new MapPreview(pool).show({ word: '一', width: 64, height: 64 }, { signal: controller.signal }),
    )
    controller.abort()
    expect(await shown).toMatchObject({ code: 'cancelled' })
  })
})
