/** A farm as a whole: a real server, real messages, painters that are stubs. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { contentsOf } from '../sets/testing-contents.ts'
import { verifySet } from '../sets/verify.ts'
import { keys, TASKS, taskSubject } from './names.ts'
import { FarmStore } from './store.ts'
import { STUB_SET, TestFarm } from './testing-farm.ts'
import { StubPainter } from './testing-painter.ts'
import { leftOn, NATS_SERVER, NEEDS_SERVER } from './testing-server.ts'
import { order, readStatus } from './view.ts'

const fast = { canary: false } as const
const LONG = { timeout: 60_000 }

describe.skipIf(!NATS_SERVER)(`a farm (${NEEDS_SERVER})`, () => {
  it('makes the set that one machine makes, each picture once, and leaves nothing on the server', LONG, async () => {
    await using farm = await TestFarm.start()
    const painters = [new StubPainter({ milliseconds: 20 }), new StubPainter({ milliseconds: 20 })]
    for (const [i, painter] of painters.entries()) await farm.worker(`w${i}`, painter)
    const report = await farm.makeSet(STUB_SET, 'out', fast)
    expect(report).toMatchObject({ total: 8, made: 8, complete: true, failures: [] })
    await farm.makeAlone(STUB_SET, 'alone')
    expect(await contentsOf(farm.folder('out'))).toEqual(await contentsOf(farm.folder('alone')))
    expect(await verifySet(farm.folder('out'))).toMatchObject({ ok: true, extra: [] })
    expect(painters.flatMap(({ painted }) => painted)).toHaveLength(8)
    const connection = await farm.server.connect()
    expect(await leftOn(connection)).toEqual({ [TASKS]: 0 })
    await connection.nc.close()
    const { pictures } = JSON.parse(await readFile(`${farm.folder('out')}/set.json`, 'utf8'))
    expect(pictures[0].made).toMatchObject({ provider: 'stub', threads: 1 })
  })

  it('a worker paints the test picture while the producer paints its own', LONG, async () => {
    await using farm = await TestFarm.start()
    const begun = Promise.withResolvers<void>()
    await farm.worker('w', new StubPainter({ before: () => begun.resolve() }))
    const { generator } = farm
    const generate: typeof generator.generate = async (request, options) => {
      await begun.promise
      return generator.generate(request, options)
    }
    const report = await farm.makeSet(STUB_SET, 'out', { generator: { ...generator, generate } })
    expect(report).toMatchObject({ total: 8, complete: true, failures: [] })
    expect(farm.problems.map(({ key }) => key)).not.toContain('farmCanaryDiffers')
  })

  it('waits for workers, and says so', LONG, async () => {
    await using farm = await TestFarm.start()
    const making = farm.makeSet(STUB_SET, 'out', fast)
    await farm.problem('farmNobodyThere')
    await farm.worker('late')
    expect(await making).toMatchObject({ complete: true })
  })

  it('a stopped set goes on with what is painted; a picture whose result is gone is painted again', LONG, async () => {
    await using farm = await TestFarm.start()
    const painter = new StubPainter({ milliseconds: 30 })
    await farm.worker('w', painter)
    const stop = new AbortController()
    const first = farm.makeSet(STUB_SET, 'out', {
      ...{ ...fast, signal: stop.signal },
      onProgress: ({ done }) => done >= 2 && stop.abort(),
    })
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    expect(await farm.makeSet(STUB_SET, 'out', fast)).toMatchObject({ complete: true, total: 8 })
    // The same requests in another folder are another set: nothing is taken for done.
    expect(await farm.makeSet(STUB_SET, 'again', fast)).toMatchObject({ complete: true, made: 8 })
    expect(await contentsOf(farm.folder('again'))).toEqual(await contentsOf(farm.folder('out')))
  })

  it('a picture that stands in the set twice is painted once', LONG, async () => {
    await using farm = await TestFarm.start()
    const painter = new StubPainter({ milliseconds: 50 })
    await farm.worker('w', painter)
    const report = await farm.makeSet({ ...STUB_SET, words: ['学', '学'], styles: ['comic'] }, 'out', fast)
    expect(report).toMatchObject({ complete: true, total: 2 })
    expect(new Set(painter.painted).size).toBe(1)
  })

  it('pauses, resumes and drains a worker by its name', LONG, async () => {
    await using farm = await TestFarm.start()
    const worker = await farm.worker('w', new StubPainter({ milliseconds: 100 }))
    const connection = await farm.server.connect()
    const store = new FarmStore(connection)
    await store.ensure()
    const until = async (state: string) => {
      while (worker.state.state !== state) await new Promise(resolve => setImmediate(resolve))
    }
    const making = farm.makeSet(STUB_SET, 'out', fast)
    await until('working')
    while ((await readStatus(store)).workers.length === 0) await new Promise(resolve => setImmediate(resolve))
    await order(store, 'w', 'pause')
    await until('paused')
    await expect(order(store, 'nobody', 'pause')).rejects.toMatchObject({ key: 'farmNoSuchWorker' })
    await order(store, 'w', 'run')
    expect(await making).toMatchObject({ complete: true })
    await order(store, 'w', 'drain')
    await until('draining')
    await connection.nc.close()
  })

  it('the same words through several makers keep the best of several', LONG, async () => {
    await using farm = await TestFarm.start()
    await farm.worker('w')
    const set = { ...STUB_SET, keep: { best: 2 } }
    expect(await farm.makeSet(set, 'out', fast)).toMatchObject({ complete: true, total: 8 })
  })

  it('a server that has lost its disk is given again what lacks', LONG, async () => {
    await using farm = await TestFarm.start()
    let painted = 0
    const half = Promise.withResolvers<void>()
    await farm.worker(
      'w',
      new StubPainter({ milliseconds: 60, before: () => (++painted === 3 ? half.resolve() : undefined) }),
    )
    const making = farm.makeSet(STUB_SET, 'out', fast)
    await half.promise
    await farm.server.loseDisk()
    expect(await making).toMatchObject({ complete: true, total: 8 })
    await farm.makeAlone(STUB_SET, 'alone')
    expect(await contentsOf(farm.folder('out'))).toEqual(await contentsOf(farm.folder('alone')))
  })

  it('messages that are none of ours are put aside and harm nothing', LONG, async () => {
    await using farm = await TestFarm.start()
    const making = farm.makeSet(STUB_SET, 'out', fast)
    const connection = await farm.server.connect()
    const store = new FarmStore(connection)
    await store.ensure()
    const kinds = async () => (await store.entries('shared', keys.kinds)).map(({ key }) => key.split('.'))
    let [found] = await kinds()
    while (!found) [found] = await kinds()
    const [, set, kind] = found
    const path = { ...(await aTask(store)), set, kind, id: 'f'.repeat(64) }
    path.request.initImage = '/etc/hostname'
    for (const [id, data] of [
      ['1'.repeat(64), 'no task at all'],
      ['2'.repeat(64), JSON.stringify({ ...path, id: '3'.repeat(64) })],
      [path.id, JSON.stringify(path)],
    ] as const) {
      await connection.js.publish(taskSubject(set, kind, id), data)
    }
    await farm.worker('w')
    expect(await making).toMatchObject({ complete: true, total: 8 })
    const told = farm.problems.filter(({ key }) => key === 'farmNotOurs').map(({ message }) => message)
    expect(told).toHaveLength(3)
    expect(told.join()).toContain('/etc/hostname')
    await connection.nc.close()

    async function aTask(of: FarmStore) {
      for (;;) {
        const message = await of.connection.jsm.streams
          .getMessage(TASKS, { last_by_subj: `zihua.task.${set}.>` })
          .catch(() => null)
        if (message) return message.json<{ request: { initImage: string | null } }>()
      }
    }
  })
})
