import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT, type Layout } from '../contract/request.ts'
import { StudioError } from '../faults/studio-error.ts'
import { drawWord } from '../glyph/draw.ts'
import { maskOf } from '../glyph/mask.ts'
import { readPicture } from '../pictures/door.ts'
import { DISTORTIONS, painted, texture } from '../raster/distortions.ts'
import { blank, type Rgb } from '../raster/raster.ts'
import { fixture } from '../testing/fixtures.ts'
import { judge } from './judge.ts'
import { judgeInWorker, readingProcessId, scoreOfPicture } from './legibility-worker.ts'

const written = async (word: string, layout: Partial<Layout> = {}, side = 256): Promise<Rgb> =>
  painted((await drawWord(word, { ...DEFAULT_LAYOUT, ...layout }, side, side)).coverage, [30, 40, 90], [240, 220, 190])
const subject = (word: string | null, layout: Partial<Layout> = {}) => ({
  word,
  layout: { ...DEFAULT_LAYOUT, ...layout },
  mask: null,
})

it.each(['学习', '龍', 'love', 'Hello world', '北京大学'])('%s is read as it is written', async word => {
  const { score, read, outline, why } = await judge(await written(word), subject(word))
  expect(read?.replace(/\s/g, '').toLowerCase()).toBe(word.replace(/\s/g, '').toLowerCase())
  expect(score).toBeGreaterThan(0.9)
  expect(outline).toBeGreaterThan(0.9)
  expect(why.key).toBe('readAsWritten')
})

it('columns and grids are read in their order', async () => {
  for (const direction of ['vertical', 'grid'] as const) {
    const { score, read } = await judge(
      await written('春夏秋冬', { direction }, 512),
      subject('春夏秋冬', { direction }),
    )
    expect(read, direction).toBe('春夏秋冬')
    expect(score).toBeGreaterThan(0.9)
  }
})

describe("the painter's pictures are plain in every style", () => {
  const folder = fixture('legibility')!
  const names = readdirSync(folder).filter(name => name.endsWith('.webp'))
  it.each(names)('%s', async name => {
    const word = /-([^-]+)\.webp$/.exec(name)![1]
    const { score, read } = await judge(await readPicture(join(folder, name)), subject(word))
    expect(read).toBe(word)
    expect(score).toBeGreaterThan(0.9)
  })
})

it('a stripe of letters that nobody can read is told as such, however well its outline lies', async () => {
  const word = 'abcdefghijklmnopqrstuvwxyzabcd'
  const stripe = await DISTORTIONS.blur(await written(word, {}, 512), 0.13)
  const { score, why } = await judge(stripe, subject(word))
  expect(score).toBeLessThan(0.4)
  expect(why.key).toBe('readOtherwise')
})

it('another word is not this word, and nothing is nothing', async () => {
  for (const [shown, meant] of [
    ['学', '龍'],
    ['love', 'hate'],
    ['太', '犬'],
  ]) {
    const { score, why } = await judge(await written(shown), subject(meant))
    expect(score, `${shown} for ${meant}`).toBeLessThan(0.5)
    expect(why).toMatchObject({ key: 'readOtherwise', values: { word: meant } })
  }
  expect((await judge(texture(256, 256, 5), subject('学'))).score).toBeLessThan(0.2)
})

it('falls as the picture is distorted', async () => {
  const levels = [0, 0.2, 0.3, 0.4, 0.5, 0.7, 1]
  const picture = await written('学习')
  for (const distort of Object.values(DISTORTIONS)) {
    const scores = []
    for (const level of levels) scores.push((await judge(await distort(picture, level, 7), subject('学习'))).score!)
    const told = scores.map(score => score.toFixed(2)).join(' ')
    // What is plain is plain alike; from there on it falls.
    for (const [i, score] of scores.slice(1).entries()) expect(score, told).toBeLessThanOrEqual(scores[i] + 0.05)
    // The reader sees through more blur than a person does.
    expect(scores[0]).toBeGreaterThan(0.95)
    expect(scores.at(-1)).toBeLessThan(distort === DISTORTIONS.blur ? 0.7 : 0.35)
  }
})

it('a script that the reader does not know is judged by its outline, and says so', async () => {
  for (const word of ['Привет', 'おと']) {
    const { score, read, outline, why } = await judge(await written(word), subject(word))
    expect(score).toBe(outline)
    expect(score).toBeGreaterThan(0.9)
    expect([read, why.key]).toEqual([null, 'scriptJudgedByOutline'])
  }
})

it('says where it cannot judge', async () => {
  const long = 'достопримечательностямидостопримечательностями'
  expect(await judge(await written(long, { weight: 400 }, 128), subject(long))).toMatchObject({
    score: null,
    outline: null,
    why: { key: 'strokesTooThin' },
  })
  const bare = { word: null, layout: null, mask: null }
  expect(await judge(await written('love'), bare)).toMatchObject({
    score: null,
    read: 'love',
    why: { key: 'noWordToCompare' },
  })
  expect(await judge(await written('Жук'), { ...bare, word: 'Жук' })).toMatchObject({
    score: null,
    why: { key: 'scriptNotRead' },
  })
})

it('a word may stand anywhere in a picture of another program', async () => {
  const small = await written('学习', { font: 'ma-shan-zheng' }, 160)
  const picture: Rgb = { width: 512, height: 400, channels: 3, data: new Uint8Array(512 * 400 * 3).fill(200) }
  for (let y = 0; y < 160; y++)
    picture.data.set(small.data.subarray(y * 480, (y + 1) * 480), 3 * ((y + 200) * 512 + 320))
  const { score, outline, read } = await judge(picture, { word: '学习', layout: null, mask: null })
  expect([read, outline]).toEqual(['学习', null])
  expect(score).toBeGreaterThan(0.9)
})

it('a drawing of one’s own is judged by its outline', async () => {
  const mask = maskOf(await drawWord('学', DEFAULT_LAYOUT, 256, 256))
  const { score, outline, why } = await judge(await written('学'), { word: null, layout: null, mask })
  expect([score, why.key]).toEqual([outline, 'judgedByOutlineAlone'])
  await expect(judge(await written('学'), { word: null, layout: null, mask: blank(256, 256, 1) })).rejects.toThrow(
    /no ink/,
  )
})

it('the worker says the same, errors included, and one that was killed costs one picture', async () => {
  const picture = await DISTORTIONS.blend(await written('学习'), 0.6, 1)
  expect(await judgeInWorker(picture, subject('学习'))).toEqual(await judge(picture, subject('学习')))
  const empty = { word: null, layout: null, mask: blank(256, 256, 1) }
  await expect(judgeInWorker(picture, empty)).rejects.toThrow(StudioError)

  const request = { word: '学习', layout: DEFAULT_LAYOUT }
  const lost = scoreOfPicture({ image: picture, mask: null, request })
  process.kill(readingProcessId()!, 'SIGKILL')
  expect(await lost).toBeNull()
  expect((await scoreOfPicture({ image: picture, mask: null, request }))?.read).toBe('学习')
  expect(await scoreOfPicture({ image: picture, mask: null, request: { ...request, word: null } })).toBeNull()
})
