/** No finished work is lost when the inference process, or the host itself, is killed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { CHROMIUM, command, type Studio, setSteps, startStudio } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

const data = mkdtempSync(join(tmpdir(), 'zihua-crash-'))
let studio: Studio
let context: BrowserContext
let page: Page

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext()
  await open()
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
  rmSync(data, { recursive: true, force: true })
})

async function open(port = 0): Promise<void> {
  studio = await startStudio(data, port)
  page = await context.newPage()
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
}

const frames = () => page.locator('.frame img')
const jobs = () => page.locator('.job')
const working = () => page.locator('.progress [role=status]')

test('the inference process is killed in the middle of a picture; the next one is painted', async () => {
  await expect(frames()).toHaveCount(1)
  await setSteps(page, 60)
  await command(page, 'generate')
  await expect(working()).toHaveText(/Step \d+ of 60/)
  const pid = await studio.inference()
  expect(pid).toBeGreaterThan(0)
  process.kill(pid, 'SIGKILL')
  await command(page, 'queue')
  await expect(jobs().first()).toContainText('The inference process was ended by SIGKILL in the middle of the picture.')
  await page.keyboard.press('Escape')
  await setSteps(page, 2)
  await command(page, 'generate')
  await expect(frames()).toHaveCount(2)
  expect(await studio.inference()).not.toBe(pid)
})

test('the host is killed with one job running and one waiting; both are there again, and so is what was made', async () => {
  await page.locator('.toolbar').getByRole('button', { name: '3 stars' }).click()
  await setSteps(page, 60)
  await command(page, 'generate')
  await expect(working()).toHaveText(/Step \d+ of 60/)
  await setSteps(page, 2)
  await command(page, 'generate')
  await command(page, 'queue')
  await expect(jobs().filter({ hasText: 'Waiting' })).toHaveCount(1)
  await page.keyboard.press('Escape')
  const port = Number(new URL(studio.url).port)
  await studio.kill()
  await expect(page.locator('.lost')).toBeVisible()
  await page.close()

  await open(port)
  await expect(frames()).toHaveCount(2)
  await expect(page.getByRole('textbox', { name: 'Steps' })).toHaveValue('2')
  await expect(page.locator('.toolbar').getByRole('button', { name: '3 stars' })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await command(page, 'queue')
  await expect(jobs().filter({ hasText: 'Running' })).toHaveCount(1)
  await expect(jobs().filter({ hasText: 'Waiting' })).toHaveCount(1)
  await expect(jobs().filter({ hasText: 'ended by SIGKILL' })).toHaveCount(1)
  await page.keyboard.press('Escape')
  // The long job is cancelled, the short one behind it is made.
  await page.keyboard.press('Escape')
  await command(page, 'queue')
  await expect(jobs().filter({ hasText: 'Cancelled' })).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(frames()).toHaveCount(3)
})
