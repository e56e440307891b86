/**
 * What a farm costs beside lanes: `npm run bench:farm:cost [-- --pictures 60 --size 256 --steps 8 --rounds 3]`. The same set with the
 * draft model by turns in one process on this machine's lanes, and on a farm whose server and only worker are on this machine too.
 * Both begin without a loaded model. Prints the ratios of time, and of processor time (all processes with their
 * starts; Linux), which other work on the machine disturbs less.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { NATS_SERVER, NEEDS_SERVER, TestServer, TOKEN } from '../../core/farm/testing-server.ts'
import { contentsOf } from '../../core/sets/testing-contents.ts'
import { compare, inTurns, line } from '../paired.ts'

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: '60' },
    size: { type: 'string', default: '256' },
    steps: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
  },
})
if (!NATS_SERVER) throw new Error(NEEDS_SERVER)
const words = ['学', 'love', 'мир', '水', '火']
const [pictures, side, steps, rounds] = [values.pictures, values.size, values.steps, values.rounds].map(Number) as [
  number,
  number,
  number,
  number,
]
const set = {
  ...{ name: 'cost', words, count: Math.ceil(pictures / words.length), sheet: false },
  request: { width: side, height: side, steps },
}
const place = (role: string) => join(import.meta.dirname, `../../core/farm/testing-${role}.ts`)
const root = await mkdtemp(join(tmpdir(), 'zihua-farm-cost-'))
const results = await inTurns(rounds, async (which, round) => {
  const result = await measured(`${round}-${which}`, which === 1)
  console.error(
    `${which === 0 ? 'lanes' : 'farm'} ${result.seconds.toFixed(1)} s, processor ${result.processor.toFixed(1)} s`,
  )
  return result
})
const [alone, farm] = results.map(all => all.map(({ contents }) => contents))
console.log(`byte-identical: ${isDeepStrictEqual(alone, farm)}`)
for (const what of ['seconds', 'processor'] as const) {
  const [a, b] = results.map(all => all.map(result => result[what])) as [number[], number[]]
  console.log(line(`${pictures} pictures of ${side}², ${steps} steps, lanes and farm, ${what}`, compare(a, b)))
}
await rm(root, { recursive: true, force: true })

async function measured(name: string, onFarm: boolean) {
  const before = await processorOfChildren()
  const server = onFarm ? await TestServer.start(join(root, name, 'server')) : null
  const folder = join(root, name, 'set')
  const address = server ? [server.url, TOKEN] : ['', '']
  const worker = server ? start('worker', [join(root, name, 'worker'), ...address, 'worker', '60000']) : null
  const producer = start('producer', [join(root, name, 'data'), ...address, folder, JSON.stringify(set)])
  let [begun, ended] = [0, 0]
  for await (const text of createInterface({ input: producer.stdout! })) {
    const line = JSON.parse(text) as { started?: number; report?: { complete: boolean } }
    if (line.started) begun = performance.now()
    if (line.report) ended = performance.now()
    if (line.report?.complete === false) throw new Error('The set is not complete.')
  }
  await Promise.all([gone(producer), worker && gone(worker, 'SIGTERM')])
  await server?.[Symbol.asyncDispose]()
  const contents = await contentsOf(folder)
  return { contents, seconds: (ended - begun) / 1000, processor: (await processorOfChildren()) - before }
}

function start(role: 'worker' | 'producer', args: string[]): ChildProcess {
  return spawn(process.execPath, [place(role), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function gone(child: ChildProcess, signal?: 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  if (signal) child.kill(signal)
  child.stdout?.resume()
  await exit
}

/** Seconds of all descendants that have ended; NaN but on Linux. */
async function processorOfChildren(): Promise<number> {
  const text = await readFile('/proc/self/stat', 'utf8').catch(() => '')
  const fields = text.replace(/^.*\) /s, '').split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}
