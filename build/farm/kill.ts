/**
 * The farm's kill story: `npm run farm:kill [-- --seed 1 --pictures 120]`. Three workers with data folders of their own, a server and
 * a producer make a set with the draft model while seeded kills hit workers (20), inference processes (20), the server (5), the
 * producer (3) and once all of them; then the set is compared with the same set made by one process.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { farmKillTest } from '../../core/farm/testing-kills.ts'
import { NATS_SERVER, NEEDS_SERVER } from '../../core/farm/testing-server.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    pictures: { type: 'string', default: '120' },
    between: { type: 'string', default: '9' },
    size: { type: 'string', default: '128' },
    steps: { type: 'string', default: '3' },
  },
})
if (!NATS_SERVER) throw new Error(NEEDS_SERVER)
const root = await mkdtemp(join(tmpdir(), 'zihua-farm-kills-'))
const words = ['学习', 'love', 'мир', '水', 'おと', '龍']
const side = Number(values.size)
const set = {
  name: 'kills',
  words,
  styles: ['comic', 'neon'],
  count: Math.ceil(Number(values.pictures) / words.length / 2),
  request: { width: side, height: side, steps: Number(values.steps) },
  maps: ['canny'],
}
const start = performance.now()
const report = await farmKillTest({
  ...{ root, set, workers: 3, seed: Number(values.seed), between: Number(values.between), ackWaitMs: 5000 },
  kills: { worker: 20, inference: 20, server: 5, producer: 3, all: 1 },
  onKill: (n, what, done) => process.stderr.write(`\r${n} ${what}, ${done} pictures done    `),
})
const same = isDeepStrictEqual(report.actual, report.expected)
const { ok, missing, changed, extra } = report.verification
const empty = Object.values(report.left).every(messages => messages === 0)
console.log(`\nkilled ${JSON.stringify(report.killed)}; ${((performance.now() - start) / 1000).toFixed(0)} s`)
console.log(`${report.pictures} pictures, ${Object.keys(report.actual).length} files; byte-identical: ${same}`)
console.log(`verified: ${ok} (missing ${missing.length}, changed ${changed.length}, not of the set ${extra.length})`)
console.log(`producers started ${report.producers}; begun by a worker ${report.painted} different pictures`)
console.log(`left on the server: ${JSON.stringify(report.left)}; half-written files: ${report.leftovers.length}`)
for (const [problem, times] of Object.entries(report.problems)) console.log(`${times} × ${problem}`)
await rm(root, { recursive: true, force: true })
process.exitCode = same && ok && empty && extra.length === 0 && report.leftovers.length === 0 ? 0 : 1
