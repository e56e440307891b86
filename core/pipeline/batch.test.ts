/** Pictures that are denoised together are those that are denoised one by one, but for rounding. */
import { describe, expect, it } from 'vitest'
import { batchOf, type LoadOptions } from '../engine/network.ts'
import type { PipelineJob } from './job.ts'
import { difference, tinyJob as job, paint } from './testing.ts'

const { controls } = job
const [first, last] = [controls.slice(0, 1), { ...controls[1], end: 0.5 }]
const cases: [string, Partial<PipelineJob>, Partial<LoadOptions>][] = [
  ['one graph a step', {}, {}],
  ['two graphs', {}, { ops: { step: 'split' } }],
  ['one prompt at a time', {}, { passes: 2 }],
  ['without guidance', { guidanceScale: 1 }, {}],
  ['no control pictures', { controls: [] }, {}],
  ['one control in a part of the steps', { controls: [last] }, {}],
  ['one control, maps channels last', { controls: first }, { ops: { maps: 'channels-last-plain' } }],
  ['the context in the step', {}, { ops: { contextOnce: false } }],
]

describe.each(cases)('%s', (_, changes, load) => {
  it('two and four together are as one by one', async () => {
    const wanted = { ...job, ...changes }
    const [alone] = await paint(wanted, load)
    expect(alone.batch).toBe(1)
    for (const batch of [2, 4]) {
      const [together] = await paint(wanted, { ...load, batch })
      expect(together.batch).toBe(batch)
      expect(together.pictures.map(({ seed }) => seed)).toEqual([7, 8, 9, 10])
      for (const [i, { trace }] of together.pictures.entries()) {
        const single = alone.pictures[i].trace!
        expect(Object.keys(trace!)).toEqual(Object.keys(single))
        for (const [name, { data }] of Object.entries(trace!)) {
          expect(difference(data, single[name].data), `${name} of picture ${i}`).toBeLessThan(1e-3)
        }
      }
    }
    const images = alone.pictures.map(({ trace }) => trace!['image'].data)
    expect(difference(images[0], images[1])).toBeGreaterThan(0.01)
  })
})

it('every picture of a batch is reported at every step', async () => {
  const [, events] = await paint({ ...job, trace: false }, { batch: 2 })
  const steps = events.flatMap(event => (event.kind === 'step' ? [[event.image, event.step]] : []))
  const of = (a: number, b: number) => [1, 2, 3].flatMap(step => [a, b].map(image => [image, step]))
  expect(steps).toEqual([...of(0, 1), ...of(2, 3)])
})

it('batches are of one size, the largest that divides the pictures', () => {
  const sizes = [1, 2, 3, 4, 5, 6, 8, 9].map(count => batchOf(count, { batch: 4 }))
  expect(sizes).toEqual([1, 2, 3, 4, 1, 3, 4, 3])
  expect(batchOf(6, {})).toBe(1)
})
