/** The inference process is killed, cancelled and starved for real; the model is the tiny golden one. */
import { closeSync, cpSync, openSync, readdirSync, writeSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { PipelineJob } from '../../pipeline/job.ts'
import { readHeader } from '../../weights/safetensors.ts'
import { temporaryFolder } from '../../weights/testing.ts'
import { InferenceClient } from './client.ts'
import { folder, testingJob } from './testing-job.ts'

const settings = { load: { provider: 'cpu', threads: 1 }, retention: { budgetBytes: 1e9 } } as const

const job = testingJob(4)

describe.skipIf(!folder)('the inference process (needs the golden set sdxl)', () => {
  let client: InferenceClient
  afterEach(() => client.stop())
  const open = () => (client = new InferenceClient({ settings }))

  it('tells every stage and step, with a preview of the size of the latents', async () => {
    const events: string[] = []
    let preview = 0
    await open().run(job, {
      onEvent: event => {
        events.push(event.kind === 'stage' ? event.stage : `${event.step}/${event.steps}`)
        if (event.kind === 'step') preview = event.preview.data.length
      },
    })
    expect(events).toEqual(['encode', 'load', 'control', '1/4', '2/4', '3/4', '4/4', 'decode'])
    expect(preview).toBe(16 * 16 * 3)
  })

  it('gives way to whatever draws the screen', async () => {
    await open().run(job)
    expect(getPriority(client.pid)).toBeGreaterThan(getPriority())
  })

  it('the same seed gives the same pixels, another seed others, in one process and in two', async () => {
    const pixels = async (seed: number) => Buffer.from((await client.run({ ...job, seed })).pictures[0].image.data)
    open()
    const first = await pixels(7)
    expect(await pixels(7)).toEqual(first)
    expect(await pixels(8)).not.toEqual(first)
    client.stop()
    open()
    expect(await pixels(7)).toEqual(first)
  })

  it('a batch is the same as its pictures one by one', async () => {
    open()
    const batch = await client.run({ ...job, seed: 3, count: 2 })
    const second = await client.run({ ...job, seed: 4 })
    expect(batch.pictures.map(({ seed }) => seed)).toEqual([3, 4])
    expect(Buffer.from(batch.pictures[1].image.data)).toEqual(Buffer.from(second.pictures[0].image.data))
  })

  it('SIGKILL in mid-picture is one clear error, and the next picture works', async () => {
    open()
    const killed = client.run(
      { ...job, steps: 500 },
      { onEvent: ({ kind }) => kind === 'step' && process.kill(client.pid!, 'SIGKILL') },
    )
    await expect(killed).rejects.toMatchObject({
      code: 'inference-crashed',
      message: expect.stringContaining('SIGKILL'),
    })
    expect((await client.run(job)).pictures.length).toBe(1)
  })

  it('cancelling rejects at once, between steps, and the same process goes on', async () => {
    open()
    const controller = new AbortController()
    let steps = 0
    const cancelled = client.run(
      { ...job, steps: 900 },
      {
        signal: controller.signal,
        onEvent: ({ kind }) => {
          if (kind === 'step' && ++steps === 2) controller.abort()
        },
      },
    )
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    const { pid } = client
    await client.run(job)
    expect(client.pid).toBe(pid)
    // Not one event more, though the process was in the middle of a step.
    expect(steps).toBe(2)
  })

  it('a job cancelled before its turn never starts', async () => {
    open()
    const controller = new AbortController()
    const first = client.run(job)
    const second = client.run(job, { signal: controller.signal, onEvent: () => expect.unreachable() })
    controller.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    await first
  })

  it('jobs sent together are made one after another', async () => {
    open()
    const order: number[] = []
    await Promise.all([1, 2, 3].map(seed => client.run({ ...job, seed }).then(() => order.push(seed))))
    expect(order).toEqual([1, 2, 3])
  })

  it('sessions are given back on demand and loaded again', async () => {
    open()
    await client.run(job)
    await client.release()
    expect((await client.run(job)).timings['load']).toBeGreaterThan(0)
  })

  it('a weight that is not a number is one clear error that names the tensor', async () => {
    await using scratch = await temporaryFolder()
    cpSync(folder!, scratch.path, { recursive: true, filter: path => !path.includes('runs') })
    const [file] = readdirSync(scratch.at('unet')).filter(name => name.endsWith('.safetensors'))
    const { offset, dtype } = (await readHeader(scratch.at('unet', file))).tensors.get(
      'mid_block.resnets.0.conv1.bias',
    )!
    const handle = openSync(scratch.at('unet', file), 'r+')
    writeSync(handle, Uint8Array.of(...(dtype === 'F16' ? [0, 0x7e] : [0, 0, 0xc0, 0x7f])), 0, null, offset)
    closeSync(handle)
    const run = open().run({ ...job, files: { ...job.files, model: scratch.path } })
    await expect(run).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringContaining('mid_block.resnets.0.conv1.bias holds NaN'),
    })
  })

  it.each<[string, Partial<PipelineJob>, string]>([
    ['a model that is not there', { files: { ...job.files, model: '/nowhere' } }, 'missing-model'],
    ['a folder without a config', { files: { ...job.files, model: join(folder ?? '', 'vae') } }, 'bad-weights'],
    [
      'maps without a ControlNet',
      {
        controls: [
          {
            mode: 3,
            image: { width: 128, height: 128, channels: 3, data: new Uint8Array(128 * 128 * 3) },
            weight: 1,
            start: 0,
            end: 1,
          },
        ],
      },
      'missing-model',
    ],
    ['an impossible clip skip', { clipSkip: 9 }, 'bad-request'],
    ['a file of latents that is not there', { latents: '/nowhere.safetensors#x' }, 'missing-model'],
    [
      'a strength that leaves no step',
      {
        init: { image: { width: 128, height: 128, channels: 3, data: new Uint8Array(128 * 128 * 3) }, strength: 0.01 },
      },
      'bad-request',
    ],
  ])('%s is one clear error', async (_, change, code) => {
    await expect(open().run({ ...job, ...change })).rejects.toMatchObject({ code, hint: expect.stringMatching(/\.$/) })
  })
})
