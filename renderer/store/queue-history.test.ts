/** Jobs that have been over for long: the list has the newest, the others come by pages. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestStudio, type TestStudio } from './testing.ts'

const COUNT = 450
let studio: TestStudio
let store: typeof import('./queue.ts')
beforeAll(async () => {
  studio = await openTestStudio()
  store = await import('./queue.ts')
  const { queue } = studio.host
  queue.setPaused(true)
  for (let n = 1; n <= COUNT; n++) {
    const { id } = queue.add({ kind: 'picture', title: `job ${n}`, payload: { request: { word: '学' }, base: '/' } })
    queue.cancel(id)
  }
}, 120_000)
afterAll(() => studio.stop())
const older = () => store.hasOlder(store.useQueue.getState())
const titles = () => store.useQueue.getState().jobs.map(({ title }) => title)

it('shows 200, and the others page by page, each once and in order', async () => {
  await store.startQueue()
  expect([titles().length, titles()[0], older()]).toEqual([200, `job ${COUNT}`, true])
  await store.showOlder()
  expect([titles().length, older()]).toEqual([400, true])
  await store.showOlder()
  expect(titles()).toEqual(Array.from({ length: COUNT }, (_, n) => `job ${COUNT - n}`))
  expect(older()).toBe(false)
})

it('begins anew with the newest after a reload', async () => {
  await store.startQueue()
  expect([titles().length, older()]).toEqual([200, true])
})
