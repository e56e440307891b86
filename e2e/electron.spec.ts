/** The desktop app in Electron itself: only what Chromium alone cannot show. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test'
import { hasDesktop } from '../core/server/invitation.ts'
import { ensureRenderer } from '../core/server/renderer-build.ts'
import { bundleElectron } from '../electron/bundle.ts'
import { findElectron } from '../electron/find-electron.ts'
import { setSteps } from './studio.ts'

const root = resolve(import.meta.dirname, '..')
const program = findElectron(resolve(root, 'node_modules/electron'))

test.describe.configure({ mode: 'serial' })
test.skip(!program, "Electron's program is not installed; npx install-electron fetches it")
test.skip(!hasDesktop({ ...process.env, CI: '' }), 'there is no display for a window')

let app: ElectronApplication
let page: Page
let data: string

test.beforeAll(async () => {
  await ensureRenderer()
  data = mkdtempSync(join(tmpdir(), 'zihua-electron-'))
  app = await _electron.launch({
    executablePath: program ?? '',
    args: [await bundleElectron(resolve(root, 'out'))],
    env: { ...process.env, ZIHUA_DATA: data } as Record<string, string>,
  })
  page = await app.firstWindow()
})

test.afterAll(async () => {
  await app?.close()
  if (data) rmSync(data, { recursive: true, force: true })
})

test('a word becomes a picture in the window', async () => {
  await expect(page.getByRole('textbox', { name: 'Word', exact: true })).toBeEditable()
  await expect(page.locator('.frame')).toHaveCount(1)
  await setSteps(page, 2)
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.frame')).toHaveCount(2)
})

test('the page has no Node, no other origin and no second window', async () => {
  expect(await page.evaluate('typeof require + typeof process')).toBe('undefinedundefined')
  expect(await page.evaluate('window.open("https://example.org") === null')).toBe(true)
  await page.evaluate('location.href = "https://example.org"').catch(() => {})
  await expect(page.getByRole('textbox', { name: 'Word', exact: true })).toBeVisible()
  expect(app.windows()).toHaveLength(1)
})

test('there is a menu, and the app holds the lock that makes it the only one', async () => {
  const items = await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.length ?? 0)
  expect(items).toBeGreaterThan(3)
  expect(await app.evaluate(({ app }) => app.requestSingleInstanceLock())).toBe(true)
})
