/** A gallery of hundreds: only visible cells are in the DOM, and each of them gets its picture. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { CHROMIUM, command, fillLibrary, startStudio } from './studio.ts'

test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

const COUNT = 400

test('from the newest to the oldest and back, in leaps and by the wheel', async ({ page }) => {
  const data = mkdtempSync(join(tmpdir(), 'zihua-gallery-'))
  await fillLibrary(
    data,
    Array.from({ length: COUNT }, (_, seed) => String(seed)),
  )
  const studio = await startStudio(data)
  try {
    await page.goto(studio.url)
    await page.locator('.word-input').waitFor()
    await command(page, 'gallery')
    const cell = (word: number) => page.locator('.cell', { has: page.getByText(String(word), { exact: true }) })
    const loaded = async (word: number) => {
      await expect(cell(word)).toBeInViewport()
      await expect(cell(word).locator('img')).toHaveJSProperty('complete', true)
    }
    const scroller = page.locator('.gallery-scroll')
    await loaded(COUNT - 1)
    await scroller.evaluate(element => element.scrollTo(0, element.scrollHeight))
    await loaded(0)
    expect(await page.locator('.cell').count()).toBeLessThan(150)
    await expect(page.locator('.gallery-ground')).toBeHidden()
    await scroller.hover()
    for (let turn = 0; turn < 40; turn++) await page.mouse.wheel(0, -1000)
    await loaded(COUNT - 1)
    // After scrolling, a picture can be shown on the stage.
    await cell(COUNT - 1)
      .getByRole('button', { name: /^Show/ })
      .click()
    await expect(page.locator('.toolbar')).toBeVisible()
  } finally {
    await studio.stop()
    rmSync(data, { recursive: true, force: true })
  }
})
