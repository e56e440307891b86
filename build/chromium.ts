/** Where a Chromium is that the browser stories, the screenshots and the benchmarks of the page can drive. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Playwright's own browsers. Source: playwright-core, server/registry. */
const REGISTRY =
  process.env['PLAYWRIGHT_BROWSERS_PATH'] ??
  {
    linux: join(homedir(), '.cache/ms-playwright'),
    darwin: join(homedir(), 'Library/Caches/ms-playwright'),
    win32: join(process.env['LOCALAPPDATA'] ?? homedir(), 'ms-playwright'),
  }[process.platform as string]

/** What CHROMIUM names, the system's, or Playwright's headless shell; null where there is none. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM']
  if (named) return existsSync(named) ? named : null
  return INSTALLED.find(path => existsSync(path)) ?? headlessShell()
}

function headlessShell(): string | null {
  if (!REGISTRY || !existsSync(REGISTRY)) return null
  for (const folder of readdirSync(REGISTRY).filter(name => name.startsWith('chromium_headless_shell'))) {
    const files = readdirSync(join(REGISTRY, folder), { recursive: true, encoding: 'utf8' })
    const shell = files.find(file => /(^|[\\/])(chrome-)?headless[-_]shell(\.exe)?$/.test(file))
    if (shell) return join(REGISTRY, folder, shell)
  }
  return null
}

/** Finds a Chromium, or has Playwright fetch its own (about 100 MB, once). @returns null where neither can be had */
export function ensureChromium(): string | null {
  const found = findChromium()
  if (found || process.env['CHROMIUM']) return found
  console.log('No Chromium here; Playwright fetches its own …')
  const playwright = resolve(import.meta.dirname, '../node_modules/@playwright/test/cli.js')
  spawnSync(process.execPath, [playwright, 'install', 'chromium', '--only-shell'], { stdio: 'inherit' })
  return findChromium()
}
