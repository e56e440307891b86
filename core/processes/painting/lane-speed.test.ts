import { expect, it } from 'vitest'
import { kindOf, LaneSpeed } from './lane-speed.ts'

const picture = (...steps: number[]) => [
  { operation: 'load', milliseconds: 5000 },
  ...steps.map(milliseconds => ({ operation: 'step', milliseconds })),
]

it('lanes are used until both ways were measured three times and they were slower', () => {
  const speed = new LaneSpeed()
  for (let i = 0; i < 3; i++) speed.note('a', 'alone', picture(900, 100, 100))
  // Two lanes of 230 ms a step make a step in 115 ms.
  for (let i = 0; i < 2; i++) speed.note('a', 'together', picture(900, 230, 230))
  expect(speed.worthwhile('a', 2)).toBe(true)
  speed.note('a', 'together', picture(900, 230))
  expect(speed.worthwhile('a', 2)).toBe(false)
  expect(speed.worthwhile('a', 3)).toBe(true)
  expect(speed.worthwhile('b', 2)).toBe(true)
})

it('one slow picture changes nothing, lasting speed does; a picture of one step says nothing', () => {
  const speed = new LaneSpeed()
  for (let i = 0; i < 3; i++) speed.note('a', 'alone', picture(0, 100))
  for (const step of [150, 900, 150, 150]) speed.note('a', 'together', picture(0, step))
  speed.note('a', 'together', picture(900))
  expect(speed.worthwhile('a', 2)).toBe(true)
  for (let i = 0; i < 15; i++) speed.note('a', 'together', picture(0, 300))
  expect(speed.worthwhile('a', 2)).toBe(false)
  for (let i = 0; i < 15; i++) speed.note('a', 'together', picture(0, 150))
  expect(speed.worthwhile('a', 2)).toBe(true)
})

it('pictures of other files or sizes are others', () => {
  const job = { files: { model: 'm', controlnet: null, vae: null, loras: [] }, width: 512, height: 512 }
  expect(kindOf(job)).not.toBe(kindOf({ ...job, height: 640 }))
  expect(kindOf(job)).not.toBe(kindOf({ ...job, files: { ...job.files, model: 'n' } }))
})
