/**
 * What a farm costs: `npm run bench:farm [-- --workers 3 --tasks 300 --milliseconds 1000 --side 512]`. Real nats-server, real messages;
 * the painters are stubs that take their time and give random bytes. `-- --workers 100 --tasks 10000` is a school with a hundred
 * machines: with --processes, workers are spread over so many processes. Prints one JSON object.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { makeFarmSet } from '../../core/farm/farm-set.ts'
import { openHashes } from '../../core/farm/hash-cache.ts'
import { STUB_MADE } from '../../core/farm/testing-painter.ts'
import { leftOn, NATS_SERVER, NEEDS_SERVER, TestServer, TOKEN } from '../../core/farm/testing-server.ts'
import { Studio } from '../../core/generate/studio.ts'

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '3' },
    tasks: { type: 'string', default: '300' },
    milliseconds: { type: 'string', default: '1000' },
    side: { type: 'string', default: '512' },
    processes: { type: 'string', default: '3' },
    ahead: { type: 'string', default: '256' },
  },
})
if (!NATS_SERVER) throw new Error(NEEDS_SERVER)
const [workers, tasks, milliseconds, side, processes, ahead] = [
  values.workers,
  values.tasks,
  values.milliseconds,
  values.side,
  values.processes,
  values.ahead,
].map(Number) as [number, number, number, number, number, number]
const root = await mkdtemp(join(tmpdir(), 'zihua-bench-farm-'))
const server = await TestServer.start(join(root, 'server'))
const script = fileURLToPath(new URL('./stub-workers.ts', import.meta.url))
const children = Array.from({ length: Math.min(processes, workers) }, (_, i) => {
  const share = Math.floor(workers / processes) + (i < workers % processes ? 1 : 0)
  const args = [join(root, `machines-${i}`), server.url, TOKEN, String(share), String(milliseconds)]
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
})
await Promise.all(children.map(child => once(child.stdout, 'data')))

const studio = new Studio({ dataFolder: join(root, 'producer') })
const { hashes, database } = openHashes(studio.dataFolder)
const words = ['学', 'love', 'мир', '水', '火']
const set = {
  name: 'bench',
  words,
  count: Math.ceil(tasks / words.length),
  request: { width: side, height: side, steps: 2 },
  ...{ sheet: false, strip: true },
}
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
/** What the producer holds after a collection, MB, at every tenth of the set. */
const heldMB: number[] = []
let peak = 0
const memory: number[] = []
const sampling = setInterval(() => {
  const { rss } = process.memoryUsage()
  memory.push(rss)
  peak = Math.max(peak, rss)
}, 500)
const begun = performance.now()
let [first, last, done] = [0, 0, 0]
const before = process.cpuUsage()
const report = await makeFarmSet(set, join(root, 'set'), {
  ...{
    address: server.address,
    base: root,
    generator: studio.generator,
    made: STUB_MADE,
    hashes,
    canary: false,
    ahead,
  },
  onProgress: progress => {
    if (progress.done > done) {
      done = progress.done
      last = performance.now() - begun
      first ||= last
      if (done >= (heldMB.length + 1) * (progress.total / 10)) {
        collectGarbage()
        const { heapUsed, external } = process.memoryUsage()
        heldMB.push(MB(heapUsed + external))
      }
      if (done % 100 === 0) process.stderr.write(`\r${done} of ${progress.total}`)
    }
  },
})
const seconds = (performance.now() - begun) / 1000
clearInterval(sampling)
const cpu = process.cpuUsage(before)
const used = await serverUse(server.pid!)
const connection = await server.connect()
const left = await leftOn(connection)
await connection.nc.close()
for (const child of children) child.kill('SIGTERM')
await Promise.all(children.map(child => child.exitCode ?? once(child, 'exit')))
await server[Symbol.asyncDispose]()
await studio[Symbol.asyncDispose]()
database.close()
await rm(root, { recursive: true, force: true })
const ideal = (Math.ceil(report.total / workers) * milliseconds) / 1000
const third = Math.max(1, Math.floor(memory.length / 3))
process.stderr.write('\n')
console.log(
  JSON.stringify({
    ...{ workers, tasks: report.total, milliseconds, side, ahead, complete: report.complete },
    seconds: round(seconds),
    ideal,
    efficiency: round(ideal / seconds),
    perSecond: round(report.total / seconds),
    secondsToFirst: round(first / 1000),
    secondsToLast: round(last / 1000),
    producer: {
      ...{ cpuSeconds: round((cpu.user + cpu.system) / 1e6), peakMB: MB(peak) },
      // Flat: the last third is no larger than the first.
      meanMB: [memory.slice(0, third), memory.slice(-third)].map(part =>
        MB(part.reduce((a, b) => a + b, 0) / part.length),
      ),
      heldMB,
    },
    server: used,
    left,
  }),
)

/** What the server has used so far; Linux only. */
async function serverUse(pid: number) {
  const text = async (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
  const fields = (await text('stat')).replace(/^.*\) /, '').split(' ')
  const number = (from: string, name: RegExp) => Number(name.exec(from)?.[1] ?? Number.NaN)
  const [status, io] = [await text('status'), await text('io')]
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    peakMB: Math.round(number(status, /VmHWM:\s+(\d+)/) / 1000),
    writtenMB: MB(number(io, /^write_bytes: (\d+)/m)),
  }
}

function MB(bytes: number): number {
  return Math.round(bytes / 1e6)
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
