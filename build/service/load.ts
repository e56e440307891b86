/**
 * `npm run bench:service`: 200 requests at once on a queue limit of 64, every accepted one answered, memory level
 * afterwards; then autocannon on /health while a picture is being made.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TestService } from '../../core/server/service/testing-service.ts'

const REQUESTS = 200
const LIMIT = 64
await using service = await TestService.open({ service: { limits: { queue: LIMIT } } })
const small = { word: '学', width: 64, height: 64, steps: 1 }
await service.post('/api/writing/generate-writing-image', small)
const before = process.memoryUsage.rss()

const answers = await Promise.all(
  Array.from({ length: REQUESTS }, () => service.post('/api/writing/generate-writing-image', small)),
)
const count = (status: number) => answers.filter(answer => answer.status === status).length
const hinted = answers.every(({ status, headers }) => status !== 429 || headers['retry-after'] !== undefined)
console.log(`${count(200)} answered, ${count(429)} refused (Retry-After on all: ${hinted}), ${REQUESTS} sent`)
answers.length = 0
globalThis.gc?.()
console.log(
  `memory ${(before / 2 ** 20).toFixed(0)} MiB before, ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB after`,
)

const painting = service.post('/api/jobs', { word: '学习', width: 512, height: 512, steps: 60 })
const { id } = (await painting).json()
const cannon = join(import.meta.dirname, '../../node_modules/autocannon/autocannon.js')
const url = `${service.served.origin}/health`
const { stdout } = await promisify(execFile)(process.execPath, [cannon, '-c', '4', '-d', '10', '--json', url])
const { latency, errors, non2xx } = JSON.parse(stdout) as {
  latency: { p50: number; p99: number }
  errors: number
  non2xx: number
}
console.log(`/health while painting: p50 ${latency.p50} ms, p99 ${latency.p99} ms, ${errors + non2xx} errors`)
await service.post(`/api/jobs/${id}/cancel`, {})
