import { expect, it } from 'vitest'
import { TestService } from './service/testing-service.ts'
import { fuzzCalls } from './testing-fuzz-calls.ts'

it('mutated calls are answered, and never with a raw error (build/fuzz-calls.ts sends thousands)', {
  timeout: 120_000,
}, async () => {
  await using service = await TestService.open({}, { logToFile: false })
  service.host.queue.setPaused(true)
  const { wrong, calls, statuses } = await fuzzCalls(service, 500, 20261130)
  expect(wrong).toEqual([])
  expect(calls).toBe(500)
  // Neither all nor none: the changes reach beyond the first check.
  expect(statuses[200]).toBeGreaterThan(25)
  expect(statuses[400]).toBeGreaterThan(80)
  expect((await service.get('/health')).status).toBe(200)
})
