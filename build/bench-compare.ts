/**
 * npm run bench:compare A B [-- options of npm run bench]: two configurations in turns, stage by stage: medians, spread, and
 * a verdict only beyond the noise (paired.ts). A and B are settings of the environment, another checkout, or both:
 *
 *   npm run bench:compare ZIHUA_ENGINE=npm ZIHUA_ENGINE= -- --size draft --steps 4
 *   npm run bench:compare ../before . -- --size mid --rounds 7
 *   npm run bench:compare "../before ZIHUA_ENGINE=npm" . -- --size draft
 *
 *   --rounds 6   how often each is run, in a process of its own; 5 are the least for a verdict
 *   --least 0.01 the smallest difference that counts
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { compare, inTurns, line } from './paired.ts'

interface Configuration {
  tree: string
  env: Record<string, string>
}

const here = resolve(import.meta.dirname, '..')
const given = process.argv.slice(2)
const [first, second, ...rest] = given.filter(word => word !== '--')
if (!first || !second || first.startsWith('--')) {
  console.error(
    'Give two configurations: settings (NAME=VALUE), a checkout, or both in quotes. See the head of this file.',
  )
  process.exit(2)
}
const [rounds, least] = [Number(take('--rounds') ?? 6), Number(take('--least') ?? 0.01)]
const configurations = [read(first), read(second)] as const

/** An option of this command, taken out of what goes on to the bench. */
function take(name: string): string | undefined {
  const at = rest.indexOf(name)
  return at < 0 ? undefined : rest.splice(at, 2)[1]
}

function read(words: string): Configuration {
  const parts = words.split(' ').filter(Boolean)
  const env = Object.fromEntries(parts.filter(part => part.includes('=')).map(part => part.split(/=(.*)/s).slice(0, 2)))
  const tree = resolve(process.env['INIT_CWD'] ?? process.cwd(), parts.find(part => !part.includes('=')) ?? here)
  if (existsSync(join(tree, 'build/bench.ts')) && existsSync(join(tree, 'node_modules/node'))) return { tree, env }
  console.error(`${tree} is no checkout of this repository whose modules are installed.`)
  process.exit(2)
}

/** Seconds by stage of one process: a warm picture, and what the first one took to load. */
async function measure({ tree, env }: Configuration): Promise<Record<string, number>> {
  const args = [join(tree, 'build/bench.ts'), '--runs', '1', ...rest, '--json']
  const node = join(tree, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const child = spawn(node, args, { cwd: tree, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`the bench ended with code ${code}`)
  const sizes = JSON.parse(out) as { what: string; seconds: Record<string, number>; peakGiB: number }[]
  return Object.fromEntries(
    sizes.flatMap(({ what, seconds, peakGiB }) =>
      Object.entries({ ...seconds, 'peak GiB': peakGiB }).map(([stage, value]) => [
        sizes.length > 1 ? `${what}: ${stage}` : stage,
        value,
      ]),
    ),
  )
}

console.log(
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} threads, load ${loadavg()[0].toFixed(1)}; ${rounds} rounds in turns; bench ${rest.join(' ')}`,
)
console.log(`A: ${first}\nB: ${second}`)
const [a, b] = await inTurns(rounds, which => measure(configurations[which]))
for (const stage of Object.keys(a[0])) {
  const of = (results: Record<string, number>[]) => results.map(seconds => seconds[stage])
  console.log(line(stage, compare(of(a), of(b), least), stage.endsWith('GiB') ? 'GiB' : 's'))
}
