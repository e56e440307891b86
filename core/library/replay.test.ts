import { appendFile, cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { largerRequest } from '../contract/larger.ts'
import { SAMPLERS } from '../contract/vocabulary.ts'
import { VERSION } from '../files/version.ts'
import { Studio } from '../generate/studio.ts'
import { encodePng } from '../image/png.ts'
import { resample } from '../raster/resample.ts'
import { fixture } from '../testing/fixtures.ts'
import { expectedTime } from './expected-time.ts'
import { Library } from './library.ts'
import { replayDifferences } from './replay.ts'
import { WordPainter } from './testing.ts'

let root = ''
let library: Library
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-replay-'))
  library = await Library.open(join(root, 'data'))
})
afterAll(async () => {
  library.close()
  await rm(root, { recursive: true, force: true })
})

const published = fixture('sdxl/pipeline')
describe.skipIf(!published)('with the tiny model (needs ZIHUA_FIXTURES)', () => {
  it('20 pictures over all samplers are replayed to the byte from their PNGs alone', { timeout: 300_000 }, async () => {
    await using studio = new Studio({ dataFolder: join(root, 'data') })
    const model = join(root, 'model')
    await cp(published!, model, { recursive: true, filter: path => !path.includes('/runs') })
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#ff8800' } })
      .png()
      .toFile(join(root, 'start.png'))
    const extras = [
      {},
      { initImage: 'start.png', strength: 0.7 },
      { controls: null, prompt: 'a word', negativePrompt: null },
      {
        controlImages: [{ type: 'depth' as const, image: 'start.png', weight: 0.5 }],
        controls: null,
        prompt: 'x',
        negativePrompt: '',
      },
      { layout: { weight: 300, slant: 10 }, clipSkip: 1, longPrompt: 'truncate' as const },
    ]
    for (let i = 0; i < 20; i++) {
      const request = {
        word: '学',
        model: 'model',
        width: 64,
        height: 64,
        steps: 2,
        seed: 40 + i,
        sampler: SAMPLERS[i % SAMPLERS.length],
        ...extras[i % extras.length],
      }
      const [made] = await studio.generator.generateFrom(request, { base: root })
      const { id } = await library.add(made, { base: root, legibility: null })
      const replay = await library.replay(library.pathOf(id))
      expect(replay.missing).toEqual([])
      const [again] = await studio.generator.generateFrom(replay.request, { base: join(root, 'elsewhere') })
      expect(Buffer.compare(again.image.data, made.image.data), `picture ${i}, ${request.sampler}`).toBe(0)
      expect(replayDifferences(replay.record!, again)).toEqual([])
    }
  })
})

describe.skipIf(!published)('a larger version (needs ZIHUA_FIXTURES)', () => {
  it.each(['tiled', 'lanczos'] as const)('%s: names its parent, and is replayed to the byte', async method => {
    await using studio = new Studio({ dataFolder: join(root, 'data') })
    const model = join(root, `model-${method}`)
    await cp(published!, model, { recursive: true, filter: path => !path.includes('/runs') })
    const small = { word: '学', model, width: 128, height: 64, steps: 4, seed: 3 }
    const [made] = await studio.generator.generateFrom(small, { base: root })
    const parent = await library.add(made, { base: root, legibility: null })
    const file = library.pathOf(parent.id)
    const { request } = await library.replay(file)
    const input = largerRequest({ ...request, width: 128, height: 64 }, file, { side: 256, method, strength: 0.5 })
    const upscale = method === 'tiled' ? { method, tile: 64 } : { method }
    const [larger] = await studio.generator.generateFrom({ ...input, upscale, parent: parent.id }, { base: root })
    expect([larger.image.width, larger.image.height]).toEqual([256, 128])
    const { id } = await library.add(larger, { base: root, legibility: null })
    // The parent may go: the record has its hash, and the library a copy.
    await rm(file)
    const { record, missing, request: again } = await library.replay(library.pathOf(id))
    expect(record!.assets.map(({ field }) => field)).toEqual(['initImage'])
    expect(missing).toEqual([])
    expect(again).toMatchObject({
      parent: parent.id,
      upscale: method === 'tiled' ? { tile: 64, overlap: 0.125 } : { method },
    })
    const [replayed] = await studio.generator.generateFrom(again, { base: root })
    expect(Buffer.compare(replayed.image.data, larger.image.data)).toBe(0)
    const enlarged = resample(made.image, 256, 128, 'lanczos')
    const isSame = Buffer.compare(larger.image.data, enlarged.data) === 0
    expect(isSame).toBe(method === 'lanczos')
    expect(expectedTime(larger.request, library.index.speeds.timed(model))).toBeGreaterThan(0)
  })

  it('needs a picture', async () => {
    await using studio = new Studio({ dataFolder: join(root, 'data') })
    const request = { word: '学', upscale: { method: 'tiled' } }
    await expect(studio.generator.complete(request, root)).rejects.toMatchObject({ key: 'upscaleNeedsPicture' })
  })
})

describe('what is missing is told by name', () => {
  async function added(name: string, request: object = {}) {
    const model = join(root, `${name}.safetensors`)
    await writeFile(model, `weights of ${name}`)
    const [made] = await new WordPainter(model).generate({ word: '学', width: 64, height: 64, model, ...request })
    const { id } = await library.add(made, { base: root, legibility: null })
    return { model, picture: library.pathOf(id), made }
  }

  it('nothing', async () => {
    const { picture } = await added('whole')
    expect((await library.replay(picture)).missing).toEqual([])
  })

  it('a model that has changed, and one that is gone', async () => {
    const { model, picture } = await added('changed')
    await appendFile(model, '!')
    expect((await library.replay(picture)).missing).toMatchObject([{ kind: 'model', name: model, reason: 'changed' }])
    await rm(model)
    expect((await library.replay(picture)).missing).toMatchObject([{ kind: 'model', name: model, reason: 'absent' }])
  })

  it('a model that was moved is found by its hash once it has been seen', async () => {
    const { model, picture } = await added('moved')
    const place = join(root, 'a new place.safetensors')
    await rename(model, place)
    await library.hashes.tree(place)
    expect(await library.replay(picture)).toMatchObject({ missing: [], request: { model: place } })
  })

  it('a picture that was deleted is taken from the library’s copy; without it, it is named', async () => {
    const file = join(root, 'init.png')
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toFile(file)
    const { picture } = await added('asset', { initImage: file })
    await rm(file)
    const replay = await library.replay(picture)
    expect(replay.missing).toEqual([])
    expect(replay.request.initImage).toBe(library.assets.pathOf(replay.record!.assets[0]))
    await rm(replay.request.initImage!)
    expect((await library.replay(picture)).missing).toMatchObject([
      { kind: 'file', name: 'init.png', reason: 'absent' },
    ])
  })

  it('a font', async () => {
    const { made } = await added('font')
    const word = {
      ...made.word!,
      fonts: [
        { name: 'Noto Sans SC 700', sha256: 'f'.repeat(64) },
        { name: 'Gone 400', sha256: 'e'.repeat(64) },
      ],
    }
    const { id, record } = await library.add({ ...made, word }, { base: root, legibility: null })
    expect((await library.replay(library.pathOf(id))).missing).toMatchObject([
      { kind: 'font', name: 'Noto Sans SC 700' },
      { kind: 'font', name: 'Gone 400', reason: 'absent' },
    ])
    expect(replayDifferences(record!, made)).toEqual(['the font Noto Sans SC 700', 'the font Gone 400'])
  })

  it('the record itself, in a picture that was exported without the library', async () => {
    const { made } = await added('plain')
    const file = join(root, 'plain.png')
    await writeFile(file, await encodePng(made.image, { ...made, version: VERSION }))
    expect((await library.replay(file)).missing).toMatchObject([{ kind: 'record' }])
  })

  it('a picture that is not ours, a damaged request', async () => {
    const file = join(root, 'foreign.png')
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toFile(file)
    await expect(library.replay(file)).rejects.toThrow(/was not made by the studio/)
    const { made } = await added('damaged')
    const request = { ...made.request, steps: -1 }
    await writeFile(file, await encodePng(made.image, { ...made, request, version: VERSION }))
    await expect(library.replay(file)).rejects.toThrow(/damaged request \(steps/)
  })
})
