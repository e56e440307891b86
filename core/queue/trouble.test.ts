/** A machine in trouble: a full disk, a database that another program holds, damaged files and rows. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { JobShape, QueueEvent } from './job.ts'
import { Queue } from './queue.ts'
import { QueueStore } from './queue-store.ts'
import { smallDisk } from './testing-full-disk.ts'

type TestJobs = { x: JobShape }
const root = mkdtempSync(join(tmpdir(), 'zihua-trouble-'))
afterAll(() => rm(root, { recursive: true, force: true }))
let files = 0
const newFile = () => join(root, `${files++}.db`)
const job = (title: string, payload: unknown = {}) => ({ kind: 'x' as const, title, payload })
const titles = (queue: Queue<TestJobs>) => Object.fromEntries(queue.list().map(({ title, state }) => [title, state]))

async function locker(file: string): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./testing-locker.ts', import.meta.url)), [file])
  await once(child, 'message')
  return child
}
async function release(child: ChildProcess): Promise<void> {
  child.send('release')
  await once(child, 'exit')
}

describe('a database that another program has locked', () => {
  it('neither stops the event loop nor ends the host; what happened is written later', async () => {
    const file = newFile()
    const ended = Promise.withResolvers<void>()
    const queue = new Queue<TestJobs>(file, { x: () => ended.promise })
    const problems: string[] = []
    queue.subscribe(event => event.kind === 'trouble' && event.error && problems.push(event.error.key ?? ''))
    queue.start()
    const { id } = queue.add(job('a'))
    queue.add(job('b'))
    const other = await locker(file)
    const start = performance.now()
    ended.resolve()
    await queue.idle()
    queue.setPaused(true)
    expect(queue.paused).toBe(true)
    queue.setPaused(false)
    // Each try waits for milliseconds only.
    expect(performance.now() - start).toBeLessThan(1000)
    expect(queue.get(id)?.state).toBe('running')
    await release(other)
    await expect.poll(() => titles(queue), { timeout: 10_000 }).toEqual({ a: 'done', b: 'done' })
    await queue.close()
    // A lock of a moment is nobody's concern.
    expect(problems).toEqual([])
  })

  it('is told once where it lasts', { timeout: 30_000 }, async () => {
    const file = newFile()
    const queue = new Queue<TestJobs>(file, { x: async () => null })
    const events: QueueEvent<TestJobs>[] = []
    queue.subscribe(event => events.push(event))
    queue.start()
    const other = await locker(file)
    queue.setPaused(true)
    await expect.poll(() => queue.trouble?.key, { timeout: 10_000 }).toBe('databaseBusy')
    await release(other)
    await expect.poll(() => queue.trouble, { timeout: 10_000 }).toBeNull()
    expect(events.filter(event => event.kind === 'trouble' && event.error)).toHaveLength(1)
    await queue.close()
  })
})

const disk = smallDisk(70)
afterAll(() => disk?.close())
describe.skipIf(!disk)('a full disk (needs Linux and a user who may mount a disk)', () => {
  it('pauses the queue with a sentence, loses nothing, and goes on when there is room', {
    timeout: 60_000,
  }, async () => {
    const file = join(disk!.folder, 'a', 'queue.db')
    let full = true
    const made: string[] = []
    const queue = new Queue<TestJobs>(file, {
      x: async ({ job: { title } }) => {
        if (full) {
          const handle = await open(join(disk!.folder, 'picture'), 'w')
          try {
            await handle.writeFile(Buffer.alloc(1 << 20))
          } catch (cause) {
            const { cannotWrite } = await import('../files/durable.ts')
            throw cannotWrite(join(disk!.folder, 'picture'), cause)
          } finally {
            await handle.close()
          }
        }
        made.push(title)
      },
    })
    const told: (string | undefined)[] = []
    queue.subscribe(event => event.kind === 'trouble' && told.push(event.error?.key))
    for (const title of ['a', 'b', 'c']) queue.add(job(title))
    disk!.fill()
    queue.start()
    await queue.idle()
    expect(queue.trouble?.message).toMatch(/disk.* is full/)
    expect(queue.paused).toBe(true)
    expect(made).toEqual([])
    // A second host, or the same after its end, starts all the same and can be read.
    const second = new Queue<TestJobs>(file, { x: async () => null })
    expect(second.list().map(({ title }) => title)).toEqual(['a', 'b', 'c'])
    await second.close()
    disk!.free()
    full = false
    await expect.poll(() => titles(queue), { timeout: 20_000 }).toEqual({ a: 'done', b: 'done', c: 'done' })
    expect(made).toEqual(['a', 'b', 'c'])
    expect(told.filter(key => key !== undefined)).toHaveLength(1)
    expect(queue.integrity()).toBe('ok')
    await queue.close()
  })

  it('does not keep a host from starting, with a database or without one', async () => {
    const file = join(disk!.folder, 'b', 'queue.db')
    const before = new QueueStore<TestJobs>(file, 'before')
    before.add('1', job('kept'))
    before.close()
    disk!.fill()
    for (const path of [file, join(disk!.folder, 'new.db')]) {
      const store = new QueueStore<TestJobs>(path, 'later')
      expect(store.full).toBe(true)
      expect(store.list().map(({ title }) => title)).toEqual(path === file ? ['kept'] : [])
      store.close()
    }
    disk!.free()
    const after = new QueueStore<TestJobs>(file, 'after')
    expect(after.full).toBe(false)
    expect(after.list()).toHaveLength(1)
    after.close()
  })
})

describe('a damaged queue', () => {
  it('is put aside with a date; what can be read of it goes on', async () => {
    const file = newFile()
    const store = new QueueStore<TestJobs>(file, 'a')
    for (let i = 0; i < 300; i++) store.add(`${i}`, job(`job ${i}`, { text: 'x'.repeat(2000) }))
    store.close()
    // Some pages of the payloads are overwritten.
    const handle = await open(file, 'r+')
    const { size } = await handle.stat()
    await handle.write(Buffer.alloc(8192, 0xa5), 0, 8192, Math.floor(size / 2 / 4096) * 4096)
    await handle.close()
    const queue = new Queue<TestJobs>(file, { x: async () => null })
    expect(queue.damaged).toMatch(/\.damaged-\d{8}-\d{6}$/)
    expect(queue.list().length).toBeGreaterThan(100)
    queue.start()
    await queue.idle()
    expect(queue.count('waiting')).toBe(0)
    expect(queue.integrity()).toBe('ok')
    await queue.close()
    expect((await readdir(root)).some(name => name.includes('.damaged-'))).toBe(true)
  })

  it('a row that cannot be read is taken out, and told; the others run', async () => {
    const file = newFile()
    const queue = new Queue<TestJobs>(file, { x: async () => 'made' })
    const ids = ['a', 'b', 'c'].map(title => queue.add(job(title)).id)
    const database = new DatabaseSync(file)
    database.prepare("UPDATE payloads SET payload = '{' WHERE id = ?").run(ids[0])
    database.prepare('DELETE FROM payloads WHERE id = ?').run(ids[1])
    database.close()
    const told: (string | undefined)[] = []
    queue.subscribe(event => event.kind === 'trouble' && told.push(event.error?.message))
    queue.start()
    await queue.idle()
    expect(titles(queue)).toEqual({ c: 'done' })
    expect(told).toEqual(['2 damaged entries of the queue were taken out.'])
    await queue.close()
  })
})

describe('history', () => {
  it('is paged, and forgets by number and age', () => {
    const store = new QueueStore<TestJobs>(newFile(), 'a')
    store.beat(Date.now())
    for (let i = 0; i < 25; i++) {
      store.add(`${i}`, job(`${i}`))
      store.claim()
      store.finish(`${i}`, 'done', { result: i })
    }
    const pages: string[][] = []
    for (let before: number | undefined; ; ) {
      const { jobs, next } = store.history({ before, limit: 10 })
      pages.push(jobs.map(({ title }) => title))
      if (next === null) break
      before = next
    }
    expect(pages.map(page => page.length)).toEqual([10, 10, 5])
    expect(pages.flat()).toEqual(Array.from({ length: 25 }, (_, i) => `${24 - i}`))
    expect(store.forgetOldest(Date.now(), { jobs: 20, days: 1 })).toEqual(['0', '1', '2', '3', '4'])
    expect(store.forgetOldest(Date.now() + 2 * 86_400_000, { jobs: 20, days: 1 })).toHaveLength(20)
    expect(store.list()).toEqual([])
    store.close()
  })

  it('what an older version had finished is there, and can be made again', () => {
    const file = newFile()
    const old = new DatabaseSync(file)
    old.exec(OLD)
    const payload = JSON.stringify({ set: { name: 'n', words: Array.from({ length: 50 }, () => ({ word: '学' })) } })
    for (const [id, state] of [
      ['1', 'done'],
      ['2', 'failed'],
      ['3', 'waiting'],
    ] as const)
      old
        .prepare(
          "INSERT INTO jobs VALUES (?, 'set', ?, ?, ?, 0, ?, 1, '2026-01-02T03:04:05.000Z', 1, NULL, NULL, NULL, NULL)",
        )
        .run(id, payload, `job ${id}`, state, Number(id))
    old.close()
    const store = new QueueStore<TestJobs>(file, 'a')
    expect(store.list().map(({ id, state }) => [id, state])).toEqual([
      ['3', 'waiting'],
      ['2', 'failed'],
      ['1', 'done'],
    ])
    expect(store.list()[2]).toMatchObject({ payload: { set: { name: 'n', words: [] } } })
    expect((store.get('1')!.payload as { set: { words: unknown[] } }).set.words).toHaveLength(50)
    expect(store.retry('2')).toBe(true)
    expect(store.list().map(({ id }) => id)).toEqual(['3', '2', '1'])
    store.close()
  })
})

it('nobody waits for a long history while a picture is made (npm run bench:queue: at full size)', async () => {
  const { benchQueue } = await import('./testing-bench.ts')
  const report = await benchQueue(newFile(), { finished: 100, sets: 2, words: 4000, steps: 300 })
  expect(report.turns).toBeGreaterThan(200)
  // Loose, as machines differ: twelve seconds were seen where every step read the whole queue.
  expect(report.medianMs).toBeLessThan(5)
  expect(report.listMs).toBeLessThan(200)
})

/** The tables of the first version. */
const OLD = `CREATE TABLE jobs (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  priority INTEGER NOT NULL, place REAL NOT NULL, cost REAL NOT NULL, created TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, error TEXT, progress TEXT, result TEXT, host TEXT
) STRICT;
CREATE INDEX jobs_order ON jobs (state, priority DESC, place);
CREATE TABLE hosts (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
PRAGMA user_version = 1;`
