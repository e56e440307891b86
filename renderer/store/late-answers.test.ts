/** What is edited while a question is on its way stays, and what the host refuses goes back: over a real host. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Picture } from '../../core/host/api/library.ts'
import { eventually, openTestStudio, type TestStudio } from './testing.ts'

const slices = async () => ({
  ...(await import('../compose/generate-now.ts')),
  ...(await import('./compose.ts')),
  ...(await import('./facts.ts')),
  ...(await import('./library.ts')),
  ...(await import('./maps.ts')),
  ...(await import('./notices.ts')),
  ...(await import('./queue.ts')),
  ...(await import('./reuse.ts')),
  ...(await import('./settings.ts')),
  ...(await import('./sets.ts')),
})
let studio: TestStudio
let store: Awaited<ReturnType<typeof slices>>

beforeAll(async () => {
  studio = await openTestStudio()
  store = await slices()
  await store.startSettings()
})
afterAll(() => studio.stop())

const draft = () => store.useCompose.getState().present
const settings = () => store.useSettings.getState().settings
const complaint = () => store.useNotices.getState().notice
const picture = (id: string): Picture => store.useLibrary.getState().pictures[id]!

describe('what was said of an older draft', () => {
  it('keeps nothing from being generated', async () => {
    const stop = new AbortController()
    await store.startFacts(stop.signal)
    store.startMaps(stop.signal)
    const { patch } = store.useCompose.getState()
    patch({ word: 'a'.repeat(65) })
    await eventually(() => expect(store.useMaps.getState().problem?.code).toBe('bad-word'))
    expect(store.obstacle()).not.toBeNull()
    const reached = studio.hold('maps/preview')
    patch({ word: '学' })
    const release = await reached
    expect(store.obstacle()).toBeNull()
    release()
    await eventually(() => expect(store.useMaps.getState().problem).toBeNull())
    patch({ word: '' })
    await eventually(() => expect(store.useFacts.getState().problem).not.toBeNull())
    patch({ word: '习' })
    expect(store.useFacts.getState().problem).not.toBeNull()
    expect(store.obstacle()).toBeNull()
    stop.abort()
  })
})

describe('a picture that is being sent', () => {
  it('a letter typed meanwhile stays, and the seed that was rolled is shown', async () => {
    studio.host.queue.setPaused(true)
    store.useCompose.getState().patch({ word: '学', seed: 1 })
    const past = store.useCompose.getState().past.length
    const reached = studio.hold('queue/add')
    const sent = store.generate({ model: 'draft', controlnet: null })
    const release = await reached
    store.useCompose.getState().patch({ word: '学习' })
    release()
    await sent
    expect(draft().request.word).toBe('学习')
    expect(draft().request.seed).not.toBe(1)
    const seed = draft().request.seed
    expect(studio.host.queue.list()[0]).toMatchObject({ title: '学', payload: { request: { seed } } })
    // Only the letter is a step of the history.
    expect(store.useCompose.getState().past).toHaveLength(past + 1)
  })

  it('a seed chosen or kept meanwhile stays', async () => {
    const send = async (meanwhile: () => void) => {
      const reached = studio.hold('queue/add')
      const sent = store.generate({ model: 'draft', controlnet: null })
      const release = await reached
      meanwhile()
      release()
      await sent
    }
    await send(() => store.useCompose.getState().patch({ seed: 7 }))
    expect(draft().request.seed).toBe(7)
    await send(() => store.useCompose.getState().edit(now => ({ ...now, seedLocked: true })))
    expect(draft().request.seed).toBe(7)
  })
})

describe('settings', () => {
  it('changed while the host is asked for them stay changed, there too', async () => {
    const reached = studio.hold('settings/get')
    const asked = store.startSettings()
    const release = await reached
    store.useSettings.getState().change({ theme: 'dark' })
    release()
    await asked
    expect(settings().theme).toBe('dark')
    await eventually(() => expect(studio.host.settings.get().theme).toBe('dark'))
    expect(settings().theme).toBe('dark')
  })

  it('a refused change goes back and takes no other one along', async () => {
    store.dismiss()
    store.useSettings.getState().change({ model: 'x'.repeat(5000) })
    store.useSettings.getState().change({ favourites: ['oil'] })
    expect(settings()).toMatchObject({ model: 'x'.repeat(5000), favourites: ['oil'] })
    await eventually(() => expect(complaint()?.failed).toBe(true))
    expect(settings()).toMatchObject({ model: 'draft', favourites: ['oil'] })
    await eventually(() => expect(studio.host.settings.get().favourites).toEqual(['oil']))
  })
})

describe('the queue', () => {
  it('an event that is newer than a list on its way is not undone by it', async () => {
    const [job] = studio.host.queue.list().filter(({ state }) => state === 'waiting')
    const reached = studio.hold('queue/list')
    const asked = store.startQueue()
    const release = await reached
    studio.host.queue.cancel(job!.id)
    store.jobChanged(studio.host.jobs.view(studio.host.queue.get(job!.id)!))
    store.pauseChanged(false)
    release()
    await asked
    const { jobs, paused } = store.useQueue.getState()
    expect(jobs.find(({ id }) => id === job!.id)?.state).toBe('cancelled')
    expect(paused).toBe(false)
    await store.startQueue()
  })

  it('a pause that the host cannot take goes back', async () => {
    await store.startQueue()
    const { paused } = store.useQueue.getState()
    store.dismiss()
    studio.cut(true)
    store.setPaused(!paused)
    expect(store.useQueue.getState().paused).toBe(!paused)
    await eventually(() => expect(complaint()?.failed).toBe(true))
    expect(store.useQueue.getState().paused).toBe(paused)
    studio.cut(false)
  })

  it('what was cancelled goes on from its notice', async () => {
    await store.startQueue()
    const { jobs } = store.useQueue.getState()
    const job = jobs.find(({ state }) => state === 'waiting')!
    await store.cancelJob(job)
    expect(studio.host.queue.get(job.id)?.state).toBe('cancelled')
    expect(complaint()?.failed).toBe(false)
    complaint()?.action?.run()
    await eventually(() => expect(studio.host.queue.get(job.id)?.state).toBe('waiting'))
  })

  it('a job that cannot be moved stays where the host has it', async () => {
    await store.generate({ model: 'draft', controlnet: null })
    await store.startQueue()
    const waiting = () => store.useQueue.getState().jobs.filter(({ state }) => state === 'waiting')
    const ids = waiting().map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(1)
    store.moveJob(ids.at(-1)!, -1)
    const moved = [...ids.slice(0, -2), ids.at(-1), ids.at(-2)]
    await eventually(() => expect(waiting().map(({ id }) => id)).toEqual(moved))
  })
})

describe('pictures', () => {
  let ids: string[] = []
  beforeAll(async () => {
    ids = await studio.paint('一', '二', '三')
    await store.startLibrary()
  })

  it('a rating that the host refuses goes back to what it was', async () => {
    const [id] = ids as [string]
    store.note([id], { rating: 2 })
    await eventually(() => expect(studio.host.library.get(id).rating).toBe(2))
    store.dismiss()
    store.note([id], { rating: 9 })
    expect(picture(id).rating).toBe(9)
    await eventually(() => expect(complaint()?.failed).toBe(true))
    expect(picture(id).rating).toBe(2)
  })

  it('a second rating is not undone by the event or the page of the first one', async () => {
    const [id] = ids as [string]
    store.note([id], { rating: 3 })
    await eventually(() => expect(studio.host.library.get(id).rating).toBe(3))
    const first = { ...picture(id), rating: 3 }
    const page = studio.hold('library/search')
    const loading = store.loadPage('recent', 0, true)
    const showPage = await page
    const answer = studio.hold('library/note')
    store.note([id], { rating: 5 })
    const release = await answer
    store.pictureChanged(first)
    expect(picture(id).rating).toBe(5)
    showPage()
    await loading
    expect(picture(id).rating).toBe(5)
    release()
    await eventually(() => expect(studio.host.library.get(id).rating).toBe(5))
    expect(picture(id).rating).toBe(5)
  })

  it('a picture that comes while a page is on its way is not lost', async () => {
    const page = studio.hold('library/search')
    const loading = store.loadPage('recent', 0, true)
    const release = await page
    const [id] = (await studio.paint('四')) as [string]
    const { viewOfPicture } = await import('../../core/host/views.ts')
    store.pictureChanged(viewOfPicture(studio.host.library.get(id)))
    release()
    await loading
    const { total, ids: known } = store.useLibrary.getState().recent
    expect(total).toBe(4)
    expect(known[0]).toBe(id)
    expect(new Set(known).size).toBe(4)
  })

  it('a tag for many is one call, and each keeps the tags that it has', async () => {
    const [first, second] = ids as [string, string]
    store.note([first], { tags: ['cover'] })
    await eventually(() => expect(studio.host.library.get(first).tags).toEqual(['cover']))
    studio.calls.length = 0
    store.addTag(ids, 'lesson')
    expect(picture(first).tags).toEqual(['cover', 'lesson'])
    await eventually(() => expect(studio.host.library.get(ids.at(-1)!).tags).toEqual(['lesson']))
    expect(studio.calls.filter(call => call === 'library/note')).toHaveLength(1)
    expect(studio.host.library.get(first).tags).toEqual(['cover', 'lesson'])
    expect(studio.host.library.get(second).tags).toEqual(['lesson'])
  })

  it('what is typed while a file is read stays beside what the file brings', async () => {
    const path = studio.host.library.pathOf(ids[0]!)
    const { readFile } = await import('node:fs/promises')
    const file = new File([await readFile(path)], 'one.png')
    const reached = studio.hold('library/importFile')
    const importing = store.importFile(file)
    const release = await reached
    store.useCompose.getState().patch({ word: '永' })
    release()
    await importing
    expect(draft().request).toMatchObject({ word: '永', width: 64, seed: 1 })
  })
})

describe('a set', () => {
  it('what is typed while a list is read stays', async () => {
    store.useSets.getState().change({ name: 'mine', words: '' })
    const reached = studio.hold('sets/open')
    const opening = store.openSet(new File(['word\n水\n'], 'theirs.csv'))
    const release = await reached
    store.useSets.getState().change({ name: 'typed meanwhile' })
    release()
    await opening
    expect(store.useSets.getState().draft).toMatchObject({ name: 'typed meanwhile', words: '水' })
  })
})
