import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fault } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { Library } from '../library/library.ts'
import { WordPainter } from '../library/testing.ts'
import { jobHandlers } from './handlers.ts'
import type { JobContext, JobKinds, JobShape, QueueEvent } from './job.ts'
import { Queue } from './queue.ts'
import { QueueStore } from './queue-store.ts'

interface TestJobs {
  x: JobShape
}
type JobHandler = (
  context: Pick<JobContext<TestJobs, 'x'>, 'signal'> & { job: { title: string; payload: unknown } },
) => Promise<unknown>

let root = ''
let count = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-queue-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))
const newFile = () => join(root, `${count++}.db`)

/** Runs until it is told to end: by the job's payload. */
function controlled() {
  const order: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const handler: JobHandler = ({ job, signal }) =>
    new Promise((resolve, reject) => {
      order.push(job.title)
      ends.set(job.title, error => (error ? reject(error) : resolve(job.title)))
      signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Cancelled.', '')))
    })
  return { order, ends, handler }
}
const instant: JobHandler = async ({ job }) => job.payload
const job = (title: string, priority = 0) => ({ kind: 'x' as const, payload: { title }, title, priority })
const statesOf = <Kinds extends JobKinds<Kinds>>(queue: Queue<Kinds>) =>
  Object.fromEntries(queue.list().map(({ title, state }) => [title, state]))

describe('the queue', () => {
  it('does not listen to a job any more that it has stopped', async () => {
    const events: QueueEvent<TestJobs>[] = []
    const begun = Promise.withResolvers<(progress: unknown, share: number) => void>()
    const queue = new Queue<TestJobs>(newFile(), {
      x: ({ signal, onProgress }) =>
        new Promise((_, reject) => {
          begun.resolve(onProgress)
          signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Cancelled.', '')))
        }),
    })
    queue.add(job('a'))
    queue.start()
    const onProgress = await begun.promise
    await queue.close()
    queue.subscribe(event => events.push(event))
    onProgress({ late: true }, 0.9)
    expect(events).toEqual([])
  })

  it('runs jobs by priority, then in order, and tells of each', async () => {
    const events: QueueEvent<TestJobs>[] = []
    const titles: string[] = []
    const queue = new Queue<TestJobs>(newFile(), {
      x: async ({ job: { title }, onProgress }) => {
        titles.push(title)
        onProgress({ half: true }, 0.5)
      },
    })
    queue.subscribe(event => events.push(event))
    for (const [title, priority] of [
      ['a', 0],
      ['b', 0],
      ['urgent', 5],
      ['c', 0],
    ] as const)
      queue.add(job(title, priority))
    queue.move(queue.list().find(({ title }) => title === 'c')!.id, queue.list().find(({ title }) => title === 'a')!.id)
    expect(queue.list().map(({ title }) => title)).toEqual(['urgent', 'c', 'a', 'b'])
    queue.start()
    await queue.idle()
    expect(titles).toEqual(['urgent', 'c', 'a', 'b'])
    expect(Object.values(statesOf(queue))).toEqual(['done', 'done', 'done', 'done'])
    expect(events.filter(({ kind }) => kind === 'progress')).toHaveLength(4)
    expect(queue.timeLeft()).toBe(0)
    expect(queue.integrity()).toBe('ok')
    await queue.close()
  })

  it('pauses, cancels what waits and what runs, and takes up again', async () => {
    const { order, ends, handler } = controlled()
    const file = newFile()
    const queue = new Queue<TestJobs>(file, { x: handler })
    queue.start()
    const [a, b, c] = ['a', 'b', 'c'].map(title => queue.add(job(title)))
    expect(statesOf(queue)).toEqual({ a: 'running', b: 'waiting', c: 'waiting' })
    queue.cancel(b.id)
    queue.setPaused(true)
    queue.cancel(a.id)
    await queue.idle()
    expect(statesOf(queue)).toEqual({ a: 'cancelled', b: 'cancelled', c: 'waiting' })
    queue.setPaused(false)
    expect(queue.get(c.id)?.state).toBe('running')
    queue.retry(a.id)
    ends.get('c')!()
    await expect.poll(() => order).toEqual(['a', 'c', 'a'])
    ends.get('a')!(fault('modelAbsent', { model: 'a' }))
    await queue.idle()
    expect(queue.get(a.id)).toMatchObject({
      state: 'failed',
      tries: 1,
      error: {
        code: 'missing-model',
        message: 'a: there is no such model.',
        key: 'modelAbsent',
        values: { model: 'a' },
      },
    })
    expect(queue.get(c.id)).toMatchObject({ state: 'done', result: 'c' })
    queue.forget([a.id, b.id, c.id])
    expect(queue.list()).toEqual([])
    await queue.close()
  })

  it('a pause lets a picture end and takes a set back, which goes on later', async () => {
    const begun: string[] = []
    const until: JobHandler = ({ job: { title }, signal }) =>
      new Promise((resolve, reject) => {
        begun.push(title)
        ends.set(title, () => resolve(title))
        signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Stopped.', '')))
      })
    const ends = new Map<string, () => void>()
    const queue = new Queue<{ x: JobShape; set: JobShape }>(newFile(), { x: until, set: until }, { resumable: ['set'] })
    queue.start()
    queue.add({ ...job('s'), kind: 'set' })
    queue.add(job('p'))
    queue.setPaused(true)
    await queue.idle()
    expect(statesOf(queue)).toEqual({ s: 'waiting', p: 'waiting' })
    queue.setPaused(false)
    expect(begun).toEqual(['s', 's'])
    ends.get('s')!()
    await expect.poll(() => begun).toEqual(['s', 's', 'p'])
    queue.setPaused(true)
    expect(statesOf(queue)).toMatchObject({ p: 'running' })
    ends.get('p')!()
    await queue.idle()
    expect(queue.list()).toMatchObject([
      { title: 'p', state: 'done', tries: 1 },
      { title: 's', state: 'done', tries: 1 },
    ])
    await queue.close()
  })

  it('a host that closes gives its job back; paused stays paused', async () => {
    const file = newFile()
    const first = new Queue<TestJobs>(file, { x: controlled().handler })
    first.start()
    first.add(job('a'))
    await first.close()
    const second = new Queue<TestJobs>(file, { x: instant })
    expect(statesOf(second)).toEqual({ a: 'waiting' })
    second.setPaused(true)
    second.start()
    await second.idle()
    await second.close()
    const third = new Queue<TestJobs>(file, { x: instant })
    expect(third.paused).toBe(true)
    third.start()
    third.setPaused(false)
    await third.idle()
    expect(third.list()).toMatchObject([{ state: 'done', tries: 1 }])
    await third.close()
  })

  it('a job of a kind that nobody runs is refused, or fails with a clear word', async () => {
    const file = newFile()
    const queue = new Queue<TestJobs>(file, { x: instant })
    expect(() => queue.add({ ...job('a'), kind: 'y' as 'x' })).toThrow(/no job of the kind "y"/)
    queue.add(job('a'))
    await queue.close()
    const other = new Queue<object>(file, {})
    other.start()
    await other.idle()
    expect(other.list()).toMatchObject([{ state: 'failed', error: { code: 'internal' } }])
    await other.close()
  })
})

it('progress reads nothing of the other jobs, however long the queue and its history', async () => {
  const file = newFile()
  const queue = new Queue<TestJobs>(file, {
    x: async ({ onProgress }) => {
      for (let i = 0; i < 1000; i++) onProgress({ step: i }, i / 1000)
    },
  })
  queue.setPaused(true)
  queue.start()
  queue.add(job('measured', 1))
  // What an other program wrote, or a disk damaged: whoever reads it fails.
  const database = new DatabaseSync(file)
  const insert = database.prepare(
    "INSERT INTO history (id, kind, title, state, priority, cost, created, ended, tries) VALUES (?, 'x', 't', ?, 0, 1, '', ?, 1)",
  )
  for (let i = 0; i < 500; i++) insert.run(`${i}`, i % 2 ? 'cancelled' : 'done', Date.now())
  database.exec("INSERT INTO payloads SELECT id, '{' FROM history")
  database.close()
  let heard = 0
  queue.subscribe(event => event.kind === 'progress' && heard++)
  queue.setPaused(false)
  await queue.idle()
  expect(heard).toBe(1000)
  // One that cannot be read does not take the list with it.
  expect(queue.list().map(({ title }) => title)).toEqual(['measured'])
  await queue.close()
})

describe('several hosts and dead ones', () => {
  it('one job is taken by one host', () => {
    const file = newFile()
    const stores = ['a', 'b'].map(host => new QueueStore<TestJobs>(file, host))
    for (const store of stores) store.beat(1000)
    for (let i = 0; i < 10; i++) stores[0].add(`${i}`, job(`${i}`))
    const taken = Array.from({ length: 12 }, (_, i) => stores[i % 2].claim()?.id)
    expect(taken).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', undefined, undefined])
    expect(stores[1].finish('0', 'done')).toBe(false)
    expect(stores[0].finish('0', 'done')).toBe(true)
    expect(stores[1].beat(1000)).toBe(0)
    for (const store of stores) store.close()
  })

  it('what a silent host was running goes back', () => {
    const file = newFile()
    const [silent, alive] = ['silent', 'alive'].map(host => new QueueStore<TestJobs>(file, host))
    silent.beat(0)
    silent.add('1', job('1'))
    silent.claim()
    expect(alive.beat(14_000)).toBe(0)
    expect(alive.beat(16_000)).toBe(1)
    expect(silent.finish('1', 'done')).toBe(false)
    expect(alive.claim()).toMatchObject({ id: '1', tries: 2 })
    silent.close()
    alive.close()
  })

  it('a host killed in mid-job leaves the job for the next one, three times at most', async () => {
    const file = newFile()
    const script = fileURLToPath(new URL('./testing-killed-host.ts', import.meta.url))
    for (let i = 0; i < 3; i++) {
      const child = fork(script, [file], { stdio: 'inherit' })
      await once(child, 'message')
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const queue = new Queue<{ endless: JobShape }>(file, { endless: instant })
    expect(queue.list()).toMatchObject([{ state: 'running', tries: 3 }])
    queue.start()
    await queue.idle()
    expect(queue.list()).toMatchObject([{ state: 'failed', error: { message: expect.stringContaining('3 times') } }])
    queue.retry(queue.list()[0].id)
    await queue.idle()
    expect(queue.list()).toMatchObject([{ state: 'done' }])
    expect(queue.integrity()).toBe('ok')
    await queue.close()
  })
})

it('a job of several pictures makes each once, whatever came between', async () => {
  const model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
  const library = await Library.open(join(root, 'data'))
  const maker = new WordPainter(model)
  const file = newFile()
  const open = () => new Queue(file, jobHandlers({ maker, library }))
  const request = { word: '学', width: 64, height: 64, seed: 5, count: 3 }
  const first = open()
  const { id } = first.add({ kind: 'picture', payload: { request, base: root }, title: '学' })
  const secondSaved = new Promise<void>(resolve => {
    first.subscribe(event => {
      if (
        event.kind === 'progress' &&
        event.of === 'picture' &&
        event.progress.kind === 'saved' &&
        event.progress.pictures.length === 2
      )
        resolve()
    })
  })
  first.start()
  await secondSaved
  await first.close()
  const second = open()
  second.start()
  await second.idle()
  expect(second.get(id)).toMatchObject({ state: 'done', result: { pictures: expect.objectContaining({ length: 3 }) } })
  expect(library.list({ order: 'ascending' }).pictures.map(({ seed }) => seed)).toEqual([5, 6, 7])
  const set = { words: ['学'], request: { width: 64, height: 64 }, sheet: false }
  second.add({ kind: 'set', payload: { set, base: root, folder: join(root, 'set') }, title: 'set' })
  await second.idle()
  expect(second.list()[0]).toMatchObject({ kind: 'set', state: 'done', result: { made: 1, complete: true } })
  await second.close()
  library.close()
})

describe('pictures of one job', () => {
  const parts = async () => {
    const folder = await mkdtemp(join(root, 'job-'))
    const model = join(folder, 'model.safetensors')
    await writeFile(model, 'weights')
    return { model, library: await Library.open(join(folder, 'data')), file: newFile() }
  }
  const run = async (file: string, handlers: ReturnType<typeof jobHandlers>, count: number) => {
    const queue = new Queue(file, handlers)
    const request = { word: '学', width: 64, height: 64, seed: 5, count }
    const { id } = queue.add({ kind: 'picture', payload: { request, base: root }, title: '学' })
    queue.start()
    await queue.idle()
    const job = queue.get(id)!
    await queue.close()
    return job
  }

  it('are asked for in the batches that are painted together, but for those that are there', async () => {
    const { model, library, file } = await parts()
    const calls: [seed: number, count: number][] = []
    class InPairs extends WordPainter {
      batchOf = async () => 2
      override generate(request: Parameters<WordPainter['generate']>[0], options: { signal?: AbortSignal } = {}) {
        calls.push([request.seed!, request.count!])
        return super.generate(request, options)
      }
    }
    const job = await run(file, jobHandlers({ maker: new InPairs(model), library }), 5)
    expect(calls).toEqual([
      [5, 2],
      [7, 2],
      [9, 1],
    ])
    expect(job).toMatchObject({ state: 'done', result: { pictures: expect.objectContaining({ length: 5 }) } })
    expect(library.list({ order: 'ascending' }).pictures.map(({ seed }) => seed)).toEqual([5, 6, 7, 8, 9])
    library.close()
  })

  it('the next is painted while the last is saved; a job that fails waits for what is being saved', async () => {
    const { model, library, file } = await parts()
    const order: string[] = []
    const begun = Promise.withResolvers<void>()
    const add = library.add.bind(library)
    // Saved only once the next has been begun: one after the other would wait for ever.
    library.add = async (...args) => {
      if (args[0].request.seed === 5) await begun.promise
      const details = await add(...args)
      order.push(`saved ${args[0].request.seed}`)
      return details
    }
    class Failing extends WordPainter {
      override async generate(request: Parameters<WordPainter['generate']>[0], options: { signal?: AbortSignal } = {}) {
        order.push(`painted ${request.seed}`)
        if (request.seed === 6) {
          begun.resolve()
          throw new Error('the second cannot be painted')
        }
        return super.generate(request, options)
      }
    }
    const job = await run(file, jobHandlers({ maker: new Failing(model), library }), 3)
    expect(order).toEqual(['painted 5', 'painted 6', 'saved 5'])
    expect(job.state).toBe('failed')
    expect(library.list().pictures.map(({ seed }) => seed)).toEqual([5])
    library.close()
  })

  it('what cannot be saved ends the job, also where others are there already', async () => {
    const { model, library, file } = await parts()
    library.add = async () => {
      throw new Error('the disk is full')
    }
    const maker = new WordPainter(model)
    const job = await run(file, jobHandlers({ maker, library }), 4)
    expect(job.state).toBe('failed')
    // The second was being painted meanwhile.
    expect(maker.made).toEqual([5, 6])
    library.close()
  })
})
