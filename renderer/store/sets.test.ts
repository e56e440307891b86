/** The image set that is being edited, planned by a real host. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually, openTestStudio, type TestStudio } from './testing.ts'

const slices = async () => ({ ...(await import('./sets.ts')), ...(await import('./compose.ts')) })
let studio: TestStudio
let store: Awaited<ReturnType<typeof slices>>
let stop: () => void

beforeAll(async () => {
  studio = await openTestStudio()
  studio.host.queue.setPaused(true)
  store = await slices()
  stop = store.watchSet()
})
afterAll(async () => {
  stop()
  await studio.stop()
})

const sets = () => store.useSets.getState()
const planned = () => eventually(() => expect(sets().stale).toBe(false))
const change = async (part: Parameters<ReturnType<typeof sets>['change']>[0]) => {
  sets().change(part)
  await eventually(() => expect(sets().stale).toBe(true))
  await planned()
}

it('a line that cannot be drawn keeps the set from being started', async () => {
  await change({ words: '水\n\u{10FFFD}' })
  expect(sets().list.problems).toHaveLength(1)
  expect(store.isReady(sets())).toBe(false)
  await change({ words: '水\n火' })
  expect(sets().planned?.pictures).toBe(2)
  expect(store.isReady(sets())).toBe(true)
})

it('a list of seeds that is not understood keeps it from being started, too', async () => {
  await change({ seeding: 'list', seeds: '1, two' })
  expect(store.isReady(sets())).toBe(false)
  await change({ seeds: '1, 2' })
  expect(sets().planned?.pictures).toBe(4)
})

it('is planned again when the desk changes, and refused in words where the desk is wrong', async () => {
  store.useCompose.getState().patch({ width: 5000 })
  await eventually(() => expect(sets().stale).toBe(true))
  await planned()
  expect(sets().problem?.message).toContain('width')
  expect(store.isReady(sets())).toBe(false)
  store.useCompose.getState().patch({ width: 256 })
  await eventually(() => expect(sets().planned).not.toBeNull())
})

it('a started set is in the queue, and its view counts what is made while it is loaded', async () => {
  await planned()
  await store.startSet()
  const id = sets().shown ?? ''
  expect(studio.host.queue.get(id)).toMatchObject({ kind: 'set', state: 'waiting' })
  const reached = studio.hold('sets/view')
  const loading = store.loadView(id)
  const release = await reached
  store.setPictureFailed(id, { index: 1, word: '水', code: 'internal', message: 'broken', hint: '' })
  release()
  await loading
  expect(sets().views[id]?.failures).toMatchObject([{ index: 1 }])
})
