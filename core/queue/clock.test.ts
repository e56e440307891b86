/** The system's clock is set, or the machine sleeps, while pictures are made: nobody takes another's job, and none is lost. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { JobShape } from './job.ts'
import { Queue } from './queue.ts'

interface Jobs {
  x: JobShape
}
const root = mkdtempSync(join(tmpdir(), 'zihua-clock-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

it.each([
  ['an hour forward', 60 * MINUTE],
  ['a day back', -DAY],
  ['ten years forward', 3650 * DAY],
  ['to before this program was written', -20_000 * DAY],
])('%s', async (what, by) => {
  const file = join(root, `${what}.db`)
  const runs: string[] = []
  const end = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const open = (name: string) =>
    new Queue<Jobs>(file, {
      x: async ({ job }) => {
        runs.push(`${name}: ${job.title}`)
        begun.resolve()
        if (job.title === 'long') await end.promise
        return null
      },
    })
  const job = (title: string) => ({ kind: 'x' as const, payload: null, title })
  // The other one's heart beats first.
  const [other, painting] = [open('other'), open('painting')]
  other.start()
  const done = painting.add(job('done before'))
  painting.start()
  await vi.waitUntil(() => painting.get(done.id)?.state === 'done')
  const long = painting.add(job('long'))
  await vi.waitUntil(() => painting.get(long.id)?.state === 'running' || other.get(long.id)?.state === 'running')
  const before = [...runs]
  vi.advanceTimersByTime(5000)
  vi.setSystemTime(Date.now() + by)
  vi.advanceTimersByTime(60_000)
  expect(runs).toEqual(before)
  expect(painting.get(long.id)?.state).toBe('running')
  end.resolve()
  await vi.waitUntil(() => painting.get(long.id)?.state === 'done')
  const later = painting.add(job('later'))
  await vi.waitUntil(() => painting.get(later.id)?.state === 'done')
  // What was over before is still told, whatever its age has become.
  vi.advanceTimersByTime(5000)
  expect(painting.get(done.id)?.state).toBe('done')
  expect(
    runs
      .toSorted()
      .map(text => text.split(': ')[1])
      .toSorted(),
  ).toEqual(['done before', 'later', 'long'])
  await painting.close()
  await other.close()
})
