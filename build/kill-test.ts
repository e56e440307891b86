/** 100 seeded kills during a set of 60 pictures: `node build/launch.mjs build/kill-test.ts [kills] [seed] [model]`. Needs the fixtures unless a model is named. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { killTest } from '../core/queue/testing-kills.ts'
import { fixture } from '../core/testing/fixtures.ts'

const [kills = '100', seed = '1', model = fixture('sdxl/pipeline')] = process.argv.slice(2)
if (!model) throw new Error('Name a model folder, or set ZIHUA_FIXTURES.')
const root = await mkdtemp(join(tmpdir(), 'zihua-kills-'))
const words = [...'学习书水火山木人心月', 'love', 'мир', 'おと', 'Привет', 'Ω'].map(word => ({ word }))
const set = {
  words,
  styles: ['comic', 'neon'],
  seeds: [1, 2],
  request: { model: resolve(model), width: 64, height: 64, steps: 2 },
}

const start = performance.now()
const report = await killTest({
  root,
  model: resolve(model),
  set,
  kills: Number(kills),
  seed: Number(seed),
  onKill: (n, what) => process.stderr.write(`\r${n} ${what}   `),
})
const seconds = (performance.now() - start) / 1000
const same = isDeepStrictEqual(report.actual, report.expected)
const once = isDeepStrictEqual(report.seeds, [1, 2, 3])
const intact =
  report.integrity.length === 2 && report.integrity.every(answer => answer === 'ok') && report.leftovers.length === 0
console.log(
  `\nkilled: host ${report.killed.host}, inference ${report.killed.inference}, both ${report.killed.both}; ${report.starts} starts, ${seconds.toFixed(0)} s`,
)
console.log(`files ${Object.keys(report.actual).length}, byte-identical: ${same}`)
console.log(`library pictures made once: ${once}; databases intact, nothing half-written: ${intact}`)
await rm(root, { recursive: true, force: true })
process.exitCode = same && once && intact ? 0 : 1
