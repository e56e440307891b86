/** The guide opens from the studio, in the user's language, with nothing fetched from elsewhere. */
import { existsSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { CHROMIUM, command, type Studio, startStudio, violations } from './studio.ts'

test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

let studio: Studio
test.beforeAll(async () => {
  studio = await startStudio()
})
test.afterAll(() => studio?.stop())

test('F1 opens the guide in the language of the studio, pictures included', async ({ page }) => {
  const foreign: string[] = []
  page.on('request', request => {
    if (new URL(request.url()).host !== new URL(studio.url).host) foreign.push(request.url())
  })
  await page.goto(studio.url)
  await page.locator('.map-picture img').first().waitFor()
  for (const [language, heading] of [
    ['en', 'Keeping a word legible'],
    ['ru', 'Чтобы слово читалось'],
    ['zh', '让字可读'],
  ]) {
    await command(page, `language-${language}`)
    await page.keyboard.press('F1')
    const guide = page.locator('.guide')
    await expect(guide.getByRole('heading', { name: heading })).toBeVisible()
    const pictures = guide.locator('img')
    await expect(pictures).toHaveCount(5)
    for (const picture of await pictures.all()) {
      await picture.scrollIntoViewIfNeeded()
      await expect(picture).toHaveJSProperty('complete', true)
    }
    const drawn = "[...document.querySelectorAll('.guide img')].every(image => image.naturalWidth > 100)"
    expect(await page.evaluate(drawn)).toBe(true)
    expect(await violations(page, '.guide')).toEqual([])
    await page.keyboard.press('Escape')
    await expect(guide).toHaveCount(0)
  }
  expect(foreign).toEqual([])
})
