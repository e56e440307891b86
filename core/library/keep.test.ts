import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DISTORTIONS } from '../raster/distortions.ts'
import { keepBest, keepLegible } from './keep.ts'
import type { GeneratedPicture } from './maker.ts'
import { WordPainter } from './testing.ts'

let root = ''
let model = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-keep-'))
  model = join(root, 'm.safetensors')
  await writeFile(model, 'x')
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** The heavier the control, the less of a texture lies over the word; seed 3 paints best. */
class Veiled extends WordPainter {
  override async generate(...args: Parameters<WordPainter['generate']>): Promise<GeneratedPicture[]> {
    const pictures = await super.generate(...args)
    return Promise.all(
      pictures.map(async picture => {
        const veil = 0.98 - 0.1 * (picture.request.controls?.canny.weight ?? 0) - (picture.request.seed === 3 ? 0.2 : 0)
        return { ...picture, image: await DISTORTIONS.blend(picture.image, veil, 1) }
      }),
    )
  }
}
const request = (weight: number) =>
  new WordPainter(model).complete({
    word: '学',
    width: 128,
    height: 128,
    controls: { canny: { weight }, depth: { weight: 0 }, segmentation: { weight: 0 }, scribble: { weight: 0 } },
  })
const options = { base: '/' }

it('keeps the best of N, the first of equals', async () => {
  const maker = new Veiled(model)
  const best = await keepBest(maker, await request(0.5), 4, options)
  expect(maker.made).toEqual([1, 2, 3, 4])
  expect(best).toMatchObject({ tries: 4, scale: 1, picture: { request: { seed: 3 } } })
})

it('a word that is legible at once is made once', async () => {
  const maker = new WordPainter(model)
  expect(await keepLegible(maker, await request(1), { target: 0.9, tries: 5 }, options)).toMatchObject({
    tries: 1,
    scale: 1,
  })
})

it('finds the smallest factor that reaches the target, by bisection', async () => {
  const at = async (scale: number) =>
    (await keepBest(new Veiled(model), await request(1 * scale), 1, options)).legibility!.score
  const [low, high] = [await at(1), await at(2)]
  const target = (low! + high!) / 2
  const kept = await keepLegible(new Veiled(model), await request(1), { target, tries: 8 }, options)
  expect(kept.legibility!.score).toBeGreaterThanOrEqual(target)
  expect(kept.tries).toBeLessThanOrEqual(8)
  expect(kept.scale).toBeGreaterThan(1)
  expect(await at(kept.scale - 0.06)).toBeLessThan(target)
  expect(kept.picture.request.controls?.canny.weight).toBeCloseTo(kept.scale, 6)
})

it('stops at the most there is, and gives the best of what was made', async () => {
  const kept = await keepLegible(new Veiled(model), await request(1), { target: 1, tries: 8 }, options)
  expect(kept).toMatchObject({ tries: 2, scale: 2 })
})

it('without controls there is nothing to raise', async () => {
  expect(await keepLegible(new Veiled(model), await request(0), { target: 0.9, tries: 8 }, options)).toMatchObject({
    tries: 1,
  })
})
