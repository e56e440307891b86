/**
 * `npm run attack`: everything that is tried against the studio from outside, one after another, bounded and seeded, in
 * less than ten minutes:
 *
 *     npm run attack [-- SHARE]      default 1; 0.1 tries a tenth of the mutated calls and files and of the kills
 *     npm run attack -- --full       100,000 calls, 20,000 files of each kind, 100 kills: an hour or two
 *
 * Prints a table of what was tried and whether it was survived; fails if anything was not. Each line can be repeated by
 * itself with the command in it.
 */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const full = process.argv.includes('--full')
const share = Number(process.argv.slice(2).find(argument => argument !== '--full') ?? 1)
if (!(share > 0 && share <= 1)) throw new Error('The share is more than 0 and 1 at most.')
const times = (count: number, whole: number) => String(Math.max(1, Math.round((full ? whole : count) * share)))
/** Of one attack: a hang is a failure. The set with kills takes most of it, and four minutes were too few on a busy machine. */
const LONGEST_MS = full ? 3_600_000 : 360_000

const VITEST = ['node_modules/vitest/vitest.mjs', 'run']
const ATTACKS: readonly (readonly [what: string, args: readonly string[]])[] = [
  ['records in pictures that name devices, pipes, shares', [...VITEST, 'core/library/stranger.test.ts']],
  ['hostile pictures and their texts', [...VITEST, 'core/pictures', 'core/image/foreign/foreign-door.test.ts']],
  ['hostile fonts', [...VITEST, 'core/glyph/font-door.test.ts']],
  ['foreign pages, hosts, cookies without the key, silent sockets', [...VITEST, 'core/server/serve.test.ts']],
  [
    'calls of the Writing Service',
    [...VITEST, 'core/server/service/attacks.test.ts', 'core/server/service/answers.test.ts'],
  ],
  [
    'full disk, locked and damaged databases, bad rows',
    [...VITEST, 'core/queue/trouble.test.ts', 'core/host/trouble.test.ts'],
  ],
  ['clocks that are set, machines that sleep', [...VITEST, 'core/queue/clock.test.ts']],
  ['mutated calls', ['build/fuzz-calls.ts', times(5000, 100_000), '1']],
  ...['weights', 'pictures', 'fonts', 'sets', 'styles', 'settings', 'databases'].map(
    kind => [`damaged ${kind}`, ['build/fuzz-files.ts', times(1000, 20_000), '1', kind]] as const,
  ),
  ['kills of host and inference during a set', ['build/kill-test.ts', times(20, 100), '1']],
]

let failed = 0
for (const [what, args] of ATTACKS) {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, NO_COLOR: '1' },
  })
  const survived = status === 0
  if (!survived) failed++
  const tests = /Tests +(.*)/.exec(stdout)?.[1] ?? stdout.trim().split('\n').at(-1)?.slice(0, 120) ?? ''
  const seconds = Math.round((performance.now() - start) / 1000)
  console.log(`${survived ? 'survived' : 'FAILED  '}  ${what}: ${tests} (${seconds} s)   node ${args.join(' ')}`)
  if (!survived) console.error(`${stdout.slice(-3000)}\n${stderr.slice(-3000)}`)
}
process.exitCode = failed === 0 ? 0 : 1
