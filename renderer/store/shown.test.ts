/** The stage goes along with what is made, and shows nothing that is gone: over a real host. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Picture } from '../../core/host/api/library.ts'
import { openTestStudio, type TestStudio } from './testing.ts'

const slices = async () => ({
  ...(await import('./library.ts')),
  ...(await import('./stage.ts')),
  ...(await import('./start-picture.ts')),
})
let studio: TestStudio
let store: Awaited<ReturnType<typeof slices>>

beforeAll(async () => {
  studio = await openTestStudio()
  studio.host.queue.setPaused(true)
  store = await slices()
})
afterAll(() => studio.stop())

let newest: Picture
let older: Picture
beforeEach(async () => {
  const [one, two] = await studio.paint('山', '水')
  await store.reload()
  const { pictures } = store.useLibrary.getState()
  // Node's fetch knows no page that an address could be relative to.
  older = { ...pictures[one!]!, url: new URL(pictures[one!]!.url, window.location.href).href }
  newest = pictures[two!]!
})

const stage = () => store.useStage.getState()

it.each([
  ['four seeds', () => store.vary(older, 'seeds')],
  ['four close to it', () => store.vary(older, 'close')],
  ['a larger one', () => store.enlarge(older, 1024, 'lanczos')],
])('%s of an older picture are shown as they are made', async (_, make) => {
  stage().show(older.id)
  expect(stage().follows).toBe(false)
  const before = studio.host.queue.list().length
  await make()
  expect(studio.host.queue.list()).toHaveLength(before + 1)
  expect(stage().follows).toBe(true)
})

it('a picture that was deleted for good leaves the stage, and is compared with nothing', async () => {
  await store.trash([older.id])
  stage().show(older.id)
  await store.purge([older.id])
  expect(stage().pictureId).toBe(newest.id)

  const [third] = await studio.paint('火')
  await store.trash([third!])
  store.useStage.setState({ comparison: { kind: 'picture', id: third! } })
  await store.purge([third!])
  expect(stage()).toMatchObject({ pictureId: newest.id, comparison: null })
})
