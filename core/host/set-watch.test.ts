/** What a renderer sees of a set, and what it cannot see through it. */
import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../files/hashes.ts'
import { Library } from '../library/library.ts'
import { WordPainter } from '../library/testing.ts'
import { jobHandlers } from '../queue/handlers.ts'
import { Queue } from '../queue/queue.ts'
import type { StudioQueue } from '../queue/studio-jobs.ts'
import { estimateSet } from '../sets/estimate.ts'
import { verifySet } from '../sets/verify.ts'
import type { StudioEvent } from './api/studio.ts'
import { Blobs } from './blobs.ts'
import { JobWatch } from './job-watch.ts'
import { SetWatch } from './set-watch.ts'

let root = ''
let library: Library
let queue: StudioQueue
let sets: SetWatch
let jobs: JobWatch
const events: StudioEvent[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-sets-'))
  await writeFile(join(root, 'model.safetensors'), 'weights')
  library = await Library.open(join(root, 'data'))
  const maker = new WordPainter(join(root, 'model.safetensors'))
  queue = new Queue(join(root, 'queue.db'), jobHandlers({ maker, library }))
  sets = new SetWatch(queue)
  jobs = new JobWatch({ queue, library, blobs: new Blobs(), publish: event => events.push(event) })
  queue.start()
})
afterAll(async () => {
  await queue.close()
  library.close()
  await rm(root, { recursive: true, force: true })
})

const set = { words: ['学', '习', '山'], request: { width: 64, height: 64, steps: 2 }, sheet: false }
const add = (name: string, more: object = {}) => {
  const payload = { set: { ...set, ...more, name }, base: root, folder: join(root, name) }
  return queue.add({ kind: 'set', title: name, payload }).id
}
const nameOf = (url: string) => /([0-9a-f]{64})\.webp$/.exec(url)![1]
const viewOf = (id: string) => jobs.view(queue.get(id)!)

describe('a set in the queue', () => {
  it('tells of each picture as it is made, and the same later', async () => {
    const id = add('whole')
    await queue.idle()
    const view = await sets.view(id)
    const told = events.flatMap(event => (event.kind === 'set-picture' ? [event.picture] : []))
    expect(view.pictures).toEqual(told.toReversed())
    expect(view).toMatchObject({ folder: join(root, 'whole'), total: 3, made: 3, failures: [] })
    expect(viewOf(id)).toMatchObject({
      state: 'done',
      progress: { done: 3, total: 3 },
      set: { folder: join(root, 'whole'), done: 3, failed: 0, onFarm: false },
    })
    for (const { thumbnailUrl } of view.pictures) {
      const webp = await sets.thumbnail(id, nameOf(thumbnailUrl))
      expect(await sharp(webp!).metadata()).toMatchObject({ format: 'webp', width: 64 })
    }
  })

  it('teaches how long the next one takes', async () => {
    const model = 'taught'
    const { complete } = WordPainter.prototype
    expect(library.index.speeds.rate(model)).toBeNull()
    add('teacher', { request: { ...set.request, model } })
    await queue.idle()
    const rate = library.index.speeds.rate(model)!
    expect(rate).toBeGreaterThan(0)
    const next = { words: ['水', '火'], request: { ...set.request, model } }
    const { cost, milliseconds } = await estimateSet(next, { base: root, complete, rate })
    expect(milliseconds).toBeCloseTo(cost * rate)
    // Only the newest count, however many there are.
    for (let i = 0; i < 40; i++) library.index.speeds.note(model, 1e6 + i)
    expect(library.index.speeds.rate(model)).toBeGreaterThanOrEqual(1e6)
  })

  it('is stopped, and makes what is lacking when it goes on', async () => {
    const id = add('stopped', { count: 4 })
    const stop = queue.subscribe(event => {
      // Two pictures may be saved at once, so that the count may skip a number.
      if (event.kind === 'progress' && viewOf(id).set!.done >= 2) queue.cancel(id)
    })
    await queue.idle()
    stop()
    const before = await sets.view(id)
    // What was being saved when it was stopped is saved, and counts.
    expect(before.made).toBeGreaterThanOrEqual(2)
    expect(viewOf(id)).toMatchObject({ state: 'cancelled', progress: { total: 12 }, set: { done: before.made } })
    const first = await Promise.all(before.pictures.map(({ name }) => readFile(join(root, 'stopped', name))))
    sets.resume(id, 'all')
    await queue.idle()
    expect(viewOf(id)).toMatchObject({ state: 'done', set: { done: 12, failed: 0 } })
    expect(queue.get(id)!.result).toMatchObject({ reused: before.made, made: 12 - before.made, complete: true })
    expect(await Promise.all(before.pictures.map(({ name }) => readFile(join(root, 'stopped', name))))).toEqual(first)
    expect(await verifySet(join(root, 'stopped'))).toMatchObject({ ok: true })
  })

  it('tries its failures alone', async () => {
    const id = add('failed', { words: ['学', '\u{10FFFD}'] })
    await queue.idle()
    expect(viewOf(id)).toMatchObject({ state: 'done', set: { done: 1, failed: 1 } })
    expect((await sets.view(id)).failures).toMatchObject([{ index: 2, word: '\u{10FFFD}', code: 'missing-glyph' }])
    events.length = 0
    sets.resume(id, 'failed')
    await queue.idle()
    expect(events.filter(({ kind }) => kind === 'set-failure')).toHaveLength(1)
    expect(events.filter(({ kind }) => kind === 'set-picture')).toEqual([])
    expect(viewOf(id)).toMatchObject({ state: 'done', set: { done: 1, failed: 1 } })
  })

  it('is refused where it is none', async () => {
    const { id } = queue.add({ kind: 'picture', title: '', payload: { request: { word: '\u{10FFFD}' }, base: root } })
    await expect(sets.view(id)).rejects.toMatchObject({ code: 'bad-request' })
    expect(() => sets.resume('nothing', 'all')).toThrow('no such set')
    await queue.idle()
  })
})

describe('small pictures of a set', () => {
  it('are those of its own files alone', async () => {
    const [one, other] = [add('one', { words: ['水'] }), add('other', { words: ['火'] })]
    await queue.idle()
    const [{ thumbnailUrl }] = (await sets.view(one)).pictures
    expect(await sets.thumbnail(one, nameOf(thumbnailUrl))).not.toBeNull()
    expect(await sets.thumbnail(other, nameOf(thumbnailUrl))).toBeNull()
    expect(await sets.thumbnail('nothing', nameOf(thumbnailUrl))).toBeNull()
    expect(await sets.thumbnail(one, '0'.repeat(64))).toBeNull()
  })

  it('never lie outside its folder, whatever its journal or a link says', async () => {
    const secret = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .png()
      .toBuffer()
    await writeFile(join(root, 'secret.png'), secret)
    const id = add('climbs', { words: ['口', '日'] })
    await queue.idle()
    const [second, first] = (await sets.view(id)).pictures
    queue.forget([id])
    const again = add('climbs', { words: ['口', '日'] })
    await queue.idle()
    const journal = join(root, 'climbs', '.zihua', 'journal.jsonl')
    const text = await readFile(journal, 'utf8')
    const moved = text
      .replaceAll(`"${first.name}"`, '"../secret.png"')
      .replaceAll(nameOf(first.thumbnailUrl), sha256(secret))
    await writeFile(journal, moved)
    await rename(join(root, 'climbs', second.name), join(root, 'moved.png'))
    await symlink(join(root, 'secret.png'), join(root, 'climbs', second.name))
    expect((await new SetWatch(queue).view(again)).pictures.map(({ name }) => name)).toContain('../secret.png')
    expect(await new SetWatch(queue).thumbnail(again, sha256(secret))).toBeNull()
    expect(await new SetWatch(queue).thumbnail(again, nameOf(second.thumbnailUrl))).toBeNull()
  })
})
