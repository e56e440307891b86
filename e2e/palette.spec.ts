/** A palette on the desk, and larger versions of a picture. */
import { existsSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { CHROMIUM, complaintsOf, hasModel, type Studio, startStudio, unforeseen, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!hasModel, 'needs models/draft or ZIHUA_FIXTURES with sdxl/pipeline')

let studio: Studio
let page: Page
let complaints: string[]

test.beforeAll(async ({ browser }) => {
  studio = await startStudio()
  page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage()
  complaints = complaintsOf(page)
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
  await expect(page.locator('.frame img')).toHaveCount(1)
})
test.afterAll(async () => {
  await page?.context().close()
  await studio?.stop()
})

const colours = () => page.locator('.compose .section', { has: page.getByRole('heading', { name: 'Colours' }) })

test('colours are taken from the style, changed by keys, and said in the prompt', async () => {
  await colours().getByRole('button', { name: 'From the style' }).press('Enter')
  await expect(colours().locator('.colour')).toHaveCount(5)
  for (let left = 5; left > 2; left--)
    await colours()
      .getByRole('button', { name: `Remove colour ${left}` })
      .press('Enter')
  for (const [at, hex] of ['#1d4fc4', '#f2c230'].entries()) {
    const field = colours().getByRole('textbox', { name: `Colour ${at + 1}, #rrggbb` })
    await field.fill(hex)
    await field.press('Enter')
  }
  await colours().getByRole('checkbox', { name: 'Hold the colours' }).press('Space')
  await expect(page.locator('.compose p.prompt').first()).toContainText('blue and yellow')
  expect(await violations(page)).toEqual([])
})

test('colours are taken from the picture on the stage', async () => {
  await colours().getByRole('button', { name: 'From the picture' }).press('Enter')
  await expect(colours().getByRole('textbox', { name: 'Colour 1, #rrggbb' })).not.toHaveValue('#1d4fc4')
  // The hold that was asked for stays.
  await expect(colours().getByRole('checkbox', { name: 'Hold the colours' })).toBeChecked()
})

test('a larger version is asked for in the picture’s menu', async () => {
  await page.getByRole('button', { name: 'More about this picture' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Larger', exact: true }).press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Paint again at 4096', exact: true })).toBeVisible()
  await page.getByRole('menuitem', { name: 'Only enlarge to 2048', exact: true }).press('Enter')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(page.locator('.frame img')).toHaveCount(2)
  await page.locator('.frame').first().click()
  const side = () => page.evaluate(`[...document.querySelectorAll('.sheet-of-paper > img')].at(-1)?.naturalWidth`)
  await expect.poll(side, { timeout: 60_000 }).toBe(2048)
  expect(unforeseen(complaints)).toEqual([])
})
