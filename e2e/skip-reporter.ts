import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** Says why a test was skipped, which the list reporter keeps to itself; build/test.ts repeats it at the end. */
export default class SkipReporter implements Reporter {
  readonly #skipped: string[] = []

  onTestEnd({ title, annotations }: TestCase, { status }: TestResult): void {
    if (status !== 'skipped') return
    const reason = annotations.find(({ type }) => type === 'skip')?.description
    this.#skipped.push(`${title}${reason ? `: ${reason}` : ''}`)
    console.log(`    skipped: ${this.#skipped.at(-1)}`)
  }

  onEnd(): void {
    const file = process.env['ZIHUA_SKIPPED']
    if (file) writeFileSync(file, JSON.stringify(this.#skipped))
  }
}
