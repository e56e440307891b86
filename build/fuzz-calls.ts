/**
 * Mutated calls of the Writing Service, of the families of other programs' clients and of the studio's own procedures, seeded:
 *
 *     node_modules/.bin/node build/fuzz-calls.ts [10000] [seed]
 *
 * Fails if one is answered with a raw error, with none, or after five seconds, or if the host does not answer at the end.
 */
import { TestService } from '../core/server/service/testing-service.ts'
import { fuzzCalls } from '../core/server/testing-fuzz-calls.ts'

const [count = '10000', seed = '1'] = process.argv.slice(2)
const service = await TestService.open({}, { logToFile: false })
service.host.queue.setPaused(true)
const start = performance.now()
const { wrong, slow, ...report } = await fuzzCalls(service, Number(count), Number(seed))
const healthy = (await service.get('/health')).status === 200
const seconds = Math.round((performance.now() - start) / 1000)
console.log(JSON.stringify({ ...report, wrong: wrong.length, slow: slow.length, healthy, seconds }))
for (const line of [...wrong, ...slow].slice(0, 20)) console.error(line)
await service[Symbol.asyncDispose]()
process.exit(wrong.length + slow.length > 0 || !healthy ? 1 : 0)
