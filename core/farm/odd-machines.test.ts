/** Machines and networks that are not as they should be, with real processes and disks: a clear sentence, and nothing lost. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { smallDisk } from '../queue/testing-full-disk.ts'
import { contentsOf } from '../sets/testing-contents.ts'
import { verifySet } from '../sets/verify.ts'
import { ACK_WAIT_MS, STUB_SET, TestFarm } from './testing-farm.ts'
import { StubPainter } from './testing-painter.ts'
import { NetworkProxy } from './testing-proxy.ts'
import { NATS_SERVER, NEEDS_SERVER } from './testing-server.ts'

const fast = { canary: false } as const
/** How long the network is cut: `ZIHUA_FARM_CUT_SECONDS=120 npx vitest run core/farm/odd-machines.test.ts -t network` for two minutes. */
const CUT_SECONDS = Number(process.env['ZIHUA_FARM_CUT_SECONDS'] ?? 4)
/** From here on both sides have told that they do not hear each other. */
const LONG_CUT_SECONDS = 60
const LONG = { timeout: 120_000 + CUT_SECONDS * 1000 }

async function sameAsAlone(farm: TestFarm, made: string, set = STUB_SET): Promise<void> {
  await farm.makeAlone(set, 'alone')
  expect(await contentsOf(made)).toEqual(await contentsOf(farm.folder('alone')))
  expect(await verifySet(made)).toMatchObject({ ok: true, extra: [] })
}

describe.skipIf(!NATS_SERVER)(`odd machines on a farm (${NEEDS_SERVER})`, () => {
  it(`the only worker's network is cut for ${CUT_SECONDS} s while it paints`, LONG, async () => {
    await using farm = await TestFarm.start()
    await using proxy = await NetworkProxy.to(farm.server.port)
    const { token } = farm.server.address
    const painting = Promise.withResolvers<void>()
    let begun = 0
    const painter = new StubPainter({
      milliseconds: 100,
      before: () => {
        if (++begun === 3) painting.resolve()
      },
    })
    await farm.worker('cut-off', painter, { address: { url: `nats://127.0.0.1:${proxy.port}`, token } })
    const making = farm.makeSet(STUB_SET, 'out', fast)
    await painting.promise
    proxy.cut()
    await wait(CUT_SECONDS * 1000)
    proxy.mend()
    expect(await making).toMatchObject({ complete: true, total: 8, failures: [] })
    await sameAsAlone(farm, farm.folder('out'))
    if (CUT_SECONDS >= LONG_CUT_SECONDS) {
      const told = farm.problems.map(({ key }) => key)
      expect(told).toEqual(expect.arrayContaining(['farmUnreachable', 'farmNobodyThere']))
    }
  })

  it('a machine whose clock is ten minutes off paints like any other, and is told of', LONG, async () => {
    await using farm = await TestFarm.start()
    const worker = startWorker(farm, 'late', { ZIHUA_TEST_CLOCK: '-10' })
    try {
      const set = { ...STUB_SET, words: ['学', '水'], styles: ['comic'] }
      await farm.studio.inference.settle()
      const stop = new AbortController()
      const report = await farm.makeSet(set, 'out', { ...farm.painting, same: 'exact' })
      expect(report).toMatchObject({ complete: true, total: 2 })
      const { pictures } = JSON.parse(await readFile(join(farm.folder('out'), 'set.json'), 'utf8'))
      expect(pictures).toHaveLength(2)
      // It tells as long as a set is made: one whose second picture nobody can paint yet; the first is the producer's own test.
      const waiting = farm.makeSet({ ...set, name: 'waits', words: ['火', '木'] }, 'waits', {
        ...{ ...farm.painting, same: 'exact', made: { ...farm.studio.inference.made, fingerprint: 'f'.repeat(16) } },
        signal: stop.signal,
      })
      const told = await Promise.race([farm.problem('farmClockOff'), waiting])
      expect(told).toMatchObject({ values: { worker: 'late', minutes: 10 } })
      stop.abort()
      await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    } finally {
      await end(worker)
    }
  })

  const disk = NATS_SERVER ? smallDisk(12) : null
  afterAll(() => disk?.close())

  it.skipIf(!disk)('the disk of the server is really full (needs the right to mount a tmpfs)', LONG, async () => {
    await using farm = await TestFarm.start({ server: { folder: join(disk!.folder, 'server') } })
    let painted = 0
    await farm.worker('w', new StubPainter({ before: () => (++painted === 3 ? disk!.fill() : undefined) }))
    const making = farm.makeSet({ ...STUB_SET, request: { width: 256, height: 256, steps: 2 } }, 'out', fast)
    await farm.problem('farmStorageFull')
    disk!.free()
    expect(await making).toMatchObject({ complete: true, total: 8, failures: [] })
  })

  it.skipIf(!disk)('the disk of the producer is really full (needs the right to mount a tmpfs)', LONG, async () => {
    await using farm = await TestFarm.start()
    const out = join(disk!.folder, 'out')
    let painted = 0
    const painter = new StubPainter({ before: () => (++painted === 3 ? disk!.fill() : undefined) })
    await farm.worker('w', painter)
    await expect(farm.makeSet(STUB_SET, out, fast)).rejects.toMatchObject({ code: 'cannot-write' })
    disk!.free()
    // What was painted meanwhile waits on the farm.
    expect(await farm.makeSet(STUB_SET, out, fast)).toMatchObject({ complete: true, total: 8 })
    await sameAsAlone(farm, out)
  })
})

function startWorker(farm: TestFarm, name: string, env: Record<string, string>): ChildProcess {
  const place = (file: string) => fileURLToPath(new URL(file, import.meta.url))
  const { url, token } = farm.server.address
  const args = [farm.folder(name), url, token ?? '', name, String(ACK_WAIT_MS)]
  return spawn(process.execPath, ['--import', place('./testing-clock.ts'), place('./testing-worker.ts'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
