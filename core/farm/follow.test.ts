import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { follow } from './follow.ts'
import { FarmStore } from './store.ts'
import { NATS_SERVER, NEEDS_SERVER, TestServer } from './testing-server.ts'

it.skipIf(!NATS_SERVER)(`ends when it is told to while its watch is being set up (${NEEDS_SERVER})`, async () => {
  const root = await mkdtemp(join(tmpdir(), 'zihua-follow-'))
  await using server = await TestServer.start(root)
  const connection = await server.connect()
  const store = new FarmStore(connection)
  await store.ensure()
  const stop = new AbortController()
  const heard: string[] = []
  const following = follow({
    ...{ store, bucket: () => store.shared, filter: 'kind.>', signal: stop.signal },
    onEntry: ({ key }) => heard.push(key),
  })
  stop.abort()
  await following
  expect(heard).toEqual([])
  await connection.nc.close()
  await rm(root, { recursive: true, force: true })
})
