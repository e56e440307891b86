/** Sketches on the draft itself, at small sizes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { StudioHost } from './studio-host.ts'

let root = ''
let host: StudioHost
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-sketches-'))
  host = await StudioHost.open({ dataFolder: root, firstPicture: false, logToFile: false })
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

const request = { word: '山', style: 'neon', seed: 7, width: 128, height: 128 }
const pixelsOf = async (url: string) =>
  sharp((await host.blobs.get(url.slice('/blobs/'.length, -'.png'.length)))!)
    .raw()
    .toBuffer()

it('is the picture of four steps without guidance, kept nowhere', { timeout: 120_000 }, async () => {
  const sketch = await host.sketches.paint(request)
  expect(sketch).toMatchObject({ width: 128, height: 128 })
  const quick = { ...request, steps: 4, guidanceScale: 1, sampler: 'dpmpp_2m_karras' }
  const [{ image }] = await host.studio.generator.generateFrom(quick, { base: root })
  expect(Buffer.compare(await pixelsOf(sketch!.url), Buffer.from(image.data))).toBe(0)
  expect(host.library.index.files()).toEqual([])
  expect(host.queue.list()).toEqual([])
})

it('is no larger than the draft was trained at, and keeps the shape', { timeout: 120_000 }, async () => {
  const sketch = await host.sketches.paint({ ...request, width: 1536, height: 384, count: 9 })
  expect(sketch).toMatchObject({ width: 512, height: 128 })
})

it('gives way to a newer one', { timeout: 120_000 }, async () => {
  const older = host.sketches.paint(request)
  const newer = host.sketches.paint({ ...request, word: '水' })
  expect(await older).toBeNull()
  expect(await newer).not.toBeNull()
})

it('is ended by whoever asked for it', { timeout: 120_000 }, async () => {
  const asked = new AbortController()
  const sketch = host.sketches.paint({ ...request, width: 512, height: 512 }, asked.signal)
  asked.abort()
  await expect(sketch).rejects.toMatchObject({ code: 'cancelled' })
  expect(await host.sketches.paint(request)).not.toBeNull()
})

it('gives way to a picture, and waits for none', { timeout: 120_000 }, async () => {
  const sketch = host.sketches.paint({ ...request, width: 512, height: 512 })
  const id = await host.orders.addPicture({ ...request, steps: 2 })
  expect(await sketch).toBeNull()
  expect(await host.sketches.paint(request)).toBeNull()
  expect((await host.finished(id)).state).toBe('done')
  expect(await host.sketches.paint(request)).not.toBeNull()
})

it('is the draft’s alone, and refuses what cannot be painted', async () => {
  expect(await host.sketches.paint({ ...request, model: '/models/other.safetensors' })).toBeNull()
  await expect(host.sketches.paint({ ...request, style: 'no-such-style' })).rejects.toMatchObject({ code: 'bad-style' })
})
