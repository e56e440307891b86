import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { OP_PROFILES } from '../graph/op-profiles.ts'
import { randomModel, TINY_SIZE } from '../graph/random-model.ts'
import { buildUNet } from '../graph/unet.ts'
import { createNoise } from '../sampler/noise.ts'
import { chooseBackend } from './backends.ts'
import { cancellable } from './cancellation.ts'
import { openNative } from './native-backend.ts'
import { libraryPath } from './ort/api.ts'
import { Session } from './session.ts'
import { floats, type Tensors } from './tensor.ts'

afterEach(() => vi.unstubAllEnvs())
const cpu = { provider: 'cpu', threads: 1 } as const

function stepAt(side: number) {
  const size = { batch: 2, height: side, width: side, tokens: 77 }
  const { step } = buildUNet(randomModel(TINY_SIZE).unet, OP_PROFILES.cpu, size, false)
  const noise = createNoise(3, 0)
  const inputs: Tensors = Object.fromEntries(
    step.inputs.map(({ name, shape }) => [name, floats(noise.next(shape.reduce((a, b) => a * b)), ...shape)]),
  )
  return { step, inputs }
}

it.skipIf(libraryPath() === null)('both ways into ONNX Runtime give the same numbers', async () => {
  const { step, inputs } = stepAt(16)
  const outputs: Float32Array[] = []
  for (const [engine, name] of [
    ['', 'c-api'],
    ['npm', 'npm'],
  ]) {
    vi.stubEnv('ZIHUA_ENGINE', engine)
    const session = await Session.load(step, cpu)
    expect(session.backend).toBe(name)
    outputs.push((await session.run(inputs))['noise_pred'].data as Float32Array)
    await session.release()
  }
  expect(outputs[0]).toEqual(outputs[1])
})

it('says why the C API cannot be had', () => {
  expect(openNative(import.meta.filename)).toMatchObject({
    backend: null,
    reason: expect.stringMatching(/invalid ELF|not a valid|slice|mach|Failed to load/i),
  })
  expect(openNative(null as never).reason).toContain(process.platform)
  vi.stubEnv('ZIHUA_ENGINE', 'npm')
  expect(chooseBackend({ provider: 'cpu' })).toMatchObject({
    backend: { name: 'npm' },
    reason: 'ZIHUA_ENGINE is "npm"',
  })
})

it.skipIf(libraryPath() === null)(
  'a cancelled job stops in the middle of a run; the session serves the next job',
  async () => {
    const { step, inputs } = stepAt(64)
    const session = await Session.load(step, cpu)
    const controller = new AbortController()
    const run = cancellable(controller.signal, () => session.run(inputs))
    await turn()
    controller.abort()
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    const other = cancellable(new AbortController().signal, () => session.run(inputs))
    expect((await other)['noise_pred'].data.every(Number.isFinite as never)).toBe(true)
    await session.release()
  },
)
