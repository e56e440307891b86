/** Settings of pictures of a real library brought back onto the desk. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Picture } from '../../core/host/api/library.ts'
import { openTestStudio, type TestStudio } from './testing.ts'

const slices = async () => ({ ...(await import('./compose.ts')), ...(await import('./reuse.ts')) })
let studio: TestStudio
let store: Awaited<ReturnType<typeof slices>>
let picture: Picture

beforeAll(async () => {
  studio = await openTestStudio()
  store = await slices()
  const [id] = (await studio.paint('永')) as [string]
  const { viewOfPicture } = await import('../../core/host/views.ts')
  picture = viewOfPicture(studio.host.library.get(id))
})
afterAll(() => studio.stop())
beforeEach(() =>
  store.useCompose.getState().edit(draft => ({
    ...draft,
    off: ['canny'],
    solo: 'depth',
    seedLocked: false,
    request: { word: '火', translation: 'fire', style: 'neon', seed: 5, width: 1024, prompt: 'by hand' },
  })),
)

const draft = () => store.useCompose.getState().present

it('all of it, but the model, and every map takes part again', () => {
  store.reuse(picture, 'all')
  const { model: _, ...request } = picture.request
  expect(draft()).toMatchObject({ request, off: [], solo: null, seedLocked: true })
  expect('model' in draft().request).toBe(false)
})

it('its look without its word: the word on the desk stays, and its prompt is built anew', () => {
  store.reuse(picture, 'look')
  const { style, seed } = picture.request
  expect(draft().request).toMatchObject({ word: '火', translation: 'fire', style, seed, prompt: null, width: 64 })
})

it('one part alone', () => {
  store.reuse(picture, 'seed')
  expect(draft()).toMatchObject({ request: { seed: picture.seed, word: '火', width: 1024 }, off: ['canny'] })
  expect(draft().seedLocked).toBe(true)
  store.reuse(picture, 'picture')
  expect(draft().request).toMatchObject({ width: 64, word: '火', style: 'neon' })
  store.reuse(picture, 'word')
  expect(draft().request).toMatchObject({ word: '永', style: 'neon' })
})
