import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase } from 'vitest/node'

/** Names the tests that passed at their second try only; build/test.ts repeats them at the end. */
export default class SecondTryReporter implements Reporter {
  readonly #names: string[] = []

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#names.push(`${test.module.relativeModuleId}: ${test.fullName}`)
  }

  onTestRunEnd(): void {
    const file = process.env['ZIHUA_SECOND_TRIES']
    if (file) writeFileSync(file, JSON.stringify(this.#names))
  }
}
