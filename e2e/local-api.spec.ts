/** Other programs of this computer: the switch in the settings, what they reach then, and the studio's status. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { CHROMIUM, command, fillLibrary, type Studio, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

const data = mkdtempSync(join(tmpdir(), 'zihua-local-api-'))
let studio: Studio
let context: BrowserContext
let page: Page

test.beforeAll(async ({ browser }) => {
  await fillLibrary(data, ['学习', '山'])
  studio = await startStudio(data)
  context = await browser.newContext({ reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] })
  page = await context.newPage()
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
  rmSync(data, { recursive: true, force: true })
})

const freePort = () =>
  new Promise<number>(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** As a program of this computer asks; null where nobody listens. */
const health = (port: number, token?: string) =>
  fetch(`http://127.0.0.1:${port}/health`, { headers: token ? { authorization: `Bearer ${token}` } : {} }).then(
    answer => answer.status,
    () => null,
  )

const group = () => page.getByRole('group', { name: 'Other programs' })

test('programs are let in, asked for a token, and shut out again', async () => {
  const port = await freePort()
  await command(page, 'settings')
  const allow = group().getByLabel('Programs of this computer may use the studio')
  await expect(allow).not.toBeChecked()
  await allow.check()
  const field = group().getByLabel('Port')
  await expect(field).toHaveValue('8600')
  await field.fill(String(port))
  await field.press('Enter')
  await expect(group().getByRole('status').last()).toContainText(`They call http://127.0.0.1:${port}.`)
  expect(await health(port)).toBe(200)

  await group().getByLabel('Ask them for a token').check()
  await group().getByRole('button', { name: 'Copy token' }).click()
  await expect(group().getByRole('button', { name: 'Copied' })).toBeVisible()
  const token = await page.evaluate<string>('navigator.clipboard.readText()')
  expect(token).toMatch(/^[\w-]{43}$/)
  await expect(group().locator('code')).toHaveText(token)
  await expect.poll(() => health(port)).toBe(401)
  expect(await health(port, token)).toBe(200)
  expect(await violations(page)).toEqual([])
  // The token is kept in the data folder, not in the browser.
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(token)

  await page.reload()
  await page.locator('.word-input').waitFor()
  await command(page, 'settings')
  await expect(group().locator('code')).toHaveText(token)
  await allow.uncheck()
  await expect.poll(() => health(port, token)).toBeNull()
})

test('a port that is taken is told, and another one helps', async () => {
  const other = createServer()
  await new Promise<void>(done => other.listen(0, '127.0.0.1', done))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await group().getByLabel('Programs of this computer may use the studio').check()
  const field = group().getByLabel('Port')
  await field.fill(String(port))
  await field.press('Enter')
  await expect(group().getByRole('alert')).toContainText(String(port))
  const free = await freePort()
  await field.fill(String(free))
  await field.press('Enter')
  await expect(group().getByRole('alert')).toHaveCount(0)
  await expect.poll(() => health(free)).toBe(200)
  await group().getByLabel('Programs of this computer may use the studio').uncheck()
  await expect.poll(() => health(free)).toBeNull()
  await new Promise(done => other.close(done))
})

test('the status shows models, queue, the last pictures, memory and disk', async () => {
  await page.getByRole('button', { name: 'Status' }).click()
  const sheet = page.getByRole('dialog', { name: 'Status' })
  await expect(sheet).toContainText('0 running, 0 waiting')
  await expect(sheet).toContainText('Draft')
  await expect(sheet).toContainText('the processor')
  await expect(sheet).toContainText(/\d[^ ]* (GB|TB) free/)
  await expect(sheet.locator('.status-recent li')).toHaveCount(2)
  await expect(sheet.getByRole('img', { name: /Memory over the last hour/ })).toBeVisible({ timeout: 20_000 })
  expect(await violations(page)).toEqual([])
  await sheet.locator('.status-picture').first().click()
  await expect(sheet).toHaveCount(0)
})

test('while the studio does not answer, the status says so once', async () => {
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await page.getByRole('button', { name: 'Status' }).click()
  const sheet = page.getByRole('dialog', { name: 'Status' })
  await expect(sheet).toContainText('0 running, 0 waiting')
  let asked = 0
  await page.route('**/rpc/studio/status', route => {
    asked++
    return route.abort()
  })
  await sheet.getByRole('button', { name: 'Dismiss' }).click()
  const before = asked
  await expect.poll(() => asked).toBeGreaterThan(before + 1)
  await expect(sheet.locator('.notice')).toHaveCount(0)
  await page.unroute('**/rpc/studio/status')
})
