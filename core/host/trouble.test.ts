/** Damaged files of the data folder: put aside, made anew from what is true, and told; nothing keeps the host from opening. */
import { mkdtempSync } from 'node:fs'
import { cp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call } from '@orpc/server'
import { afterAll, expect, it } from 'vitest'
import { WordPainter } from '../library/testing.ts'
import { smallDisk } from '../queue/testing-full-disk.ts'
import type { StudioEvent } from './api/studio.ts'
import { createRouter } from './router.ts'
import { StudioHost } from './studio-host.ts'

const root = mkdtempSync(join(tmpdir(), 'zihua-damage-'))
afterAll(() => rm(root, { recursive: true, force: true }))

const openHost = (dataFolder: string) => StudioHost.open({ dataFolder, firstPicture: false, logToFile: false })

/** A data folder with two pictures, one of them rated. */
async function withPictures(name: string): Promise<{ folder: string; ids: string[] }> {
  const folder = join(root, name)
  const model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
  const host = await openHost(folder)
  const ids: string[] = []
  for (const word of ['学', '习']) {
    const [made] = await new WordPainter(model).generate({ word, width: 64, height: 64, model })
    ids.push((await host.library.add(made, { base: root, legibility: null })).id)
  }
  await host.library.annotate(ids[0], { rating: 4, notes: 'good' })
  await host[Symbol.asyncDispose]()
  return { folder, ids }
}

async function damage(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  const { size } = await handle.stat()
  await handle.write(Buffer.alloc(Math.min(8192, size - 100), 0xa5), 0, Math.min(8192, size - 100), 100)
  await handle.close()
}

async function firstProblems(host: StudioHost, count: number): Promise<string[]> {
  const events = host.events()
  const problems: string[] = []
  while (problems.length < count) {
    const { value } = (await events.next()) as { value: StudioEvent }
    if (value.kind === 'problem') problems.push(value.error.message)
  }
  await events.return?.()
  return problems
}

it('library, queue, models and settings at once', async () => {
  const { folder, ids } = await withPictures('all')
  for (const name of ['library.db', 'queue.db']) await damage(join(folder, name))
  await writeFile(join(folder, 'models.json'), '[{"id": "mine", "path": "/models/mine"}, {"id": 7}]')
  await writeFile(join(folder, 'settings.json'), '{"language": "ru"')
  const host = await openHost(folder)
  expect(
    host.library
      .list()
      .pictures.map(({ id }) => id)
      .sort(),
  ).toEqual([...ids].sort())
  expect(host.library.get(ids[0])).toMatchObject({ rating: 4, notes: 'good' })
  expect((await host.studio.registry.list()).map(({ id }) => id)).toEqual(['draft', 'mine'])
  expect(host.queue.list()).toEqual([])
  const problems = await firstProblems(host, 4)
  for (const name of ['library.db', 'queue.db', 'models.json', 'settings.json'])
    expect(problems.some(message => message.includes(`${name} was damaged`))).toBe(true)
  await host[Symbol.asyncDispose]()
  const names = await readdir(folder)
  for (const name of ['library.db', 'queue.db', 'models.json', 'settings.json'])
    expect(names.filter(found => found.startsWith(`${name}.damaged-2`)).length, name).toBeGreaterThan(0)
  // The second time there is nothing to tell.
  const again = await openHost(folder)
  expect(again.library.damaged).toBeNull()
  await again[Symbol.asyncDispose]()
})

it('one bad row does not take the list, and is made again from its picture', async () => {
  const { folder, ids } = await withPictures('row')
  const host = await openHost(folder)
  const database = new DatabaseSync(join(folder, 'library.db'))
  database.prepare("UPDATE pictures SET request = '{' WHERE id = ?").run(ids[0])
  database.close()
  const router = createRouter(host)
  const search = async () => (await call(router.library.search, { limit: 10, offset: 0, sort: 'date' })).pictures.length
  expect(await search()).toBe(1)
  await expect.poll(search).toBe(2)
  expect(host.library.get(ids[0])).toMatchObject({ word: '学', rating: 4 })
  await host[Symbol.asyncDispose]()
})

it('two hosts on one folder keep each other’s settings', async () => {
  const folder = join(root, 'two')
  const [first, second] = [await openHost(folder), await openHost(folder)]
  await first.settings.set({ language: 'ru' })
  await second.settings.set({ theme: 'dark' })
  await Promise.all([first.settings.set({ favourites: ['comic'] }), first.settings.set({ model: 'draft' })])
  expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'))).toMatchObject({
    language: 'ru',
    theme: 'dark',
    favourites: ['comic'],
  })
  for (const host of [first, second]) await host[Symbol.asyncDispose]()
})

it('damaged notes are put aside; the index knows what they said', async () => {
  const { folder, ids } = await withPictures('notes')
  const host = await openHost(folder)
  const sidecar = `${host.library.pathOf(ids[0])}.json`
  await writeFile(sidecar, '{"rating":')
  expect(await host.library.annotate(ids[0], { tags: ['new'] })).toMatchObject({
    rating: 4,
    notes: 'good',
    tags: ['new'],
  })
  expect(JSON.parse(await readFile(sidecar, 'utf8'))).toMatchObject({ rating: 4, tags: ['new'] })
  await host[Symbol.asyncDispose]()
})

const disk = smallDisk(40)
afterAll(() => disk?.close())
it.skipIf(!disk)(
  'a host opens on a full disk, shows the pictures, and lets them be deleted (needs Linux and a user who may mount a disk)',
  async () => {
    const { folder: source, ids } = await withPictures('full')
    const folder = join(disk!.folder, 'data')
    await cp(source, folder, { recursive: true })
    disk!.fill()
    const host = await openHost(folder)
    expect(host.library.list().total).toBe(2)
    expect((await firstProblems(host, 1))[0]).toMatch(/full/)
    expect(host.queue.paused).toBe(true)
    const router = createRouter(host)
    const refused = await call(router.queue.add, {
      request: { word: '学', model: join(root, 'model.safetensors') },
    }).catch(error => error)
    expect(refused.data).toMatchObject({ code: expect.any(String), hint: expect.any(String) })
    disk!.free()
    await host.library.trash(ids)
    expect(await host.library.purge()).toBe(2)
    expect(host.library.list().total).toBe(0)
    await host[Symbol.asyncDispose]()
  },
)
