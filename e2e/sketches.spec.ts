/** Painting as one types: a sketch appears by itself, belongs to no picture, gives way, and Generate paints the same in full. */
import { existsSync } from 'node:fs'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { CHROMIUM, command, hasModel, type Studio, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!hasModel, 'needs models/draft or ZIHUA_FIXTURES with sdxl/pipeline')

let studio: Studio
let context: BrowserContext
let page: Page

test.beforeAll(async ({ browser }) => {
  studio = await startStudio()
  context = await browser.newContext({ reducedMotion: 'reduce' })
  page = await context.newPage()
  await page.goto(studio.url)
  await expect(frames()).toHaveCount(1)
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
})

const frames = () => page.locator('.frame img')
const toolbar = () => page.getByRole('toolbar', { name: 'Picture' })
const sketchTag = () => toolbar().getByText('Sketch', { exact: true })
/** What the stage shows, by its address. */
const shown = () => page.locator('.sheet-of-paper img').last().getAttribute('src')
const seed = () => page.getByRole('textbox', { name: 'Seed', exact: true })

test('a word that is typed appears as a sketch, and no picture is kept', async () => {
  const before = await shown()
  await page.getByRole('checkbox', { name: 'Paint as I type' }).check()
  await expect(sketchTag()).toBeVisible()
  expect(await shown()).not.toBe(before)
  const first = await shown()
  await page.locator('.word-input').fill('山水')
  await expect.poll(shown).not.toBe(first)
  await expect(sketchTag()).toBeVisible()
  await expect(frames()).toHaveCount(1)
  // Stars and score belong to no sketch, and no key acts on the picture below it.
  await expect(toolbar().getByRole('radiogroup')).toHaveCount(0)
  await page.evaluate('document.activeElement.blur()')
  await page.keyboard.press('Delete')
  await page.keyboard.press('p')
  await expect(frames()).toHaveCount(1)
  await expect(page.locator('.repaint-bar')).toHaveCount(0)
  expect(await violations(page)).toEqual([])
})

test('a picture of the strip takes the stage, and the next edit the sketch', async () => {
  await frames().first().click()
  await expect(sketchTag()).toHaveCount(0)
  await page.locator('.word-input').fill('木')
  await expect(sketchTag()).toBeVisible()
})

test('Generate paints the sketch in full: the same seed, and then no sketch', async () => {
  const wanted = await seed().inputValue()
  await command(page, 'generate')
  await expect(frames()).toHaveCount(2)
  await expect(sketchTag()).toHaveCount(0)
  await expect(seed()).toHaveValue(wanted)
  await expect(page.locator('.sheet-of-paper img').last()).toHaveAttribute('src', /^(?!\/blobs\/)/)
})

test('without a word there is no sketch; switched off, the picture is there again', async () => {
  await page.locator('.word-input').fill('火')
  await expect(sketchTag()).toBeVisible()
  await page.locator('.word-input').fill('')
  await expect(sketchTag()).toHaveCount(0)
  await page.locator('.word-input').fill('火')
  await expect(sketchTag()).toBeVisible()
  await command(page, 'sketches')
  await expect(sketchTag()).toHaveCount(0)
  await expect(page.getByRole('checkbox', { name: 'Paint as I type' })).not.toBeChecked()
})
