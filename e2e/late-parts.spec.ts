/** Sheets, editors and languages come after the desk: they open as if they had been there, and say so where they cannot be had. */
import { existsSync } from 'node:fs'
import { type BrowserContext, expect, type Page, type Route, test } from '@playwright/test'
import { CHROMIUM, command, type Studio, startStudio } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

let studio: Studio
let context: BrowserContext
let page: Page
test.beforeAll(async ({ browser }) => {
  studio = await startStudio()
  context = await browser.newContext()
  page = await context.newPage()
  await page.goto(studio.url)
  await page.locator('.map-picture img').nth(3).waitFor()
})
test.afterEach(() => page?.unrouteAll())
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
})

/** The desk from the start, with these files held up or lost on their way. */
async function open(files: string, meet: (route: Route) => Promise<void>): Promise<void> {
  await page.route(files, meet)
  await page.goto(new URL('/', studio.url).href)
  await page.locator('.map-picture img').nth(3).waitFor()
}

test('a sheet whose file is gone says what to do, and the desk goes on', async () => {
  await open('**/assets/QueueSheet-*.js', route => route.abort())
  await command(page, 'queue')
  await expect(page.locator('.notice')).toContainText('could not be loaded. Reload the page.')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await command(page, 'settings')
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.locator('.word-input').fill('山')
  await expect(page.locator('.word-input')).toHaveValue('山')
})

test('another language appears as a whole, when its words are there', async () => {
  let letGo = () => {}
  const held = new Promise<void>(resolve => {
    letGo = resolve
  })
  await open('**/assets/ru-*.js', async route => {
    await held
    await route.continue()
  })
  await command(page, 'language-ru')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('heading', { name: 'Maps' })).toBeVisible()
  letGo()
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru')
  await expect(page.getByRole('heading', { name: 'Карты' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Maps' })).toHaveCount(0)
  await command(page, 'language-en')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('a language that cannot be had leaves the screen as it is and says so', async () => {
  await open('**/assets/zh-*.js', route => route.abort())
  await command(page, 'language-zh')
  await expect(page.locator('.notice')).toContainText('That language could not be loaded.')
  await expect(page.getByRole('heading', { name: 'Maps' })).toBeVisible()
  await command(page, 'language-en')
})

test('a browser in Russian never sees another language', async ({ browser }) => {
  const fresh = await startStudio()
  const context = await browser.newContext({ locale: 'ru-RU' })
  try {
    const page = await context.newPage()
    // Every heading that is ever put on the screen.
    await page.addInitScript(`
      window.headings = []
      new MutationObserver(() => window.headings.push(...[...document.querySelectorAll('h2')].map(h => h.textContent)))
        .observe(document, { childList: true, subtree: true })`)
    await page.goto(fresh.url)
    await page.locator('.map-picture img').nth(3).waitFor()
    const headings = (await page.evaluate('window.headings')) as string[]
    expect(headings).toContain('Карты')
    expect(headings.filter(text => /^[A-Za-z ]+$/.test(text))).toEqual([])
    // Nor after a reload, nor once another setting was written; what is chosen counts from then on.
    await page.reload()
    await page.locator('.map-picture img').nth(3).waitFor()
    await expect(page.getByRole('heading', { name: 'Карты' })).toBeVisible()
    await command(page, 'theme-dark')
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Карты' })).toBeVisible()
    await command(page, 'language-en')
    await expect(page.getByRole('heading', { name: 'Maps' })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Maps' })).toBeVisible()
  } finally {
    await context.close()
    await fresh.stop()
  }
})
