/**
 * npm run bench:start: from the start of a process to a picture on disk, as a whole.
 *   generate: `zihua generate 学习` until its file is there
 *   studio:   `zihua serve` over an empty data folder until its first picture is there
 * With another checkout of this repository (its modules installed), both in turns, and what may be concluded.
 *
 *   npm run bench:start [-- --runs 5] [--only generate|studio] [--against FOLDER] [--warm-data] [--json]
 *
 * Each run has an empty data folder, unless --warm-data keeps one. One run of each goes before and is not counted.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Comparison, compare, inTurns, line, median } from './paired.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    against: { type: 'string' },
    'warm-data': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const here = resolve(import.meta.dirname, '..')
const trees = values.against === undefined ? [here] : [resolve(values.against), here]
for (const tree of trees) {
  if (existsSync(join(tree, 'node_modules/node'))) continue
  console.error(`${tree} is no checkout whose modules are installed.`)
  process.exit(2)
}
const scratch = await mkdtemp(join(tmpdir(), 'zihua-start-'))

/** A picture of the library or the file asked for is looked for this often; it is written whole or not at all. */
const LOOK_MS = 5
const LONGEST_MS = 120_000

/** Seconds from the start of the process until a PNG is in the folder. */
async function untilPicture(tree: string, args: string[], data: string, folder: string): Promise<number> {
  const start = performance.now()
  const child = spawn(process.execPath, [join(tree, 'build/launch.mjs'), 'core/cli/cli.ts', ...args], {
    cwd: scratch,
    stdio: ['ignore', 'ignore', 'ignore'],
    // The launcher chooses by itself what this process was given by its own.
    env: { ...process.env, ZIHUA_DATA: data, NODE_COMPILE_CACHE: undefined, INIT_CWD: undefined },
  })
  const ended = once(child, 'exit')
  try {
    for (;;) {
      const names = await readdir(folder, { recursive: true }).catch(() => [])
      if (names.some(name => name.endsWith('.png'))) return (performance.now() - start) / 1000
      if (performance.now() - start > LONGEST_MS) throw new Error(`no picture after ${LONGEST_MS / 1000} s`)
      if (child.exitCode) throw new Error(`the process ended with code ${child.exitCode}`)
      await sleep(LOOK_MS)
    }
  } finally {
    if (args[0] === 'serve') child.kill('SIGTERM')
    await ended
  }
}

const WHAT: Record<string, (tree: string, data: string, out: string) => Promise<number>> = {
  generate: (tree, data, out) => untilPicture(tree, ['generate', '学习', '--out', join(out, 'x.png')], data, out),
  studio: (tree, data) => untilPicture(tree, ['serve', '--port', '0'], data, join(data, 'pictures')),
}

async function measured(what: string, tree: string, round: number): Promise<number> {
  const kept = values['warm-data'] && what === 'generate'
  const data = join(scratch, kept ? `data-${trees.indexOf(tree)}` : `data-${what}-${trees.indexOf(tree)}-${round}`)
  const out = join(scratch, 'out')
  await rm(out, { recursive: true, force: true })
  await mkdir(out)
  const seconds = await WHAT[what](tree, data, out)
  if (!kept) await rm(data, { recursive: true, force: true, maxRetries: 5 })
  return seconds
}

const results: Record<string, number[] | Comparison> = {}
try {
  if (!values.json)
    console.log(`${cpus()[0]?.model.trim()}, ${availableParallelism()} threads, load ${loadavg()[0].toFixed(1)}`)
  for (const what of values.only ? [values.only] : Object.keys(WHAT)) {
    for (const tree of trees) await measured(what, tree, -1)
    if (trees.length === 2) {
      const [a, b] = await inTurns(runs, (which, round) => measured(what, trees[which], round))
      results[what] = compare(a, b)
      if (!values.json) console.log(line(what, compare(a, b)))
    } else {
      const seconds: number[] = []
      for (let round = 0; round < runs; round++) seconds.push(await measured(what, here, round))
      results[what] = seconds
      if (!values.json)
        console.log(
          `${what.padEnd(28)} ${median(seconds).toFixed(3)} s (${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)}, ${runs} runs)`,
        )
    }
  }
  if (values.json) console.log(JSON.stringify(results))
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 })
}
