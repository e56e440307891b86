import { writeFileSync } from 'node:fs'
import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter'
import { NOTHING, type Tally } from '../build/test-tally.ts'

/** Says why a test was skipped, which the list reporter keeps to itself, and counts for build/test.ts. */
export default class OutcomeReporter implements Reporter {
  #stories: Suite | null = null

  onBegin(_config: FullConfig, stories: Suite): void {
    this.#stories = stories
  }

  onTestEnd(test: TestCase, { status }: TestResult): void {
    if (status === 'skipped') console.log(`    skipped: ${nameWithReason(test)}`)
  }

  onEnd(): void {
    const file = process.env['ZIHUA_OUTCOMES']
    if (file) writeFileSync(file, JSON.stringify(tallyOf(this.#stories?.allTests() ?? [])))
  }
}

function tallyOf(tests: readonly TestCase[]): Tally {
  const named = (outcome: ReturnType<TestCase['outcome']>) =>
    tests.filter(test => test.outcome() === outcome).map(nameWithReason)
  const passed = named('expected').length + named('flaky').length
  return { ...NOTHING, passed, failed: named('unexpected'), skipped: named('skipped'), secondTry: named('flaky') }
}

function nameWithReason({ title, annotations }: TestCase): string {
  const reason = annotations.find(({ type }) => type === 'skip')?.description
  return `${title}${reason ? `: ${reason}` : ''}`
}
