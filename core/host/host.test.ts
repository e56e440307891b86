/** The parts of an open studio that a renderer does not see one by one. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawWord } from '../glyph/draw.ts'
import { extentOf } from '../glyph/outline.ts'
import { QueueStore } from '../queue/queue-store.ts'
import type { StudioJobs } from '../queue/studio-jobs.ts'
import { fixture } from '../testing/fixtures.ts'
import { Blobs } from './blobs.ts'
import { scaled } from './map-views.ts'
import { StudioHost } from './studio-host.ts'
import { picturesDone, stepsDone, viewOfJob } from './views.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-host-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const gray = (value: number, side = 64) => ({
  width: side,
  height: side,
  channels: 1 as const,
  data: new Uint8Array(side * side).fill(value),
})
const nameOf = (url: string) => url.slice('/blobs/'.length, -'.png'.length)

describe('blobs', () => {
  it('are named by their pixels and come back as they were', async () => {
    const blobs = new Blobs()
    const url = await blobs.put(gray(7))
    expect(await blobs.put(gray(7))).toBe(url)
    expect(await blobs.put(gray(8))).not.toBe(url)
    const png = (await blobs.get(nameOf(url)))!
    expect(await sharp(png).metadata()).toMatchObject({ channels: 1, space: 'b-w' })
    const { data, info } = await sharp(png).extractChannel(0).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.channels]).toEqual([64, 1])
    expect([...data]).toEqual([...gray(7).data])
  })

  it('are enlarged on demand', async () => {
    const blobs = new Blobs()
    const url = await blobs.put(gray(7, 16), 4)
    expect(await sharp((await blobs.get(nameOf(url)))!).metadata()).toMatchObject({ width: 64 })
  })

  it('forget the oldest, and never the newest', async () => {
    const blobs = new Blobs(1)
    const [first, second] = [await blobs.put(gray(1)), await blobs.put(gray(2))]
    expect(await blobs.get(nameOf(first))).toBeNull()
    expect(await blobs.get(nameOf(second))).not.toBeNull()
    expect(await blobs.get('unknown')).toBeNull()
  })

  it('refuse pixels that do not fill their size, and forget them', async () => {
    const blobs = new Blobs()
    await expect(blobs.put({ ...gray(1), width: 65 })).rejects.toThrow()
    await expect(blobs.put({ ...gray(1), width: 65 })).rejects.toThrow()
  })
})

describe('an outline', () => {
  it('scaled from the preview is the outline of the canvas', async () => {
    const layout = { font: null, weight: 700, slant: 0, direction: 'horizontal', margin: 0.08 } as const
    const small = await drawWord('永', layout, 256, 256)
    const large = await drawWord('永', layout, 1024, 1024)
    const numbers = (path: string) => [...path.matchAll(/-?\d+(?:\.\d+)?/g)].map(Number)
    const [got, wanted] = [numbers(scaled(small.characters[0].path, [4, 4])), numbers(large.characters[0].path)]
    expect(got).toHaveLength(wanted.length)
    expect(Math.max(...got.map((value, i) => Math.abs(value - wanted[i])))).toBeLessThan(0.05)
    expect(extentOf([])).toBeNull()
  })

  it('is scaled by two factors', () => {
    expect(scaled('M1 2L-3.5 4Z', [2, 10])).toBe('M2 20L-7 40Z')
  })
})

describe('a job’s view', () => {
  it('counts steps over all pictures, and pictures of a set', () => {
    expect(stepsDone({ kind: 'step', image: 1, images: 3, step: 4, steps: 10, preview: null })).toEqual({
      done: 14,
      total: 30,
    })
    expect(picturesDone({ done: 2, failed: 1, total: 9 })).toEqual({ done: 3, total: 9 })
    expect(stepsDone({ kind: 'stage', stage: 'load', image: 0, images: 1 })).toBeNull()
    expect(stepsDone(null)).toBeNull()
  })

  it('keeps no pixels on disk', () => {
    const store = new QueueStore<StudioJobs>(join(root, 'q.db'), 'host')
    store.add('a', { kind: 'picture', title: 't', payload: { request: { steps: 5, count: 2 }, base: root } })
    store.claim()
    const preview = { width: 1, height: 1, data: new Uint8Array(3) }
    store.setProgress('a', { kind: 'step', image: 0, images: 2, step: 3, steps: 5, preview })
    const job = store.get('a')!
    expect(job.progress).toMatchObject({ step: 3, preview: { width: 1, height: 1 } })
    expect(JSON.stringify(job.progress)).not.toContain('data')
    expect(viewOfJob(job, null, []).progress).toEqual({ done: 3, total: 10, secondsLeft: null })
    store.close()
  })
})

describe('the first start', () => {
  it('paints 学习 where the draft model is, and starts without it', async () => {
    await using host = await StudioHost.open({ dataFolder: join(root, 'first') })
    const draft = (await host.studio.registry.list())[0]
    expect(host.queue.list().map(({ title }) => title)).toEqual(draft.present ? ['学习'] : [])
  })

  it('paints before it warms the previews; warms at once where there is nothing to paint', async () => {
    await using host = await StudioHost.open({ dataFolder: join(root, 'warm') })
    const [first] = host.queue.list()
    await host.warmPreview()
    expect(host.queue.get(first.id)).toMatchObject({ state: 'done' })
    await using later = await StudioHost.open({ dataFolder: join(root, 'warm-later'), firstPicture: false })
    await later.warmPreview()
  }, 120_000)

  it('a host that closes meanwhile warms nothing', async () => {
    const host = await StudioHost.open({ dataFolder: join(root, 'closing') })
    const warmed = host.warmPreview()
    await host[Symbol.asyncDispose]()
    await warmed
  })
})

const model = fixture('sdxl/pipeline')

it.skipIf(!model)('what runs when the host closes goes on when it opens (needs ZIHUA_FIXTURES)', async () => {
  const dataFolder = join(root, 'again')
  const open = () => StudioHost.open({ dataFolder, firstPicture: false })
  const first = await open()
  const stepped = Promise.withResolvers<void>()
  first.queue.subscribe(
    event => event.kind === 'progress' && first.jobs.view(event.job).progress.done > 0 && stepped.resolve(),
  )
  const id = await first.orders.addPicture({ word: '学', model: model!, width: 128, height: 128, steps: 900 })
  await stepped.promise
  await first[Symbol.asyncDispose]()
  const second = await open()
  const [job] = second.queue.list()
  expect(job).toMatchObject({ id, error: null, tries: 1 })
  expect(['waiting', 'running']).toContain(job.state)
  second.jobs.remove(id)
  await second.queue.idle()
  expect(second.queue.list()).toEqual([])
  await second[Symbol.asyncDispose]()
})

it('steps are measured once at a time, and that can be stopped', async () => {
  await using host = await StudioHost.open({ dataFolder: join(root, 'measure'), firstPicture: false, logToFile: false })
  const stop = new AbortController()
  const first = host.measureSteps(stop.signal)
  await expect(host.measureSteps()).rejects.toMatchObject({ code: 'busy', key: 'measureBusy' })
  stop.abort()
  await expect(first).rejects.toMatchObject({ code: 'cancelled' })
})
