import { expect, it } from 'vitest'
import { compose, draw, motif, UPRIGHT, word, written } from '../composition/testing.ts'
import { painted } from '../raster/distortions.ts'
import { judgePicture } from './judge-composition.ts'

const SIDE = 384
const at = (x: number, y: number, scale: number) => ({ ...UPRIGHT, x, y, scale: [scale, scale] })

async function judged(...blocks: object[]) {
  const composition = compose(...blocks)
  const { coverage, composed } = await draw(composition, SIDE, SIDE)
  const picture = painted(coverage, [20, 20, 20], [240, 235, 220])
  return judgePicture(picture, { ...written, composition, composed, mask: null })
}
const two = [word({ transform: at(0.5, 0.3, 0.5) }), word({ source: { text: 'love' }, transform: at(0.5, 0.8, 0.6) })]

it('each word by itself; motifs beside them are no ink of a word and no cause for a warning', async () => {
  const { words, score, notices } = await judged(...two, motif({ transform: at(0.1, 0.1, 0.15) }))
  expect(words?.map(({ name }) => name)).toEqual(['学', 'love'])
  for (const { score } of words!) expect(score).toBeGreaterThan(0.8)
  expect(score).toBe(Math.min(...words!.map(({ score }) => score!)))
  expect(notices).toBeUndefined()
})

it('a motif over a stroke is told', async () => {
  const found = await judged(...two, motif({ name: 'cat', transform: at(0.5, 0.3, 0.25) }))
  expect(found.notices?.map(({ key }) => key)).toEqual(['wordIsCrossed'])
  expect(found.notices?.[0].values).toMatchObject({ word: '学', by: 'cat' })
})
