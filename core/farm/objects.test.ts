/** What is read from a farm's server leaves nothing there: consumers that stay for minutes stop a large set. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SetBucket } from './set-bucket.ts'
import { FarmStore } from './store.ts'
import { NATS_SERVER, NEEDS_SERVER, TestServer } from './testing-server.ts'
import { readStatus } from './view.ts'

it.skipIf(!NATS_SERVER)(
  `objects and entries are read as they were written, without consumers (${NEEDS_SERVER})`,
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'zihua-objects-'))
    await using server = await TestServer.start(root)
    const connection = await server.connect()
    const store = new FarmStore(connection)
    await store.ensure()
    const bucket = new SetBucket(store, 'abcdefabcdef')
    await bucket.create()
    // Of no chunk, one, and several with a rest.
    for (const size of [0, 1000, 2_500_000]) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251)
      await bucket.put('picture', bytes)
      expect(Buffer.compare((await bucket.fetch('picture'))!, bytes)).toBe(0)
    }
    await bucket.remove('picture')
    expect(await bucket.fetch('picture')).toBeNull()
    expect(await bucket.fetch('never')).toBeNull()
    await store.write('want.a', { wanted: true })
    await store.write('want.b', { wanted: true })
    await store.forget('want.b')
    expect((await store.entries('shared', 'want.>')).map(({ key }) => key)).toEqual(['want.a'])
    await readStatus(store)
    for await (const { state } of connection.jsm.streams.list()) expect(state.consumer_count).toBe(0)
    await connection.nc.close()
    await rm(root, { recursive: true, force: true })
  },
  30_000,
)
