/** Many clients at once, at a small scale; `npm run bench:service` is the full one, with times. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { burst, paintForLong } from './testing-load.ts'
import { TestService } from './testing-service.ts'

const REQUESTS = 40
const LIMIT = 12
const MIB = 2 ** 20

let service: TestService
beforeAll(async () => {
  service = await TestService.open({ service: { limits: { queue: LIMIT } } })
})
afterAll(() => service[Symbol.asyncDispose]())

/** Bytes that are held after everything that nobody needs has been let go. */
function held(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

it('a full queue takes as many as it may, refuses the rest, answers all it took, and lets go of them', async () => {
  const right = { answered: LIMIT, refused: REQUESTS - LIMIT, hinted: REQUESTS - LIMIT, others: [] }
  expect(await burst(service.served.origin, REQUESTS, LIMIT)).toEqual(right)
  const after = held()
  expect(await burst(service.served.origin, REQUESTS, LIMIT)).toEqual(right)
  // The first time loads what stays; a picture and its maps are some 0.1 MB a client.
  expect((held() - after) / MIB).toBeLessThan(4)
}, 600_000)

it('health is answered all the time while a picture is being painted', async () => {
  const id = await paintForLong(service.served.origin)
  for (let i = 0; i < 200; i++) expect((await service.get('/health')).status).toBe(200)
  expect(service.host.queue.get(id)?.state).toBe('running')
  await service.post(`/api/jobs/${id}/cancel`, {})
}, 120_000)
