import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { blank } from '../../raster/raster.ts'
import { fixture } from '../../testing/fixtures.ts'
import type { AiModel } from './ai-models.ts'
import { aiProcessId, endAi, runAi } from './ai-process.ts'

const file = fixture('preprocessors/midas_small_tiny.onnx')
const model: AiModel = { id: 'midas-small', paths: [file ?? ''] }
const picture = { ...blank(64, 64, 3), data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7) % 256) }
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )
afterAll(endAi)

describe.skipIf(!file)(`the AI process${file ? '' : ' (needs ZIHUA_FIXTURES)'}`, () => {
  it('a damaged model file is named, and the process works on', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'zihua-model-')), 'model.onnx')
    writeFileSync(path, 'not a model')
    const error = await errorOf(runAi({ task: 'depth', model: { ...model, paths: [path] }, picture }))
    expect(error).toMatchObject({ code: 'bad-weights', message: expect.stringContaining(path) })
    expect((await runAi({ task: 'depth', model, picture })).data).toHaveLength(64 * 64)
  })

  it('cancelling ends it at once; the next job has a new one', async () => {
    const controller = new AbortController()
    const running = errorOf(runAi({ task: 'depth', model, picture }, controller.signal))
    setImmediate(() => controller.abort())
    expect(await running).toMatchObject({ code: 'cancelled' })
    expect((await runAi({ task: 'depth', model, picture })).width).toBe(64)
  })

  it('cancelling one job does not touch those that wait', async () => {
    const controller = new AbortController()
    const first = errorOf(runAi({ task: 'depth', model, picture }, controller.signal))
    const second = runAi({ task: 'depth', model, picture })
    setImmediate(() => controller.abort())
    expect(await first).toMatchObject({ code: 'cancelled' })
    expect((await second).width).toBe(64)
  })

  it('a job that the network refuses is one clear error', async () => {
    const wrong: AiModel = { ...model, id: 'dpt-hybrid' }
    expect(await errorOf(runAi({ task: 'depth', model: wrong, picture }))).toMatchObject({ code: 'inference-crashed' })
  })

  it('a process that dies fails its job, not the next', async () => {
    const running = errorOf(runAi({ task: 'depth', model, picture }))
    setImmediate(() => process.kill(aiProcessId()!, 'SIGKILL'))
    expect(await running).toMatchObject({ code: 'inference-crashed', message: expect.stringContaining('SIGKILL') })
    expect((await runAi({ task: 'depth', model, picture })).width).toBe(64)
  })
})
