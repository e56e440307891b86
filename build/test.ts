/**
 * `npm test`: all checks: types, lint, unit and golden tests, end-to-end tests. `npm test -- FILE …` runs the given test files.
 * The last line is 'N passed, N failed, N skipped'; before it is listed what was not tested, and why.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ensureChromium } from './chromium.ts'
import { ensureNatsServer } from './nats-server.ts'
import { type Tally, unexplained } from './test-tally.ts'

const root = resolve(import.meta.dirname, '..')
const reports = mkdtempSync(join(tmpdir(), 'zihua-test-'))

function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  return status === 0
}

/** A tool that only passes or fails, such as lint, counts as one test. */
function check(name: string, command: string, args: string[]): Tally {
  console.log(`\n── ${name}`)
  const good = run(command, args)
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: [] }
}

function unitTests(files: readonly string[] = []): Tally {
  console.log('\n── unit and golden tests')
  const file = join(reports, 'vitest.json')
  const nats = files.length === 0 || files.some(name => name.includes('farm')) ? ensureNatsServer() : null
  const args = ['run', ...files, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  const good = run('vitest', args, nats ? { ZIHUA_NATS_SERVER: nats } : {})
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    testResults: { assertionResults: { status: string; fullName: string }[] }[]
  }
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'skipped' || status === 'pending')
    .map(({ fullName }) => fullName)
  // A file that could not even be loaded has no tests to count.
  return { passed: numPassedTests, failed: Math.max(numFailedTests, good ? 0 : 1), skipped }
}

function endToEnd(files: readonly string[] = []): Tally {
  console.log('\n── the studio end to end')
  const chromium = ensureChromium()
  const file = join(reports, 'playwright.json')
  const args = ['test', '-c', 'e2e/playwright.config.ts', ...files, '--reporter=list,json,./e2e/skip-reporter.ts']
  const skips = join(reports, 'skipped.json')
  const good = run('playwright', args, {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    ZIHUA_SKIPPED: skips,
    ...(chromium && { CHROMIUM: chromium }),
  })
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] }
  const { expected, unexpected, flaky } = (
    JSON.parse(readFileSync(file, 'utf8')) as {
      stats: { expected: number; unexpected: number; flaky: number }
    }
  ).stats
  const skipped = existsSync(skips) ? (JSON.parse(readFileSync(skips, 'utf8')) as string[]) : []
  return { passed: expected, failed: Math.max(unexpected + flaky, good ? 0 : 1), skipped }
}

const files = process.argv.slice(2)
const stories = files.filter(file => file.includes('e2e') || file.endsWith('.spec.ts'))
const units = files.filter(file => !stories.includes(file))
const parts = files.length
  ? [...(units.length ? [unitTests(units)] : []), ...(stories.length ? [endToEnd(stories)] : [])]
  : [
      check('types', 'tsc', ['-p', '.']),
      check('types of the renderer', 'tsc', ['-p', 'renderer']),
      check('lint', 'biome', ['check', '--error-on-warnings', '.']),
      unitTests(),
      endToEnd(),
    ]
const skipped = parts.flatMap(part => part.skipped)
const passed = parts.reduce((sum, part) => sum + part.passed, 0)
let failed = parts.reduce((sum, part) => sum + part.failed, 0)
if (skipped.length) {
  console.log(`\n── not tested here: ${skipped.length}`)
  for (const name of skipped) console.log(`   ${name}`)
}
// In CI, a test that is skipped without an allowed reason is a failure.
if (process.env['CI']) {
  const forgotten = unexplained(skipped)
  for (const name of forgotten) console.log(`skipped in CI without an allowed reason: ${name}`)
  failed += forgotten.length
}
console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`)
process.exit(failed > 0 ? 1 : 0)
