/** What can go wrong on a farm: one clear sentence each, and nothing lost. */
import { describe, expect, it } from 'vitest'
import type { RequestInput } from '../contract/request.ts'
import { contentsOf } from '../sets/testing-contents.ts'
import { connectFarm } from './connection.ts'
import { keys } from './names.ts'
import type { Painted } from './result.ts'
import { FarmStore } from './store.ts'
import { kindSchema } from './task.ts'
import { STUB_SET, TestFarm } from './testing-farm.ts'
import { STUB_MADE, StubPainter } from './testing-painter.ts'
import { NetworkProxy } from './testing-proxy.ts'
import { NATS_SERVER, NEEDS_SERVER, TestServer } from './testing-server.ts'

const fast = { canary: false } as const
const LONG = { timeout: 90_000 }

describe.skipIf(!NATS_SERVER)(`faults of a farm (${NEEDS_SERVER})`, () => {
  it('a picture that fails on three workers is set aside with its reason, and the set goes on', LONG, async () => {
    await using farm = await TestFarm.start()
    for (const name of ['a', 'b', 'c']) {
      const before = ({ request }: { request: { word: string | null } }) => {
        if (request.word === 'love') throw new Error('the driver fell over')
      }
      await farm.worker(name, new StubPainter({ before }))
    }
    const report = await farm.makeSet({ ...STUB_SET, styles: ['comic'] }, 'out', fast)
    expect(report).toMatchObject({ complete: false, made: 3, total: 4 })
    expect(report.failures).toMatchObject([{ word: 'love', key: 'farmSetAside' }])
    expect(report.failures[0]!.message).toMatch(/3 workers .* the driver fell over/)
  })

  it('a wrong token, no server and no farm are told at once', LONG, async () => {
    await using farm = await TestFarm.start()
    const { url } = farm.server
    const refused = { key: 'farmRefused', message: expect.not.stringContaining('wrong-token') }
    await expect(connectFarm({ url, token: 'wrong-token' }, 'test')).rejects.toMatchObject(refused)
    await expect(farm.worker('w', undefined, { address: { url, token: 'x' } })).rejects.toMatchObject(refused)
    await expect(connectFarm({ url: 'nats://127.0.0.1:1' }, 'test')).rejects.toMatchObject({ key: 'farmUnreachable' })
    for (const wrong of ['127.0.0.1:4222', 'http://farm', 'nats://']) {
      await expect(connectFarm({ url: wrong }, 'test')).rejects.toMatchObject({ key: 'farmAddressWrong' })
    }
  })

  it(
    'a cut network between worker and server costs a task its time, and neither loses nor doubles it',
    LONG,
    async () => {
      await using farm = await TestFarm.start()
      await using proxy = await NetworkProxy.to(farm.server.port)
      const { token } = farm.server.address
      const painting = Promise.withResolvers<void>()
      const cutOff = new StubPainter({ milliseconds: 200, before: () => painting.resolve() })
      await farm.worker('cut-off', cutOff, { address: { url: `nats://127.0.0.1:${proxy.port}`, token } })
      const making = farm.makeSet(STUB_SET, 'out', fast)
      await painting.promise
      proxy.cut()
      const other = new StubPainter({ milliseconds: 50 })
      await farm.worker('other', other)
      expect(await making).toMatchObject({ complete: true, total: 8 })
      proxy.mend()
      await farm.makeAlone(STUB_SET, 'alone')
      expect(await contentsOf(farm.folder('out'))).toEqual(await contentsOf(farm.folder('alone')))
    },
  )

  it('a full disk at the server is told, and the set goes on when there is room', LONG, async () => {
    await using farm = await TestFarm.start({ server: { maxBytes: 150_000 } })
    await farm.worker('w')
    const large = { ...STUB_SET, request: { width: 256, height: 256, steps: 2 } }
    const making = farm.makeSet(large, 'out', fast)
    await farm.problem('farmStorageFull')
    await farm.server.grow(1e9)
    expect(await making).toMatchObject({ complete: true, total: 8 })
  })

  it('a worker of another version says so and takes nothing', LONG, async () => {
    await using farm = await TestFarm.start()
    const painter = new StubPainter()
    await farm.worker('w', painter)
    const connection = await farm.server.connect()
    const store = new FarmStore(connection)
    await store.ensure()
    const kind = kindSchema.parse({
      ...{ zihuaKind: 1, set: 'abcdefabcdef', kind: '0123456789abcdef', name: 'newer', engine: '99.0+ort9' },
      ...{ same: 'look', made: STUB_MADE, weights: [], canary: null, shares: false },
    })
    await store.write(keys.kind(kind.set, kind.kind), kind)
    const { message } = await farm.problem('farmOtherVersion')
    expect(message).toMatch(/"newer" is made with version 99\.0\+ort9; this worker has /)
    expect(painter.painted).toEqual([])
    await connection.nc.close()
  })

  it('a model that nobody has waits, and both sides say so', LONG, async () => {
    await using farm = await TestFarm.start()
    await farm.worker('w', new StubPainter(), { models: ['0'.repeat(64)] })
    const stop = new AbortController()
    const making = farm.makeSet(STUB_SET, 'out', { ...fast, signal: stop.signal })
    expect((await farm.problem('farmLacksModel')).message).toContain('draft (')
    expect((await farm.problem('farmNobodyHasModel')).message).toContain('draft (')
    stop.abort()
    await expect(making).rejects.toMatchObject({ code: 'cancelled' })
  })

  it.each(['exact', 'look'] as const)(
    'a worker that lies about its model is found out by its test picture (%s)',
    LONG,
    async same => {
      await using farm = await TestFarm.start()
      const liar = new StubPainter({ salt: 'another model' })
      await farm.worker('liar', liar)
      const making = farm.makeSet(STUB_SET, 'out', { same })
      const { message } = await farm.problem('farmCanaryDiffers')
      expect(message).toMatch(/^liar painted another test picture/)
      const honest = new StubPainter()
      await farm.worker('honest', honest)
      expect(await making).toMatchObject({ complete: true })
      // Its test picture alone.
      expect(liar.painted).toHaveLength(1)
      expect(honest.painted.length).toBeGreaterThanOrEqual(8)
    },
  )

  it('a word that is drawn with another font is not taken', LONG, async () => {
    await using farm = await TestFarm.start()
    const fonts = [{ name: 'Another Sans', sha256: 'a'.repeat(64) }]
    const change = (painted: Painted) => ({
      ...painted,
      word: { mask: null, composed: null, area: null, maps: [], fonts },
    })
    await farm.worker('other', new StubPainter({ change }))
    const report = await farm.makeSet({ ...STUB_SET, words: ['学'], styles: ['comic'] }, 'out', fast)
    expect(report).toMatchObject({ complete: false, failures: [{ word: '学', key: 'farmFontDiffers' }] })
    expect(report.failures[0]!.message).toBe('other drew the word with other fonts: Another Sans.')
  })

  it('a request that no message holds is refused before anybody waits for it', LONG, async () => {
    await using farm = await TestFarm.start()
    const points = Array.from({ length: 12_000 }, (_, i) => Math.sin(i) / 3)
    const composition = {
      blocks: [
        {
          ...{ kind: 'drawing', transform: { x: 0.5, y: 0.5, scale: [1, 1], rotation: 0 } },
          source: { strokes: Array.from({ length: 20 }, () => ({ points, size: 0.01 })) },
        },
      ],
    }
    const request = { ...STUB_SET.request, composition } as unknown as RequestInput
    const report = await farm.makeSet({ ...STUB_SET, words: ['学'], styles: ['comic'], request }, 'out', fast)
    expect(report.failures).toMatchObject([{ key: 'farmTaskTooLarge' }])
  })

  it('an exact set takes no machine of another kind', LONG, async () => {
    await using farm = await TestFarm.start()
    const other = new StubPainter({ made: { device: 'another chip', fingerprint: 'fedcba9876543210' } })
    await farm.worker('other', other)
    const making = farm.makeSet(STUB_SET, 'out', { same: 'exact' })
    expect((await farm.problem('farmOtherFingerprint')).message).toContain('another chip')
    await farm.worker('same')
    expect(await making).toMatchObject({ complete: true })
    expect(other.painted).toEqual([])
  })

  it('a server that is not one, and a port that is taken, are told', LONG, async () => {
    await using farm = await TestFarm.start()
    await expect(
      TestServer.start(farm.folder('second'), { port: farm.server.port, token: 'other' }),
    ).rejects.toMatchObject({
      key: 'farmServerFailed',
    })
  })
})
