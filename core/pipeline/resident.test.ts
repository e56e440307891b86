/** What stays on the device from one step to the next changes no number, and is never another picture's. */
import { describe, expect, it } from 'vitest'
import type { LoadOptions } from '../engine/network.ts'
import { libraryPath } from '../engine/ort/api.ts'
import type { PipelineJob } from './job.ts'
import { tinyJob as job, paintInTurn } from './testing.ts'

const [first, last] = [
  { ...job.controls[0], weight: 0.3 },
  { ...job.controls[1], end: 0.5 },
]
const other = { ...job, prompt: 'a mosaic of the sea', seed: 3 }
const cases: [string, Partial<PipelineJob>, Partial<LoadOptions>][] = [
  ['one graph a step', {}, {}],
  ['two graphs', {}, { ops: { step: 'split' } }],
  ['one prompt at a time', {}, { passes: 2 }],
  ['controls that come and go', { controls: [first, last] }, {}],
  ['pictures together', {}, { batch: 2 }],
]

describe.skipIf(libraryPath() === null)('resident inputs', () => {
  it.each(cases)('%s: two jobs in turn are what each is by itself', async (_, changes, load) => {
    const jobs = [job, other].map(one => ({ ...one, steps: 2, count: load.batch ?? 1, ...changes }))
    const wanted = []
    for (const one of jobs) wanted.push(...(await paintInTurn([one], load)))
    const resident = await paintInTurn([...jobs, jobs[0]], { ...load, resident: true })
    for (const [i, { pictures }] of resident.entries())
      for (const [k, { trace }] of pictures.entries())
        for (const [name, { data }] of Object.entries(trace!))
          expect(Buffer.compare(bytes(data), bytes(wanted[i % 2].pictures[k].trace![name].data)), name).toBe(0)
  })
})

const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength)
