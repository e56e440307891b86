/**
 * `npm test`: all checks: types, lint, unit and golden tests, end-to-end tests, the packed studio. `npm test -- FILE …` runs the given test files.
 * The last line is 'N passed, N failed, N skipped'; before it is listed what was not tested, and why.
 */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ensureChromium } from './chromium.ts'
import { ensureNatsServer } from './nats-server.ts'
import { runPart } from './runner.ts'
import { NOTHING, type Tally, unexplained } from './test-tally.ts'

const root = resolve(import.meta.dirname, '..')
const reports = mkdtempSync(join(tmpdir(), 'zihua-test-'))

/** Longest times of the parts, in ms: two to three times what they take on two idle cores. All together: 85 minutes. */
const LIMIT = { check: 3 * 60_000, pack: 6 * 60_000, units: 36 * 60_000, stories: 34 * 60_000 }

/** @returns what went wrong, or null */
async function run(
  [command, ...args]: [string, ...string[]],
  { timeout, report, env }: { timeout: number; report?: string; env?: Record<string, string> },
): Promise<string | null> {
  const limits = { timeout, ...(report && { report }) }
  const end = await runPart(command, args, limits, { cwd: root, env: { ...process.env, ...env } })
  return end === 0 ? null : typeof end === 'number' ? `ended with ${end}` : end
}

/** A tool that only passes or fails, such as lint, counts as one test. */
async function check(name: string, command: [string, ...string[]], timeout = LIMIT.check): Promise<Tally> {
  console.log(`\n── ${name}`)
  const wrong = await run(command, { timeout })
  return { ...NOTHING, passed: wrong ? 0 : 1, failed: wrong ? [`${name} ${wrong}`] : [] }
}

const read = <T>(file: string, otherwise: T): T =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : otherwise

async function unitTests(files: readonly string[] = []): Promise<Tally> {
  console.log('\n── unit and golden tests')
  const file = join(reports, 'vitest.json')
  const nats = files.length === 0 || files.some(name => name.includes('farm')) ? ensureNatsServer() : null
  const secondTries = join(reports, 'second-tries.json')
  const reporters = ['dot', 'json', './build/second-try-reporter.ts'].map(name => `--reporter=${name}`)
  const args = ['run', ...files, ...reporters, `--outputFile.json=${file}`]
  const env = { ZIHUA_SECOND_TRIES: secondTries, ...(nats && { ZIHUA_NATS_SERVER: nats }) }
  const wrong = await run(['vitest', ...args], { timeout: LIMIT.units, report: secondTries, env })
  const results = read<VitestReport | null>(file, null)
  if (!results) return { ...NOTHING, failed: [`unit and golden tests: no report; vitest ${wrong}`] }
  const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults)
  const named = (...states: string[]) =>
    tests.filter(({ status }) => states.includes(status)).map(({ fullName }) => fullName)
  // A file that could not even be loaded has no tests to count.
  const unloaded = results.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.length,
  )
  const failed = [...named('failed'), ...unloaded.map(({ name }) => name)]
  return {
    passed: named('passed').length,
    failed: failed.length || !wrong ? failed : [`unit and golden tests: vitest ${wrong}`],
    skipped: named('skipped', 'pending'),
    secondTry: read<string[]>(secondTries, []),
  }
}

interface VitestReport {
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[]
}

async function endToEnd(files: readonly string[] = []): Promise<Tally> {
  console.log('\n── the studio end to end')
  const chromium = ensureChromium()
  const outcomes = join(reports, 'stories.json')
  const args = ['test', '-c', 'e2e/playwright.config.ts', ...files, '--reporter=list,./e2e/outcome-reporter.ts']
  const env = { ZIHUA_OUTCOMES: outcomes, ...(chromium && { CHROMIUM: chromium }) }
  const wrong = await run(['playwright', ...args], { timeout: LIMIT.stories, report: outcomes, env })
  const tally = read<Tally | null>(outcomes, null)
  if (!tally) return { ...NOTHING, failed: [`the studio end to end: no report; playwright ${wrong}`] }
  return { ...tally, failed: tally.failed.length || !wrong ? tally.failed : [`the studio end to end: ${wrong}`] }
}

const files = process.argv.slice(2)
const stories = files.filter(file => file.includes('e2e') || file.endsWith('.spec.ts'))
const units = files.filter(file => !stories.includes(file))
const parts: Tally[] = []
if (files.length) {
  if (units.length) parts.push(await unitTests(units))
  if (stories.length) parts.push(await endToEnd(stories))
} else {
  parts.push(await check('types', ['tsc', '-p', '.']))
  parts.push(await check('types of the renderer', ['tsc', '-p', 'renderer']))
  parts.push(await check('lint', ['biome', 'check', '--error-on-warnings', '.']))
  parts.push(await unitTests())
  parts.push(await endToEnd())
  // Last: what it packs leaves compressed data behind, which the studio then reads.
  parts.push(await check('the packed studio', ['node', 'build/test-pack.ts'], LIMIT.pack))
}
const passed = parts.reduce((sum, part) => sum + part.passed, 0)
const skipped = parts.flatMap(part => part.skipped)
const secondTry = parts.flatMap(part => part.secondTry)
// In CI, a test that is skipped without an allowed reason is a failure.
const forgotten = process.env['CI'] ? unexplained(skipped) : []
const failed = [
  ...parts.flatMap(part => part.failed),
  ...forgotten.map(name => `skipped in CI without an allowed reason: ${name}`),
]
for (const [title, names] of [
  ['not tested here', skipped],
  ['passed at the second try only, a fault of the test or of the studio', secondTry],
  ['failed', failed],
] as const)
  if (names.length) console.log(`\n── ${title}: ${names.length}\n${names.map(name => `   ${name}`).join('\n')}`)
console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`)
process.exit(failed.length > 0 ? 1 : 0)
