/** A set whose pictures are composed: its requests, records and replays carry the composition, and it goes on where it stopped. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Studio } from '../generate/studio.ts'
import { readPngRequest } from '../image/png-text.ts'
import { Library } from '../library/library.ts'
import { ownFixtures } from '../testing/fixtures.ts'
import type { SetInput } from './definition.ts'
import type { SetOptions } from './make-pictures.ts'
import { makeSet } from './make-set.ts'
import { verifySet } from './verify.ts'

let root = ''
let studio: Studio
let library: Library
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-composed-'))
  await cp(join(ownFixtures, 'sdxl/pipeline'), join(root, 'model'), {
    recursive: true,
    filter: path => !path.includes('/runs'),
  })
  studio = new Studio({ dataFolder: join(root, 'data') })
  library = await Library.open(join(root, 'data'))
})
afterAll(async () => {
  library.close()
  await studio[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

const upper = { x: 0.5, y: 0.35, scale: [0.6, 0.6] as [number, number], rotation: 0 }
const corner = { x: 0.8, y: 0.8, scale: [0.3, 0.3] as [number, number], rotation: 12 }
const composition: NonNullable<NonNullable<SetInput['request']>['composition']> = {
  gap: 0.012,
  blocks: [
    {
      kind: 'word',
      source: { text: null, writing: {} },
      ...{ transform: upper, warp: { kind: 'arc', angle: 40 }, control: 1, prompt: null },
    },
    {
      kind: 'motif',
      source: { emoji: '⭐', form: 'filled', weight: 400 },
      ...{ transform: corner, warp: null, control: 0.6, prompt: 'a star' },
    },
  ],
}
const palette = { ground: '#14245c', inks: ['#f4d81e'], hold: true }
const lesson: SetInput = {
  name: 'Composed',
  words: ['学', '月', 'love'],
  maps: ['canny'],
  request: { model: 'model', width: 64, height: 64, steps: 2, style: 'comic', composition, palette },
}
const make = (input: SetInput, options: Partial<SetOptions> = {}) =>
  makeSet(input, join(root, 'set'), { maker: studio.generator, base: root, ...options })

const file = (word: string, index: number) => join(root, 'set', `00${index}-${word}-comic-1.png`)

describe('a set of composed pictures', () => {
  it('stops and goes on, with the composition filled in by each word', async () => {
    const stop = new AbortController()
    const stopped = make(lesson, { signal: stop.signal, onProgress: ({ done }) => done >= 1 && stop.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    const report = await make(lesson)
    expect(report).toMatchObject({ total: 3, failures: [], complete: true })
    expect(report.reused).toBeGreaterThanOrEqual(1)
    expect(await verifySet(join(root, 'set'))).toMatchObject({ ok: true, missing: [], changed: [] })
    for (const [i, word] of ['学', '月', 'love'].entries()) {
      const written = await readPngRequest(file(word, i + 1))
      expect(written?.request).toMatchObject({ word, composition, palette })
    }
    const { pictures } = JSON.parse(await readFile(join(root, 'set', 'set.json'), 'utf8'))
    for (const { prompt } of pictures) expect(prompt).toContain('a star, yellow lettering, navy background')
    const [first, second] = await Promise.all([1, 2].map(i => readFile(file(['学', '月'][i - 1], i))))
    expect(first.equals(second)).toBe(false)
  })

  it('is made again where the composition has changed, and only then', async () => {
    expect(await make(lesson)).toMatchObject({ made: 0, reused: 3 })
    const [word, motif] = composition.blocks
    const moved = { ...composition, blocks: [word, { ...motif, transform: { ...corner, x: 0.2 } }] }
    const other = { ...lesson, request: { ...lesson.request, composition: moved } }
    expect(await make(other, { overwrite: true })).toMatchObject({ made: 3, reused: 0 })
  })

  it('is replayed to the byte from a picture of the library', async () => {
    const kept: string[] = []
    await makeSet(lesson, join(root, 'again'), {
      ...{ maker: studio.generator, base: root },
      onKept: async picture => {
        kept.push((await library.add(picture, { base: root, legibility: null })).id)
        const { request, missing, record } = await library.replay(library.pathOf(kept.at(-1)!))
        expect(missing).toEqual([])
        expect(record!.maps.map(({ map }) => map).length).toBeGreaterThan(0)
        const [again] = await studio.generator.generateFrom(request, { base: root })
        expect(Buffer.compare(again.image.data, picture.image.data)).toBe(0)
      },
    })
    expect(kept).toHaveLength(3)
  })

  it('varies a palette by variants', async () => {
    const variants = [
      { name: 'night', request: { palette } },
      { name: 'day', request: { palette: { ...palette, ground: '#f4d81e', inks: ['#14245c'] } } },
    ]
    const input = { ...lesson, words: ['学'], maps: [], variants }
    const report = await makeSet(input, join(root, 'variants'), { maker: studio.generator, base: root })
    expect(report).toMatchObject({ total: 2, made: 2, failures: [] })
  })
})
