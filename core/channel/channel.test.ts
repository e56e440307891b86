/** Real processes and threads that answer, hang and die. */
import { execFile, fork } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fault } from '../faults/fault.ts'
import { Channel, type ChannelOptions } from './channel.ts'
import { startChild, startThread } from './endpoint.ts'
import type { TestCalls } from './testing-answerer.ts'

const script = new URL('./testing-answerer.ts', import.meta.url)
const starts = { process: () => startChild(script, []), thread: () => startThread(script) }
const opened: Channel<TestCalls>[] = []

function open(kind: keyof typeof starts, options: Partial<ChannelOptions> = {}): Channel<TestCalls> {
  const channel = new Channel<TestCalls>(starts[kind](), {
    died: ({ how }) => fault('inferenceEnded', { how }),
    ...options,
  })
  opened.push(channel)
  return channel
}
afterEach(() => Promise.all(opened.splice(0).map(channel => channel.kill())))

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

it.each(['process', 'thread'])('a %s that is being ended keeps the program going until it is gone', async kind => {
  const killer = fileURLToPath(new URL('./testing-killer.ts', import.meta.url))
  // Node ends with 13 where nothing is left to wait for.
  const { stdout } = await promisify(execFile)(process.execPath, [killer, kind])
  expect(stdout).toBe('gone\n')
})

describe.each(['process', 'thread'] as const)('a %s', kind => {
  it('answers, with events before the reply', async () => {
    const events: number[] = []
    expect(await open(kind).call('count', 3, { onEvent: i => events.push(i) }).reply).toBe(3)
    expect(events).toEqual([1, 2, 3])
  })

  it('is told of an abort; the caller hears of it at once, and the same one goes on', async () => {
    const channel = open(kind)
    const controller = new AbortController()
    const begun = Promise.withResolvers<void>()
    const { reply, settled } = channel.call('untilAborted', null, {
      signal: controller.signal,
      onEvent: () => begun.resolve(),
    })
    await begun.promise
    controller.abort()
    expect(await errorOf(reply)).toMatchObject({ code: 'cancelled' })
    await settled
    expect(channel.ended).toBe(false)
    expect(await channel.call('count', 1).reply).toBe(1)
  })

  it('nothing of an aborted call is heard afterwards', async () => {
    const controller = new AbortController()
    let heard = 0
    const { reply, settled } = open(kind).call('count', 50, {
      signal: controller.signal,
      onEvent: () => {
        heard++
        controller.abort()
      },
    })
    expect(await errorOf(reply)).toMatchObject({ code: 'cancelled' })
    await settled
    expect(heard).toBe(1)
  })

  it('that outstays its welcome after an abort is ended', async () => {
    const channel = open(kind, { drainMs: 0 })
    const controller = new AbortController()
    const { reply } = channel.call('never', null, { signal: controller.signal, onEvent: () => controller.abort() })
    expect(await errorOf(reply)).toMatchObject({ code: 'cancelled' })
    expect(channel.ended).toBe(true)
  })

  it('that ends without a word leaves no caller waiting', async () => {
    const channel = open(kind)
    const calls = [channel.call('never', null), channel.call('exit', 7)]
    for (const { reply } of calls)
      expect(await errorOf(reply)).toMatchObject({ message: expect.stringContaining('ended with code 7') })
    expect(await errorOf(channel.call('count', 1).reply)).toMatchObject({ code: 'inference-crashed' })
  })

  it('that is not done by its deadline is ended', async () => {
    const { reply } = open(kind).call('never', null, { deadlineMs: 1000 })
    expect(await errorOf(reply)).toMatchObject({ message: 'It was not done after 1 s and was ended.' })
  })

  it('200 replies of 4 MB under one signal leave neither bytes nor listeners behind', async () => {
    const channel = open(kind)
    const { signal } = new AbortController()
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 200; i++) await channel.call('echo', new Uint8Array(4e6), { signal }).reply
    collectGarbage()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40e6)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('silence', () => {
  it.skipIf(process.platform === 'win32')(
    'a process that is stopped is found, and its callers hear of it',
    async () => {
      const channel = open('process', { silenceMs: 2000 })
      expect(await errorOf(channel.call('stop', null).reply)).toMatchObject({
        code: 'inference-crashed',
        message: expect.stringContaining('no sign of life for 2 s'),
      })
      expect(channel.ended).toBe(true)
    },
  )

  it('a process that computes without answering is left alone', async () => {
    expect(await open('process', { silenceMs: 2000 }).call('compute', 5000).reply).toBeNull()
  })
})

it('a child ends when its parent is killed, also in the middle of a blocking call', async () => {
  const parent = fork(fileURLToPath(new URL('./testing-parent.ts', import.meta.url)), { silent: true })
  const [line] = (await once(parent.stdout!, 'data')) as [Buffer]
  const child = Number(line)
  expect(child).toBeGreaterThan(0)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(() => process.kill(child, 0)).toThrow('ESRCH'), { timeout: 30_000, interval: 200 })
})
