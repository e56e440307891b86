import { defineConfig } from '@playwright/test'
import { needOwnNode } from '../build/node-version.mjs'
import { CHROMIUM, CHROMIUM_ARGUMENTS } from './studio.ts'

needOwnNode('playwright')

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './build-renderer.ts',
  // The tests of a file share a host and a browser and follow each other.
  workers: 1,
  timeout: 480_000,
  // Before build/test.ts ends the run (LIMIT there): what failed until then is named, the rest is given as not run.
  globalTimeout: process.env['CI'] ? 32 * 60_000 : 0,
  // Generous: nothing here is about speed, and a busy machine is slow.
  expect: { timeout: 120_000 },
  // As for the unit tests: vitest.config.ts.
  retries: process.env['CI'] ? 1 : 0,
  forbidOnly: true,
  reporter: [['list'], ['./outcome-reporter.ts']],
  use: {
    // What cannot be clicked within this time never can.
    actionTimeout: 120_000,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    colorScheme: 'light',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS },
  },
})
