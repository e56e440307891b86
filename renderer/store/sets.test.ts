/** The image set that is being edited, planned by a real host. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually, openTestStudio, type TestStudio } from './testing.ts'

const slices = async () => ({
  ...(await import('./sets.ts')),
  ...(await import('./compose.ts')),
  ...(await import('./notices.ts')),
})
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

// ------------------------------------------------------------------------------- what is replaced can be brought back

const notice = () => store.useNotices.getState().notice
const undo = () => notice()?.action?.run()
const csv = (text: string, name = 'list.csv') => new File([text], name, { type: 'text/csv' })
const FIVE = 'one, 1\n"two, 2\nthree, 3\nfour, 4\nfive, 5'

it('lines are left out once, where the mark stands, and come back', async () => {
  await change({ words: FIVE })
  expect(sets().list.problems).toMatchObject([{ line: 2, key: 'quoteNotClosed' }])
  expect(sets().list.words).toHaveLength(4)
  store.leaveLinesOut()
  expect(sets().draft.words).toBe('one, 1\nthree, 3\nfour, 4\nfive, 5')
  expect(notice()?.message).toBe('1 line left out.')
  // The list that is on its way is of another text: its lines are not this one's.
  store.leaveLinesOut()
  expect(sets().draft.words).toBe('one, 1\nthree, 3\nfour, 4\nfive, 5')
  await eventually(() => expect(sets().list.problems).toEqual([]))
  undo()
  expect(sets().draft.words).toBe(FIVE)
})

it('a wrong record goes with all of its lines', async () => {
  await change({ words: 'word,translation,seed\na,x,1\n"b\nc",y,many\nd,z,2' })
  store.leaveLinesOut()
  expect(sets().draft.words).toBe('word,translation,seed\na,x,1\nd,z,2')
})

it('what was written after lines were left out comes back, too', async () => {
  await change({ words: FIVE })
  store.leaveLinesOut()
  sets().change({ words: 'written since' })
  undo()
  expect(sets().draft.words).toBe(FIVE)
  undo()
  expect(sets().draft.words).toBe('written since')
})

it('undo in the field of words brings back what was not typed, once, and before it what was typed since', async () => {
  await change({ words: FIVE })
  expect(store.takeBackWords()).toBe(false)
  store.leaveLinesOut()
  const left = sets().draft.words
  sets().change({ words: `${left}\nsix` })
  expect(store.takeBackWords()).toBe(false)
  sets().change({ words: left })
  expect(store.takeBackWords()).toBe(true)
  expect(sets().draft.words).toBe(FIVE)
  expect(notice()).toBeNull()
  expect(store.takeBackWords()).toBe(false)
})

it('a list that is opened takes the place of another one, which comes back', async () => {
  await change({ words: '水\n火', name: 'Mine', count: 2 })
  await store.openSet(csv('word,translation\n大,big', 'lesson.csv'))
  expect(sets().draft).toMatchObject({ words: '大, big', name: 'lesson' })
  expect(notice()?.message).toBe('List replaced.')
  sets().change({ count: 3 })
  undo()
  expect(sets().draft).toMatchObject({ words: '水\n火', name: 'Mine', count: 3 })
  expect(sets().opened).toBeNull()
})

it('a file that is read otherwise takes the place of what was there before it', async () => {
  await change({ words: '水\n火' })
  await store.openSet(csv('word,translation,other\n大,big,小', 'lesson.csv'))
  await store.readAgain({ columns: { word: 3 } })
  expect(sets().draft.words).toBe('小, big')
  undo()
  expect(sets().draft.words).toBe('水\n火')
})

it('a set that is opened takes the place of everything, and all of it comes back', async () => {
  await change({ words: '水\n火', styles: ['oil'], zip: true })
  const before = sets().draft
  await store.openSet(new File([JSON.stringify({ name: 'Other', words: ['山'], styles: ['neon'] })], 'SET.json'))
  expect(sets().draft).toMatchObject({ name: 'Other', words: '山', styles: ['neon'], zip: false })
  expect(notice()?.message).toBe('Set replaced.')
  undo()
  expect(sets().draft).toEqual(before)
})

it('a file without a word is refused, and the list stays', async () => {
  await change({ words: '水\n火' })
  store.dismiss()
  for (const text of ['', '\n\n', 'word,translation\n']) {
    await store.openSet(csv(text, 'empty.csv'))
    expect(sets().draft.words).toBe('水\n火')
    expect(sets().refused?.message).toBe('There is no word in empty.csv, so your list stays: open another file.')
    expect(notice()).toBeNull()
  }
})

it('one whose column of words is not found can still be read otherwise', async () => {
  await change({ words: '水\n火' })
  await store.openSet(csv('meaning,style\n大,neon', 'odd.csv'))
  expect(sets()).toMatchObject({
    draft: { words: '水\n火' },
    opened: { list: { names: ['meaning', 'style'] } },
  })
  await store.readAgain({ columns: { word: 1 } })
  expect(sets()).toMatchObject({ draft: { words: 'word,style\n大,neon' }, refused: null })
  undo()
  expect(sets().draft.words).toBe('水\n火')
})

it('why a file was refused outlives the plan, until the words are edited or another file is opened', async () => {
  await change({ words: '水\n火' })
  const wrong = new File(['{"words": 1}'], 'wrong.json')
  await store.openSet(wrong)
  await change({ count: 1 })
  expect(sets().problem).toBeNull()
  expect(sets().refused?.message).toContain('wrong.json: "words"')
  await change({ words: '水' })
  expect(sets().refused).toBeNull()
  await store.openSet(wrong)
  expect(sets().refused).not.toBeNull()
  await store.openSet(csv('大'))
  expect(sets().refused).toBeNull()
})
