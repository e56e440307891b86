/** Everything that must hold: types, lint, unit and golden tests, the studio end to end. The last line is 'N passed, N failed'. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const reports = mkdtempSync(join(tmpdir(), 'zihua-test-'))

interface Tally {
  passed: number
  failed: number
  skipped: number
}

function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  return status === 0
}

/** A tool that only says yes or no counts as one test. */
function check(name: string, command: string, args: string[]): Tally {
  console.log(`\n── ${name}`)
  const good = run(command, args)
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 }
}

function vitest(): Tally {
  console.log('\n── unit and golden tests')
  const file = join(reports, 'vitest.json')
  const good = run('vitest', ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`])
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    testResults: { status: string; assertionResults: { status: string; fullName: string }[] }[]
  }
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'skipped' || status === 'pending'),
  )
  for (const { fullName } of skipped) console.log(`skipped: ${fullName}`)
  // A file that could not even be loaded has no tests to count.
  const failed = Math.max(numFailedTests, good ? 0 : 1)
  return { passed: numPassedTests, failed, skipped: numPendingTests }
}

function endToEnd(): Tally {
  console.log('\n── the studio end to end')
  const file = join(reports, 'playwright.json')
  const args = ['test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json,./e2e/skip-reporter.ts']
  const good = run('playwright', args, { PLAYWRIGHT_JSON_OUTPUT_NAME: file })
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  }
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: Math.max(unexpected + flaky, good ? 0 : 1), skipped }
}

const parts = [
  check('types', 'tsc', ['-p', '.']),
  check('types of the renderer', 'tsc', ['-p', 'renderer']),
  check('lint', 'biome', ['check', '--error-on-warnings', '.']),
  vitest(),
  endToEnd(),
]
const total = (key: keyof Tally) => parts.reduce((sum, part) => sum + part[key], 0)
console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`)
process.exit(total('failed') > 0 ? 1 : 0)
