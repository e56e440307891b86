/** The switch in the settings that lets other programs in: over real ports, while the studio runs. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StudioClient } from '../host/api.ts'
import { createRouter } from '../host/router.ts'
import { StudioHost } from '../host/studio-host.ts'
import { LocalApi } from './local-api.ts'

let root = ''
let host: StudioHost
let local: LocalApi
let api: StudioClient

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-local-api-'))
  host = await StudioHost.open({ dataFolder: root, firstPicture: false })
  local = new LocalApi(host)
  await local.apply()
  api = createRouterClient(createRouter(host))
})
afterAll(async () => {
  await local[Symbol.asyncDispose]()
  await host[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise(done => probe.close(done))
  return typeof address === 'object' && address ? address.port : 0
}

/** The status of an answer; null where nobody listens. */
const health = (port: number, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}/health`, { headers }).then(
    answer => answer.status,
    () => null,
  )

it('is off by default', async () => {
  expect((await api.settings.get()).localApi).toBeNull()
  expect(await api.studio.localApi()).toEqual({ kind: 'off' })
})

it('lets programs in at once, on another port when that is changed, and out again', async () => {
  const [first, second] = [await freePort(), await freePort()]
  await api.settings.set({ localApi: { port: first } })
  expect(await api.studio.localApi()).toEqual({ kind: 'on', origin: `http://127.0.0.1:${first}` })
  expect(await health(first)).toBe(200)
  await api.settings.set({ localApi: { port: second } })
  expect([await health(first), await health(second)]).toEqual([null, 200])
  // What has nothing to do with it leaves it alone.
  await api.settings.set({ theme: 'dark' })
  expect(await health(second)).toBe(200)
  await api.settings.set({ localApi: null })
  expect([await health(second), await api.studio.localApi()]).toEqual([null, { kind: 'off' }])
})

it('asks for the token that the user has set', async () => {
  const port = await freePort()
  const token = 'a-token-of-the-user'
  await api.settings.set({ localApi: { port, token } })
  expect(await health(port)).toBe(401)
  expect(await health(port, { authorization: `Bearer ${token}` })).toBe(200)
  await expect(api.settings.set({ localApi: { port, token: 'short' } })).rejects.toMatchObject({
    data: { code: 'bad-request' },
  })
  expect(await health(port, { authorization: `Bearer ${token}` })).toBe(200)
  await api.settings.set({ localApi: null })
})

it('says that a port is taken, and takes another one', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await api.settings.set({ localApi: { port } })
  expect(await api.studio.localApi()).toMatchObject({ kind: 'failed', error: { key: 'portTaken' } })
  await new Promise(done => other.close(done))
  // The user tries again with the same port.
  await api.settings.set({ localApi: { port } })
  expect(await api.studio.localApi()).toMatchObject({ kind: 'on' })
  await api.settings.set({ localApi: null })
})

it('tells how the studio is', async () => {
  expect(await api.studio.status()).toMatchObject({
    provider: 'cpu',
    models: [{ id: 'draft', present: true, inMemory: false, isDefault: true }],
    queue: { waiting: 0, running: 0, paused: false },
    generations: 0,
    recent: [],
    memory: { host: expect.any(Number) },
    disk: { free: expect.any(Number), total: expect.any(Number) },
  })
})
