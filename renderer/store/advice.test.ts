/** Settings that suit a distilled model: told by the host, taken over as one step of the history. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder, writeTensors } from '../../core/weights/testing.ts'
import { eventually, openTestStudio, type TestStudio } from './testing.ts'

const slices = async () => ({
  ...(await import('./advice.ts')),
  ...(await import('./compose.ts')),
  ...(await import('./settings.ts')),
})
let studio: TestStudio
let store: Awaited<ReturnType<typeof slices>>
const stop = new AbortController()

beforeAll(async () => {
  studio = await openTestStudio()
  store = await slices()
  await store.startSettings()
  store.startAdvice(stop.signal)
})
afterAll(async () => {
  stop.abort()
  await studio.stop()
})

const advice = () => store.useAdvice.getState().advice
const request = () => store.useCompose.getState().present.request

it('comes with the model, is taken over in one step, and goes with the model', async () => {
  await using folder = await temporaryFolder()
  const model = join(folder.path, 'castle_lightning_4step.safetensors')
  await writeTensors(model, new Map([['w', { dtype: 'F32', shape: [1], data: new Uint8Array(4) }]]))
  expect(advice()).toBeNull()
  await store.useSettings.getState().change({ model })
  await eventually(() => expect(advice()).toMatchObject({ training: 'lightning' }))
  const { suggested } = advice()!
  expect(store.isTaken(suggested)).toBe(false)
  const before = request()
  store.takeAdvice(suggested)
  expect(request()).toMatchObject({ sampler: 'euler', steps: 4, guidanceScale: 1 })
  expect(store.isTaken(suggested)).toBe(true)
  store.useCompose.getState().undo()
  expect(request()).toEqual(before)
  expect(store.isTaken(suggested)).toBe(false)
  await store.useSettings.getState().change({ model: 'draft' })
  await eventually(() => expect(advice()).toBeNull())
})
