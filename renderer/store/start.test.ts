/** The store joined to a host, as React's strict mode does it: started, stopped and started again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, openTestStudio, type TestStudio } from './testing.ts'

const slices = async () => ({
  ...(await import('./compose.ts')),
  ...(await import('./facts.ts')),
  ...(await import('./library.ts')),
  ...(await import('./maps.ts')),
  ...(await import('./queue.ts')),
  ...(await import('./screen.ts')),
  ...(await import('./start.ts')),
})
let studio: TestStudio
let store: Awaited<ReturnType<typeof slices>>
let stop: () => void

beforeAll(async () => {
  studio = await openTestStudio()
  studio.host.queue.setPaused(true)
  store = await slices()
  store.start()()
  stop = store.start()
  await eventually(() => expect(store.useFacts.getState().info).not.toBeNull())
  await eventually(() => expect(store.useFacts.getState().built?.meaning.pinyin).toBe('xué xí'))
  await eventually(() => expect(Object.keys(store.useMaps.getState().maps)).toHaveLength(4))
})
afterAll(async () => {
  stop()
  await studio.stop()
})

const word = (text: string) => store.useCompose.getState().patch({ word: text })
const count = (procedure: string) => studio.calls.filter(call => call === procedure).length

describe('a started store', () => {
  it('asks once for what an edit means', async () => {
    studio.calls.length = 0
    word('山')
    await eventually(() => expect(store.useFacts.getState().built?.meaning.pinyin).toBe('shān'))
    await eventually(() => expect(store.useMaps.getState().glyph).not.toBeNull())
    expect(count('maps/preview')).toBe(1)
    expect(count('prompts/build')).toBe(1)
    expect(count('request/complete')).toBe(1)
  })

  it('hears each event once', async () => {
    const { id } = studio.host.queue.add({
      kind: 'picture',
      title: 'one',
      cost: 1,
      payload: { request: {}, base: '/' },
    })
    const mine = () => store.useQueue.getState().jobs.filter(job => job.id === id)
    await eventually(() => expect(mine()).toHaveLength(1))
    studio.host.queue.cancel(id)
    await eventually(() => expect(mine()[0]?.state).toBe('cancelled'))
  })

  it('a word that cannot be written leaves no other word’s maps, and neither does an empty one', async () => {
    const shown = () => store.useMaps.getState()
    word('\u{10FFFD}')
    await eventually(() => expect(shown().problem?.message).toContain('U+10FFFD'))
    expect(shown()).toMatchObject({ maps: {}, glyph: null, outline: '' })

    word('水')
    await eventually(() => expect(Object.keys(shown().maps)).toHaveLength(4))
    expect(shown().problem).toBeNull()
    const reached = studio.hold('maps/preview')
    word('火')
    const release = await reached
    word('')
    expect(shown().maps).toEqual({})
    release()
    word('木')
    await eventually(() => expect(Object.keys(shown().maps)).toHaveLength(4))
  })

  it('says that the host is gone, and takes up what happened meanwhile when it is there again', async () => {
    studio.cut(true)
    word('金')
    // Nothing is wrong with the word.
    await eventually(() => expect(store.useMaps.getState()).toMatchObject({ maps: {}, glyph: null, problem: null }))
    studio.host.queue.add({ kind: 'picture', title: 'meanwhile', cost: 1, payload: { request: {}, base: '/' } })
    stop()
    stop = store.start()
    await eventually(() => expect(store.useScreen.getState().host).toBe('lost'))
    studio.cut(false)
    await eventually(() => expect(store.useScreen.getState().host).toBe('connected'))
    await eventually(() => expect(store.useQueue.getState().jobs.some(({ title }) => title === 'meanwhile')).toBe(true))
    // What was typed meanwhile is drawn and understood without another edit.
    await eventually(() => expect(Object.keys(store.useMaps.getState().maps)).toHaveLength(4))
    await eventually(() => expect(store.useFacts.getState().built?.meaning.pinyin).toBe('jīn'))
    expect(store.useFacts.getState().problem).toBeNull()
  })
})
