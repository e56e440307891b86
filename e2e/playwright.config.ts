import { defineConfig } from '@playwright/test'
import { needOwnNode } from '../build/node-version.mjs'
import { CHROMIUM, CHROMIUM_ARGUMENTS } from './studio.ts'

needOwnNode('playwright')

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './build-renderer.ts',
  // One host, one browser, one story: the tests of a file follow each other.
  workers: 1,
  timeout: 240_000,
  // A busy machine paints slowly; nothing here is about speed.
  expect: { timeout: 60_000 },
  forbidOnly: true,
  reporter: [['list'], ['./skip-reporter.ts']],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    colorScheme: 'light',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS },
  },
})
