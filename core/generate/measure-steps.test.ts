/** A step is measured with real processes; the model is the tiny golden one. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Machine } from '../machine/machine.ts'
import { fixture } from '../testing/fixtures.ts'
import { temporaryFolder } from '../weights/testing.ts'
import { measureSteps } from './measure-steps.ts'
import { Studio } from './studio.ts'

const model = fixture('sdxl/pipeline')

describe.skipIf(!model)('measuring a step (needs the golden set sdxl)', () => {
  const input = { model: model!, controls: null, prompt: 'a cat', width: 128, height: 128, steps: 1 }
  const open = async () => {
    const folder = await temporaryFolder()
    const machine = new Machine(folder.path, { platform: 'linux', arch: 'arm64' })
    const studio = new Studio({ dataFolder: folder.path, machine })
    const dispose = async () => {
      await studio[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    }
    return { studio, base: folder.path, [Symbol.asyncDispose]: dispose }
  }

  it('remembers what it took with each provider, and leaves no process and no picture', async () => {
    await using at = await open()
    const told: string[] = []
    const measured = await measureSteps(at.studio, input, { base: at.base, onProvider: name => told.push(name) })
    expect(measured).toEqual([{ provider: 'cpu', seconds: expect.any(Number), problem: null }])
    expect(told).toEqual(['cpu'])
    const [{ seconds }] = measured
    expect(seconds).toBeGreaterThan(0)
    const [{ step }] = await at.studio.machine.providers(model!)
    expect(step).toMatchObject({ provider: 'cpu', model, width: 128, height: 128, seconds })
    expect(await at.studio.machine.providers(join(at.base, 'another'))).toMatchObject([{ step: null }])
    expect(at.studio.inference.pids).toEqual([])
  })

  it('is cancelled, and says what is wrong with a model', async () => {
    await using at = await open()
    const stop = new AbortController()
    const cancelled = measureSteps(at.studio, input, {
      base: at.base,
      signal: stop.signal,
      onProvider: () => stop.abort(),
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    const missing = measureSteps(at.studio, { ...input, model: join(at.base, 'none') }, { base: at.base })
    await expect(missing).rejects.toMatchObject({ code: 'missing-model' })
  })
})
