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
  // Generous: nothing here is about speed, and a busy machine is slow.
  expect: { timeout: 120_000 },
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
