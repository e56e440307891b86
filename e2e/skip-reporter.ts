import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** Says why a test was skipped, which the list reporter keeps to itself. */
export default class SkipReporter implements Reporter {
  onTestEnd({ title, annotations }: TestCase, { status }: TestResult): void {
    if (status !== 'skipped') return
    const reason = annotations.find(({ type }) => type === 'skip')?.description
    console.log(`    skipped: ${title}${reason ? `: ${reason}` : ''}`)
  }
}
