/** Pictures made together, in real processes; the model is the tiny golden one. */
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../weights/testing.ts'
import { InferenceClient } from './client.ts'
import { kindOf } from './lane-speed.ts'
import { Lanes } from './lanes.ts'
import { InferencePool } from './pool.ts'
import { folder, testingJob } from './testing-job.ts'

const settings = { load: { provider: 'cpu', threads: 2 }, retention: { budgetBytes: 1e9 } } as const
const together = { together: true }

const job = testingJob(4)

describe.skipIf(!folder)('pictures made together (needs the golden set sdxl)', () => {
  let stop = () => {}
  afterEach(() => stop())
  function open(): InferencePool {
    const pool = new InferencePool({ settings })
    stop = () => pool.stop()
    return pool
  }

  it('are made in processes of their own and have the pixels that they have alone', async () => {
    const pool = open()
    const pixels = async (seed: number, options = {}) =>
      Buffer.from((await pool.run({ ...job, seed }, options)).pictures[0].image.data)
    const alone = [await pixels(1), await pixels(2), await pixels(3)]
    expect(pool.pids.length).toBe(1)
    expect(await Promise.all([1, 2, 3].map(seed => pixels(seed, together)))).toEqual(alone)
    expect(pool.pids.length).toBe(3)
  })

  it('are measured beside pictures made alone, and made one by one where that was faster', async () => {
    const pool = open()
    const run = (seed: number, options = {}) => pool.run({ ...job, seed }, options)
    const note = vi.spyOn(pool.speed, 'note')
    await run(1)
    await Promise.all([2, 3, 4, 5].map(seed => run(seed, together)))
    const ways = note.mock.calls.map(([, way]) => way)
    expect(ways[0]).toBe('alone')
    expect(ways).toContain('together')
    await pool.stop()
    const kind = kindOf(job)
    const steps = (milliseconds: number) => [0, 1].map(() => ({ operation: 'step', milliseconds }))
    for (let i = 0; i < 20; i++) pool.speed.note(kind, 'alone', steps(10))
    for (let i = 0; i < 20; i++) pool.speed.note(kind, 'together', steps(30))
    expect(await pool.lanesFor(job)).toBe(1)
    await Promise.all([6, 7].map(seed => run(seed, together)))
    expect(pool.pids.length).toBe(1)
  })

  it('weights that are too large to be held twice are not', async () => {
    await using scratch = await temporaryFolder()
    await mkdir(scratch.at('vae'))
    await writeFile(scratch.at('vae', 'model.safetensors'), '')
    await truncate(scratch.at('vae', 'model.safetensors'), 300e6)
    const pool = open()
    const large = { ...job, files: { ...job.files, vae: scratch.at('vae') } }
    await Promise.allSettled([pool.run(large, together), pool.run(large, together)])
    expect(pool.pids.length).toBe(1)
  })

  it('a process that dies costs its own picture only', async () => {
    const pool = open()
    let killed = false
    const onEvent = ({ kind }: { kind: string }) => {
      if (kind !== 'step' || killed) return
      killed = true
      process.kill(pool.pids[0], 'SIGKILL')
    }
    const ends = await Promise.allSettled(
      [1, 2, 3].map(seed => pool.run({ ...job, seed, steps: 50 }, { ...together, onEvent })),
    )
    const failed = ends.filter(end => end.status === 'rejected')
    expect(failed.map(({ reason }) => reason.code)).toEqual(['inference-crashed'])
    expect((await pool.run(job, together)).pictures.length).toBe(1)
  })

  it('who waits for a lane and is cancelled does not wait any longer, nor starts', async () => {
    const lanes = new Lanes(1, () => new InferenceClient({ settings }))
    stop = () => lanes.stop()
    const controller = new AbortController()
    const { signal } = controller
    const first = lanes.run({ ...job, steps: 50 }, { onEvent: () => controller.abort() })
    const second = lanes.run(job, { signal, onEvent: () => expect.unreachable() })
    let over = false
    first.then(() => (over = true))
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(over).toBe(false)
    await expect(lanes.run(job, { signal })).rejects.toMatchObject({ code: 'cancelled' })
    await first
    expect((await lanes.run(job, {})).pictures.length).toBe(1)
  })

  it('processes with nothing to do end', async () => {
    const lanes = new Lanes(2, () => new InferenceClient({ settings }), 0)
    stop = () => lanes.stop()
    await Promise.all([lanes.run(job, {}), lanes.run(job, {})])
    await vi.waitFor(() => expect(lanes.clients.map(({ pid }) => pid)).toEqual([undefined, undefined]))
    expect((await lanes.run(job, {})).pictures.length).toBe(1)
  })
})
