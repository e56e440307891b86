/** What an export is called, and what is said where it cannot be made: over a real host. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as ru from '../i18n/faults/ru/index.ts'
import { addTranslation, sentence } from '../i18n/faults/sentence.ts'
import { openTestStudio, type TestStudio } from './testing.ts'

let studio: TestStudio
let store: typeof import('./export.ts')
let ids: string[]

beforeAll(async () => {
  studio = await openTestStudio()
  store = await import('./export.ts')
  ids = await studio.paint('山')
})
afterAll(() => studio.stop())

const title = () => store.useExport.getState().draft.title

it('an album gives its name to its own export, and to no other', () => {
  store.openExport(ids)
  store.changeExport({ title: 'Mine' })
  store.openExport(ids, 'set')
  expect(title()).toBe('set')
  store.changeExport({ kind: 'deck' })
  store.openExport(ids, 'another')
  expect(title()).toBe('another')
  store.openExport(ids)
  expect(title()).toBe('Mine')
  expect(JSON.parse(localStorage.getItem('zihua.export') ?? '')).toMatchObject({ title: 'Mine', kind: 'deck' })
})

it('a wrong field is called what the screen calls it, in its language', async () => {
  addTranslation('ru', ru)
  const problem = async (part: Parameters<typeof store.changeExport>[0]) => {
    store.changeExport(part)
    await store.startExport()
    return store.useExport.getState().problem!
  }
  store.openExport(ids)
  const names = await problem({ kind: 'pictures', names: '{nosuch}' })
  expect(names.message).toMatch(/^"Names": \{nosuch\} is not known; there are index, word, /)
  expect(sentence(names, 'ru').message).toMatch(/^«Имена»: \{nosuch\} неизвестно; есть index, word, /)
  const bleed = await problem({ kind: 'cards', bleed: 11 })
  expect(bleed.message).toBe('"Bleed": a number of at most 10 is expected.')
  const size = await problem({ bleed: 3, size: 'custom', width: 5 })
  expect(sentence(size, 'ru').message).toMatch(/^«Размер»: /)
})
