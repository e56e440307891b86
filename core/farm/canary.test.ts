/** How far real pictures of the draft model are from each other: what the limits of a test picture stand between. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Studio } from '../generate/studio.ts'
import type { GeneratedPicture } from '../library/maker.ts'
import { seededRandom } from '../raster/random.ts'
import { judgeCanary, LIMITS, meanDifference } from './canary.ts'
import type { Painted } from './result.ts'

let root = ''
let studio: Studio
const made: Record<string, GeneratedPicture> = {}
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-canary-'))
  studio = new Studio({ dataFolder: root })
  const request = { word: '水', width: 128, height: 128, steps: 4, style: 'comic', seed: 1 }
  for (const [name, change] of Object.entries({ producer: {}, seed: { seed: 2 }, style: { style: 'neon' } })) {
    const [picture] = await studio.generator.generateFrom({ ...request, ...change }, { base: root })
    made[name] = picture
  }
}, 120_000)
afterAll(async () => {
  await studio[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

const painted = (picture: GeneratedPicture): Painted => ({ ...picture, legibility: null })
const judge = (picture: GeneratedPicture, same: 'exact' | 'look') =>
  judgeCanary(
    painted(made['producer']!),
    { worker: 'w', made: studio.inference.made, outcome: { picture: painted(picture) } },
    same,
  )

it('another seed and another style are found out, in pixels alone', async () => {
  for (const name of ['seed', 'style']) {
    expect(meanDifference(made['producer']!.image, made[name]!.image)).toBeGreaterThan(LIMITS.difference * 1.5)
    expect(await judge(made[name]!, 'look')).toMatchObject({ key: 'farmCanaryDiffers' })
  }
})

it('other arithmetic, a few levels anywhere, is the same look and not the same bytes', async () => {
  const { image } = made['producer']!
  const next = seededRandom(1)
  const data = image.data.map(value => Math.min(255, Math.max(0, value + Math.round((next() - 0.5) * 8))))
  const near = { ...made['producer']!, image: { ...image, data } }
  expect(await judge(near, 'look')).toBeNull()
  expect(await judge(near, 'exact')).toMatchObject({ key: 'farmCanaryDiffers' })
  expect(await judge(made['producer']!, 'exact')).toBeNull()
})
