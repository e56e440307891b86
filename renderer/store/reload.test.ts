/** What a tab remembers over a reload, and what a new tab begins with. */
import { afterEach, expect, it, vi } from 'vitest'
import './testing.ts'

const open = async () => {
  vi.resetModules()
  return (await import('./compose.ts')).useCompose
}

afterEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})

it('a reload keeps the history, both ways', async () => {
  const before = await open()
  for (const word of ['一', '二', '三']) before.getState().patch({ word })
  before.getState().undo()
  const after = await open()
  expect(after.getState().present.request.word).toBe('二')
  after.getState().undo()
  expect(after.getState().present.request.word).toBe('一')
  after.getState().redo()
  after.getState().redo()
  expect(after.getState().present.request.word).toBe('三')
})

it('a new tab begins with the last draft and no history; its edits are not another tab’s', async () => {
  const first = await open()
  first.getState().patch({ word: '一' })
  const kept = sessionStorage.getItem('zihua.draft')
  sessionStorage.clear()
  const second = await open()
  expect(second.getState().present.request.word).toBe('一')
  expect(second.getState().past).toEqual([])
  second.getState().patch({ word: '二' })
  // The first tab is reloaded.
  sessionStorage.clear()
  sessionStorage.setItem('zihua.draft', kept ?? '')
  sessionStorage.setItem('zihua.history', JSON.stringify({ past: [], future: [] }))
  expect((await open()).getState().present.request.word).toBe('一')
})

it('what is no history is not one', async () => {
  sessionStorage.setItem('zihua.history', 'broken')
  sessionStorage.setItem('zihua.draft', '{"request":{"word":"火"},"off":[],"solo":null,"seedLocked":false}')
  const store = await open()
  expect(store.getState()).toMatchObject({ past: [], future: [] })
})
