import { appendFile, cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SAMPLERS } from '../contract/vocabulary.ts'
import { VERSION } from '../files/version.ts'
import { Studio } from '../generate/studio.ts'
import { encodePng } from '../image/png.ts'
import { fixture } from '../testing/fixtures.ts'
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
